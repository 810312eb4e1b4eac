import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ada } from '../e2e/support/page-fixture.js';
import {
  widgetFixture,
  formIsThere,
  generations,
  isSignedIn,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';

const docs = readFileSync(new URL('../../stories/docs/content-security.md', import.meta.url), 'utf8');
/** The default policy that the documentation has for a widget from elsewhere. */
const DEFAULT_POLICY = /```js\n(trustedTypes\.createPolicy\('default'[\s\S]*?)```/.exec(docs)![1]!;

const headers = (names: string) => ({
  'Content-Security-Policy': `require-trusted-types-for 'script'; trusted-types ${names}`,
});

/** What a script of the page is told when it writes HTML as text. */
const write = (page: Page, html = '<b>text</b>') =>
  page.evaluate((text) => {
    try {
      document.createElement('p').innerHTML = text;
      return 'written';
    } catch (error) {
      return (error as Error).name;
    }
  }, html);

describe('where only trusted texts may be written as HTML', () => {
  const fixture = widgetFixture();

  for (const generation of generations) {
    it(`generation ${generation} signs in, and every other script is refused as before`, async () => {
      const page = await fixture.visit({
        config: { 'widget-generation': generation },
        headers: headers('okta-elements-widget'),
        body: WIDGET_PAGE,
      });
      await formIsThere(page);
      assert.equal(await write(page), 'TypeError');
      const policies = await page.evaluate(() => {
        const { trustedTypes } = globalThis as unknown as {
          trustedTypes: { defaultPolicy: unknown; createPolicy(name: string, rules: object): unknown };
        };
        try {
          trustedTypes.createPolicy('okta-elements-widget', {});
          return 'made again';
        } catch {
          return trustedTypes.defaultPolicy;
        }
      });
      assert.equal(policies, null, 'there is no default policy, and nobody can make the widget’s');
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
    });

    it(`Okta’s own build of generation ${generation} needs the default policy of the documentation`, async () => {
      const build = generation === '2' ? 'okta-sign-in.oie.min.js' : 'okta-sign-in.next.no-polyfill.js';
      const page = await fixture.visit({
        config: { 'widget-src': fixture.cdn.script(build) },
        headers: headers('default okta-elements dompurify'),
        head: `<script>${DEFAULT_POLICY}</script>`,
        body: WIDGET_PAGE,
      });
      await formIsThere(page);
      for (const html of ['<script>1</script>', '<img src=x onerror=1>', '<a href="javascript:1">x</a>']) {
        assert.equal(await write(page, html), 'TypeError', html);
      }
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
      await page.locator('okta-signin').evaluate((element) => element.remove());
      assert.equal(await write(page), 'TypeError');
    });
  }
});
