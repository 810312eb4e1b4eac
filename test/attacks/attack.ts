import type { AttackFixture } from './fixture.js';

/** What an attack led to. */
export interface Catch {
  /** What the attacker gained. Missing: nothing. */
  readonly loot?: string;
  /** What was observed instead, which shows that the attack ran and failed. */
  readonly instead?: string;
}

/** An attack on what the user types into the sign-in form, or on the sign-in itself. */
export interface Attack {
  readonly name: string;
  /** What the attacker is after. */
  readonly aim: string;
  /** The defence that the control lacks. Missing: the frame does not stop this attack, as documented. */
  readonly without?: string;
  /** What stops it. */
  readonly defence?: string;
  /** Runs it against the frame as it is deployed, or (`guarded` false) without its defence. */
  run(fixture: AttackFixture, guarded: boolean): Promise<Catch>;
}

/** What an attack and its control led to. */
export interface Outcome {
  readonly attack: Attack;
  readonly real: Catch;
  readonly control?: Catch;
}

/** Runs an attack and its control. @throws Error when the attack is not stopped, or its control does not succeed */
export async function run(fixture: AttackFixture, attack: Attack): Promise<Outcome> {
  const real = await attack.run(fixture, true);
  if (!attack.without) {
    if (!real.loot) throw new Error('It failed, although it is documented as not stopped. Correct the documentation.');
    return { attack, real };
  }
  const control = await attack.run(fixture, false);
  if (real.loot) throw new Error(`It succeeded: the attacker has ${real.loot}.`);
  if (!real.instead) throw new Error('It failed, and nothing was observed to stop it.');
  if (!control.loot) throw new Error('Its control failed too, so it proves nothing.');
  return { attack, real, control };
}
