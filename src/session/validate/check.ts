import { OktaElementsError, type ErrorCode } from '../../errors.js';

/** One rule. Says what is wrong and what to change, or nothing. */
export type Check<Subject, Expected = void> = (subject: Subject, expected: Expected) => string | false | undefined;

/** Rules by the name of what each refuses, in the order in which they are asked: a later one may rely on an earlier one. */
export type Checks<Subject, Expected = void> = Readonly<Record<string, Check<Subject, Expected>>>;

/** Members of a JSON object, about which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Asks every check.
 * @param what is checked, as the beginning of a sentence
 * @throws OktaElementsError with that code, naming the first check that refuses
 */
export function check<Subject, Expected>(
  code: ErrorCode,
  what: string,
  checks: Checks<Subject, Expected>,
  subject: Subject,
  expected: Expected,
): void {
  for (const [name, isWrong] of Object.entries(checks)) {
    const wrong = isWrong(subject, expected);
    if (wrong) refuse(code, what, name, wrong);
  }
}

/** What a check that is no plain function of its subject ends in. */
export function refuse(code: ErrorCode, what: string, name: string, wrong: string): never {
  throw new OktaElementsError(code, `${what} was refused (${name}): ${wrong}.`);
}

/** The members that a JSON object has itself: none that a script of the page has put on `Object.prototype`. */
export function ownMembers(answer: unknown): Members {
  return Object.assign(Object.create(null), answer) as Members;
}

/** Names by which a careless merge reaches the prototypes of everything. No token and no claim has them. */
const POLLUTING = ['__proto__', 'constructor', 'prototype'];

/** A polluting name at any depth: claims go to scripts of the page, which may merge them into objects of their own. */
export function findPollution(json: unknown): string | undefined {
  const values = [json];
  // Grows while it is read. No recursion: how deep the JSON goes is the sender's choice.
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (POLLUTING.includes(name)) return name;
      values.push(member);
    }
  }
  return undefined;
}

/** A value of the provider's, for a message: cut short, and only when it is text. */
export function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 200)}"` : typeof value;
}

/** A point in time, or a length of time, as JSON has it: seconds, finite, after the beginning. */
export function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
