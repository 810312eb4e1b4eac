import type { BrowserContext } from 'playwright-core';
import { decryptStored, plantable, plantIn, type PlantedSession } from '../../support/pages/planted-session.js';
import { signIn } from './session.js';
import { ada, type PageFixture } from './page-fixture.js';

/**
 * Returns a function that opens profiles in which Ada is signed in already. The first call signs her in. All profiles
 * share one refresh token, which the org accepts once, so tests that renew tokens must sign in themselves.
 */
export function signedInProfiles(fixture: PageFixture): () => Promise<BrowserContext> {
  let session: PlantedSession | undefined;
  return async () => {
    session ??= await signInOnce(fixture);
    const profile = await fixture.profile(ada);
    // Once for the profile, not once for each tab: tests sign out in one tab and open another.
    const page = await fixture.open(profile, '/planted');
    await plantIn(page, session);
    await page.close();
    return profile;
  };
}

async function signInOnce(fixture: PageFixture): Promise<PlantedSession> {
  // Another path than the tests use, because the first one calls this after it has written its pages.
  fixture.page('/sign-in-once', { config: { 'redirect-uri': '/callback' } });
  fixture.page('/callback');
  const profile = await fixture.profile(ada);
  const page = await fixture.open(profile, '/sign-in-once');
  await signIn(page, ada);
  const items = await page.evaluate(() => ({ ...localStorage }));
  const planted = await plantable(items, await page.evaluate(decryptStored));
  await profile.close();
  return planted;
}
