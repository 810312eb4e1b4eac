import type { BrowserContext } from 'playwright-core';
import { signIn } from './session.js';
import { ada, type Site } from './site.js';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/**
 * Returns a function that opens profiles in which Ada is signed in already. The first call signs her in. All profiles
 * share one refresh token, which the org accepts once, so tests that renew tokens must sign in themselves.
 */
export function signedInProfiles(site: Site): () => Promise<BrowserContext> {
  let state: StorageState | undefined;
  return async () => {
    state ??= await signInOnce(site);
    return site.profile(undefined, { storageState: state });
  };
}

async function signInOnce(site: Site): Promise<StorageState> {
  // Another path than the tests use, because the first one calls this after it has written its pages.
  site.page('/sign-in-once', { config: { 'redirect-uri': '/callback' } });
  site.page('/callback');
  const profile = await site.profile(ada);
  const page = await site.open(profile, '/sign-in-once');
  await signIn(page, ada);
  const state = await profile.storageState();
  await profile.close();
  return state;
}
