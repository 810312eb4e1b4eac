import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { framedSite, inFrame, places, withApp, type FramedSite, type Place } from './support/framed.js';
import { Steps } from './support/steps.js';

type Content = Parameters<FramedSite['visit']>[0];

async function opened(site: FramedSite, content?: Content): Promise<Steps> {
  const page = await site.visit(content);
  const form = inFrame(page);
  await form.locator('input[name=identifier]').waitFor();
  return new Steps(site, page, form);
}

/** At the second factor. */
async function halfway(site: FramedSite, user: { login: string; password: string }, content?: Content): Promise<Steps> {
  const steps = await opened(site, content);
  await steps.signIn(user.login, user.password);
  await steps.form.locator('input[name="credentials.passcode"]:not([type=password])').waitFor();
  return steps;
}

const stored = (page: Page) => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
const reloadFrame = async (page: Page) => page.frames()[1]!.evaluate(() => location.reload());

for (const generation of [2, 3] as const) {
  for (const place of Object.keys(places) as Place[]) {
    describe(`generation ${generation} in a frame, ${place}`, () => {
      const site = framedSite({ generation, place });
      // A browser that keeps storage from frames of other sites has nothing to go on with.
      const thirdParty = place === 'cross-site';

      it('signs in with a password', async () => {
        const steps = await opened(site);
        const { page } = steps;
        await page.evaluate(() => {
          const seen: string[] = ((globalThis as { seen?: string[] }).seen = []);
          for (const type of ['okta-widget-render', 'okta-signin-success', 'okta-error'])
            document.addEventListener(type, () => seen.push(type));
        });
        await steps.signIn('ada@example.com', 'ada-password');
        await steps.isSignedIn('Ada Lovelace');
        const seen = await page.evaluate(() => (globalThis as { seen?: string[] }).seen);
        assert.ok(seen?.includes('okta-signin-success'), String(seen));
        assert.doesNotMatch(await stored(page), /ada-password|codeVerifier/);
      });

      it('signs in with a second factor', async () => {
        const steps = await halfway(site, withApp.alan);
        await steps.totp();
        await steps.isSignedIn(withApp.alan.name);
      });

      it('goes on where it was when the page is loaded again', async () => {
        const steps = await halfway(site, withApp.barbara, { thirdParty });
        await steps.page.reload();
        await steps.totp();
        await steps.isSignedIn(withApp.barbara.name);
      });

      it('goes on where it was when the frame is loaded again', async () => {
        const steps = await halfway(site, withApp.edsger, { thirdParty });
        await reloadFrame(steps.page);
        await steps.totp();
        await steps.isSignedIn(withApp.edsger.name);
      });

      if (place === 'cross-site') {
        it('begins again when it is loaded again, where the browser keeps storage from it', async () => {
          const steps = await halfway(site, withApp.barbara);
          await reloadFrame(steps.page);
          await steps.signIn('ada@example.com', 'ada-password');
          await steps.isSignedIn('Ada Lovelace');
        });
      }

      it('shows what was wrong, in the form', async () => {
        const steps = await opened(site);
        await steps.signIn('ada@example.com', 'not-her-password');
        await steps.form
          .getByText(/unable to sign in|password is incorrect|no match/i)
          .first()
          .waitFor();
        await steps.signIn('ada@example.com', 'ada-password');
        await steps.isSignedIn('Ada Lovelace');
      });
    });
  }
}
