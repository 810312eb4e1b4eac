/*
 * The widget finds its form by its id, keeps one sign-in, and was made for one form on a page. So there is one place,
 * and who wants it while it is taken waits.
 */

let owner: object | undefined;
let leaving: ReturnType<typeof setTimeout> | undefined;
/** Longest first. */
const waiting = new Map<object, () => void>();

/** @returns whether the place is now `who`'s */
export function takePlace(who: object): boolean {
  if (owner && owner !== who) return false;
  clearTimeout(leaving);
  owner = who;
  waiting.delete(who);
  return true;
}

/** Gives the place to who has waited longest, unless `who` takes it again in this task: to show another form. */
export function leavePlace(who: object): void {
  if (owner !== who) return;
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    owner = undefined;
    const [next] = waiting;
    if (!next) return;
    waiting.delete(next[0]);
    next[1]();
  });
}

/** Calls `listener` once, when the place is free and it is `who`'s turn. */
export function awaitPlace(who: object, listener: () => void): void {
  waiting.set(who, listener);
}

/** Waits no longer. */
export function forgoPlace(who: object): void {
  waiting.delete(who);
}
