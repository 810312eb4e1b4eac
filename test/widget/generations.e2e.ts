import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ada } from '../e2e/support/page-fixture.js';
import { until } from '../e2e/support/session.js';
import {
  widgetFixture,
  formIsThere,
  generations,
  isSignedIn,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';

/** Collects what a page writes to the console. */
function readConsole(): { readonly seen: string[]; before(page: Page): Promise<void> } {
  const seen: string[] = [];
  return {
    seen,
    async before(page) {
      page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`));
    },
  };
}

describe('the embedded widget', () => {
  const fixture = widgetFixture();

  for (const generation of generations) {
    describe(`of generation ${generation}`, () => {
      const config = { 'widget-generation': generation };

      it('signs in, with tokens that have passed every check, and leaves the title as it is', async () => {
        const page = await fixture.visit({
          config,
          head: `<script>
            globalThis.heard = [];
            for (const type of ['okta-signin-start', 'okta-widget-ready', 'okta-widget-render', 'okta-signin-success', 'okta-error'])
              document.addEventListener(type, (event) => heard.push([type, event.form, event.user?.email].filter(Boolean).join(' ')));
          </script>`,
          body: WIDGET_PAGE,
        });
        await formIsThere(page);
        assert.equal(await page.title(), '/');
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
        assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard), [
          'okta-signin-start',
          'okta-widget-ready',
          'okta-widget-render identify',
          `okta-signin-success ${ada.login}`,
        ]);
        assert.equal(await page.title(), '/');
        assert.equal(await page.locator('main').count(), 0);
      });

      it('writes what Okta says to the console when it rejects the sign-in', async () => {
        const { before, seen } = readConsole();
        const page = await fixture.visit(
          { config: { ...config, 'redirect-uri': '/not-registered' }, body: WIDGET_PAGE },
          { before },
        );
        await page.locator('okta-signin[state=error]').waitFor();
        await until(() => seen.some((text) => /redirect_uri/.test(text)), 'the error of Okta');
        assert.equal(await page.locator('main').count(), 0);
      });

      it('writes what to check to the console when Okta does not answer, and can be retried', async () => {
        const { before, seen } = readConsole();
        fixture.org.faults.set('interact', { cors: false });
        const page = await fixture.visit({ config, body: WIDGET_PAGE }, { before });
        await page.locator('okta-signin[state=error]').waitFor();
        await until(() => seen.some((text) => /Okta did not answer.*Trusted Origins/.test(text)), 'what to check');
        fixture.org.faults.clear();
        await page.getByRole('button', { name: 'Sign in' }).click();
        await formIsThere(page);
      });

      it('offers hosted sign-in where the org has no Identity Engine, and says so in the console', async () => {
        const { before, seen } = readConsole();
        fixture.org.faults.set('interact', { status: 404, body: '{}' });
        const page = await fixture.visit({ config, body: WIDGET_PAGE }, { before });
        await page.locator('okta-signin[state=error]').waitFor();
        await until(
          () => seen.some((text) => /404: .*no Okta Identity Engine.*mode="hosted"/.test(text)),
          'the reason',
        );
        const asked = page.waitForRequest(/\/v1\/authorize/);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await asked;
      });

      const warns = generation === '3';
      it(`${warns ? 'warns developers once' : 'does not warn developers'} that Okta does not support it here`, async () => {
        const { before, seen } = readConsole();
        const page = await fixture.visit(
          {
            config,
            head: `<script>
              globalThis.mounted = 0;
              document.addEventListener('okta-widget-ready', () => (mounted += 1));
            </script>`,
            body: WIDGET_PAGE,
          },
          { before },
        );
        const mounted = (times: number) =>
          page.waitForFunction((count) => (globalThis as unknown as { mounted: number }).mounted === count, times);
        await mounted(1);
        // Another language remounts the widget.
        await page.evaluate(() => (document.documentElement.lang = 'de'));
        await mounted(2);
        const warnings = seen.filter((text) => /^warning: .*Okta supports generation 3/.test(text));
        assert.equal(warnings.length, warns ? 1 : 0);
      });
    });
  }
});
