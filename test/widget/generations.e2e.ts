import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ada } from '../e2e/support/page-fixture.js';
import {
  widgetFixture,
  formIsThere,
  generations,
  isSignedIn,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';

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

      it('says what Okta says when it refuses the sign-in', async () => {
        const page = await fixture.visit({
          config: { ...config, 'redirect-uri': '/not-registered' },
          body: WIDGET_PAGE,
        });
        await page.locator('okta-signin[state=error]').waitFor();
        await page.getByText(/redirect_uri/).waitFor();
        assert.equal(await page.locator('main').count(), 0);
      });

      it('says what to check when Okta does not answer, and can be tried again', async () => {
        const page = await fixture.visit(
          {
            config,
            body: WIDGET_PAGE,
          },
          { before: async () => void fixture.org.faults.set('interact', { cors: false }) },
        );
        await page.getByText(/Trusted Origins/).waitFor();
        fixture.org.faults.clear();
        await page.getByRole('button', { name: 'Sign in' }).click();
        await formIsThere(page);
      });
    });
  }
});
