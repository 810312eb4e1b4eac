import type { BrowserContext, Page, Route } from 'playwright-core';

/** Token requests that stay unanswered until the test releases them. */
export interface HeldRequests {
  /** Resolves as soon as a request is held. */
  readonly first: Promise<void>;
  /** Lets the held requests, and all later ones, through to the org. */
  release(): Promise<void>;
}

/** Holds the token requests of a grant type that the pages of a profile send from now on. */
export async function holdTokenRequests(profile: BrowserContext, grantType = 'refresh_token'): Promise<HeldRequests> {
  const held: Route[] = [];
  let open = false;
  let onFirst!: () => void;
  const first = new Promise<void>((resolve) => (onFirst = resolve));
  await profile.route('**/v1/token', async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    if (open || form.get('grant_type') !== grantType) return route.continue();
    held.push(route);
    onFirst();
  });
  return {
    first,
    async release() {
      open = true;
      // A page that has left does not wait for its answer.
      await Promise.all(held.splice(0).map((route) => route.continue().catch(() => undefined)));
    },
  };
}

/** Counts the holders and waiters of the lock that renewals of an origin take. */
export function renewalLocks(page: Page): Promise<{ held: number; pending: number }> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    const count = (locks: LockInfo[]) => locks.filter(({ name }) => name?.endsWith(':renewal')).length;
    return { held: count(held), pending: count(pending) };
  });
}
