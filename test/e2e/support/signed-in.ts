import type { BrowserContext } from 'playwright-core';
import { signIn } from './session.js';
import { ada, type PageFixture } from './page-fixture.js';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/**
 * Returns a function that opens profiles in which Ada is signed in already. The first call signs her in. All profiles
 * share one refresh token, which the org accepts once, so tests that renew tokens must sign in themselves.
 */
export function signedInProfiles(fixture: PageFixture): () => Promise<BrowserContext> {
  let state: StorageState | undefined;
  return async () => {
    state ??= await signInOnce(fixture);
    return fixture.profile(undefined, { storageState: state });
  };
}

async function signInOnce(fixture: PageFixture): Promise<StorageState> {
  // Another path than the tests use, because the first one calls this after it has written its pages.
  fixture.page('/sign-in-once', { config: { 'redirect-uri': '/callback' } });
  fixture.page('/callback');
  const profile = await fixture.profile(ada);
  const page = await fixture.open(profile, '/sign-in-once');
  await signIn(page, ada);
  const state = await profile.storageState();
  await profile.close();
  return state;
}
