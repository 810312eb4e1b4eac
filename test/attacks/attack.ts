import type { AttackFixture } from './fixture.js';

/** What came of an attack. */
export interface Catch {
  /** What the attacker has now. Missing: nothing. */
  readonly loot?: string;
  /** What was seen instead, by which the attack is known to have run and failed. */
  readonly instead?: string;
}

/** An attack on what is typed into the sign-in form, or on the sign-in itself. */
export interface Attack {
  readonly name: string;
  /** What the attacker is after. */
  readonly aim: string;
  /** What the control goes without. Missing: the frame does not stop this, and the documentation says so. */
  readonly without?: string;
  /** What stops it. */
  readonly defence?: string;
  /** Runs it: against the frame as it is deployed, or without its defence. */
  play(fixture: AttackFixture, guarded: boolean): Promise<Catch>;
}

/** How an attack went, and its control. */
export interface Outcome {
  readonly attack: Attack;
  readonly real: Catch;
  readonly control?: Catch;
}

/** @throws Error when the attack came to anything else than is said of it, or its control came to nothing */
export async function play(fixture: AttackFixture, attack: Attack): Promise<Outcome> {
  const real = await attack.play(fixture, true);
  if (!attack.without) {
    if (!real.loot) throw new Error('It is said not to be stopped, and came to nothing; say so in the documentation.');
    return { attack, real };
  }
  const control = await attack.play(fixture, false);
  if (real.loot) throw new Error(`It succeeded: the attacker has ${real.loot}.`);
  if (!real.instead) throw new Error('It came to nothing, and nothing was seen to stop it.');
  if (!control.loot) throw new Error('Its control came to nothing, so that it shows nothing.');
  return { attack, real, control };
}
