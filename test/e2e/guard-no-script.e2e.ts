import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { paintedDuring } from './frames.js';
import { ada, pageFixture } from './support/page-fixture.js';

const MARKED = 'style="background: rgb(255, 0, 255); height: 200px"';
const BODY = `
  <okta-guard id="plain"><p class="guarded" ${MARKED}>In the page</p></okta-guard>
  <okta-guard id="negative" groups="Nobody"><p slot="denied" class="guarded" ${MARKED}>A slot</p></okta-guard>
  <okta-guard id="later"><template><p class="guarded" ${MARKED}>In a template</p></template></okta-guard>
  <p id="rest">For everybody</p>`;

describe('guarded content without the script', () => {
  const fixture = pageFixture();

  const twoFrames = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))));

  /** Why a script is missing: how its request is answered. */
  const ways: Record<string, (profile: BrowserContext) => Promise<unknown>> = {
    'is blocked': (profile) => profile.route('**/okta-elements/**', (route) => route.abort('blockedbyclient')),
    'fails late': (profile) =>
      profile.route('**/okta-elements/**', async (route) => {
        // A module script does not block the parser: the page is there, and painted, before the answer.
        await route.request().frame().locator('#rest').waitFor();
        await route.request().frame().evaluate(twoFrames);
        await route.fulfill({ status: 503 });
      }),
    'breaks off': (profile) =>
      profile.route('**/okta-elements/okta-elements.js', async (route) => {
        const response = await route.fetch();
        const text = await response.text();
        await route.fulfill({ response, body: text.slice(0, text.length / 2) });
      }),
    'is against the policy of the page': (profile) =>
      profile.route(`${fixture.origin}/`, async (route) => {
        const response = await route.fetch();
        const headers = { ...response.headers(), 'content-security-policy': "script-src 'none'" };
        await route.fulfill({ response, headers });
      }),
  };

  async function assertHidden(page: Page): Promise<void> {
    await page.locator('#rest').waitFor();
    assert.equal(await page.locator('.guarded').filter({ visible: true }).count(), 0);
    const tree = await page.locator('body').ariaSnapshot();
    assert.match(tree, /For everybody/);
    assert.doesNotMatch(tree, /In the page|A slot|In a template/);
  }

  for (const [what, prepare] of Object.entries(ways)) {
    it(`stays hidden in every frame when the script ${what}`, async () => {
      fixture.page('/', { body: BODY });
      const profile = await fixture.profile(ada);
      await prepare(profile);
      const page = await profile.newPage();
      const shares = await paintedDuring(page, async () => {
        await page.goto(fixture.origin);
        await assertHidden(page);
        await page.evaluate(twoFrames);
      });
      assert.ok(shares.length > 0, 'frames were captured');
      assert.deepEqual(
        shares.filter((share) => share > 0),
        [],
      );
      assert.equal(await page.evaluate(() => document.querySelectorAll(':defined').length > 0), true);
      assert.equal(await page.evaluate(() => document.querySelectorAll('okta-guard:defined').length), 0);
      fixture.forgive();
    });
  }

  it('stays hidden when JavaScript is off', async () => {
    fixture.page('/', { body: BODY });
    const profile = await fixture.browser.newContext({ javaScriptEnabled: false });
    const page = await profile.newPage();
    await page.goto(fixture.origin);
    await page.locator('#rest').waitFor();
    assert.equal(await page.locator('.guarded').filter({ visible: true }).count(), 0);
  });

  it('is visible without the style rule, so the rule hides it', async () => {
    fixture.page('/', { body: `<style>okta-guard:not(:defined) { display: block !important }</style>${BODY}` });
    const profile = await fixture.profile(ada);
    await profile.route('**/okta-elements/**', (route) => route.abort());
    const page = await profile.newPage();
    await page.goto(fixture.origin);
    await page.locator('#plain .guarded').waitFor();
  });
});
