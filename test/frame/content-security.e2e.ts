import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import { field } from '../widget/support/flows.js';
import { tour, type Part } from '../widget/support/screens.js';
import { frameOf, frameFixture, inFrame, type FrameFixture } from './support/frame-fixture.js';

/** Collects the violations in the page and in its frame. */
function refusals(): { seen: string[]; before(page: Page): Promise<void> } {
  const seen: string[] = [];
  return {
    seen,
    async before(page) {
      page.on('console', (message) => {
        if (
          /content security policy|trusted ?(types|html|script)|integrity|permissions.policy|unrecognized feature/i.test(
            message.text(),
          )
        ) {
          seen.push(message.text());
        }
      });
      await page.exposeFunction('noteRefusal', (text: string) => void seen.push(text));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
          (globalThis as unknown as { noteRefusal(text: string): void }).noteRefusal(
            `${effectiveDirective} refuses ${blockedURI} ${sample}`,
          );
        });
      });
    },
  };
}

/** The policy of the page: the one for hosted sign-in, and the frame. */
const ofPage = (fixture: FrameFixture) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${fixture.org.origin}`,
    `frame-src ${new URL(fixture.frame).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** Forms of each generation. The page and the frame load the same widget, so the page tests go through all forms. */
const parts: Record<2 | 3, readonly Part[]> = {
  2: ['sign-in with two factors', 'sign-up', 'factors to set up'],
  3: ['factors to set up'],
};

describe('the headers of a frame', () => {
  const fixture = frameFixture();

  for (const generation of [2, 3] as const) {
    it(`allow the forms and the logo of generation ${generation}`, async () => {
      const logo = `${fixture.elsewhere}/logo.gif`;
      await fixture.deploy({
        generation,
        settings: (right) => ({ ...right, widgetOptions: { logo, logoText: 'The shop' } }),
      });
      const { seen, before: collect } = refusals();
      let isWarned = false;
      const before = async (page: Page) => {
        page.on('console', (message) => (isWarned ||= /Okta supports generation 3/.test(message.text())));
        await collect(page);
      };
      let screens = 0;
      const tourSite = {
        org: fixture.org,
        visit: async (content: object, options: object) => (await fixture.visit({ ...content, ...options })).page,
      };
      const content = { bare: true, headers: { 'Content-Security-Policy': ofPage(fixture) } };
      const attributes = 'isolation="frame"';
      const options = { attributes, content, before, frame: inFrame, parts: parts[generation] };
      await tour(tourSite, options, async (screen, page) => {
        screens += 1;
        await frameOf(page).evaluate(() => document.fonts.ready);
        if (screens === 1) await showsLogo(page);
        assert.deepEqual(seen, [], screen);
      });
      assert.ok(screens >= 4);
      assert.equal(isWarned, generation === 3);
    });
  }

  it('give no opener a handle on the page in a window', async () => {
    const page = await (await fixture.profile()).newPage();
    fixture.page('/', { bare: true });
    await page.goto(`${fixture.app}/`);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((address) => void Object.assign(globalThis, { opened: window.open(address) }), fixture.frame),
    ]);
    await popup.getByText('shown inside a page of its own application').waitFor();
    assert.equal(await popup.evaluate(() => window.opener), null);
    assert.ok(await page.evaluate(() => (globalThis as unknown as { opened: Window }).opened.closed));
    fixture.forgive();
  });

  it('keep other origins from loading the files of the frame', async () => {
    const page = await (await fixture.profile()).newPage();
    fixture.page('/', { bare: true });
    await page.goto(`${fixture.app}/`);
    const load = (address: string) =>
      page.evaluate(
        (file) =>
          fetch(file, { mode: 'no-cors' }).then(
            () => 'loaded',
            () => 'blocked',
          ),
        address,
      );
    for (const file of ['frame.js', 'okta-frame.json']) assert.equal(await load(fixture.frame + file), 'blocked', file);
    // The control: without the header, the browser loads them.
    await fixture.deploy({ headers: (right) => ({ ...right, 'Cross-Origin-Resource-Policy': 'cross-origin' }) });
    assert.equal(await load(`${fixture.frame}frame.css`), 'loaded');
    fixture.forgive();
  });

  it('deny the camera and leave passkeys to the form', async () => {
    const view = await fixture.visit();
    await field(view.form, 'name').waitFor();
    const allowed = await frameOf(view.page).evaluate(() =>
      (document as unknown as { featurePolicy: { allowedFeatures(): string[] } }).featurePolicy.allowedFeatures(),
    );
    for (const name of ['publickey-credentials-get', 'publickey-credentials-create', 'clipboard-write']) {
      assert.ok(allowed.includes(name), name);
    }
    for (const name of ['camera', 'payment', 'fullscreen', 'picture-in-picture', 'gamepad']) {
      assert.ok(!allowed.includes(name), name);
    }
  });

  /** A picture that the policy blocks has no size of its own. */
  async function showsLogo(page: Page): Promise<void> {
    const logo = inFrame(page).getByRole('img', { name: 'The shop' });
    await until(() => logo.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0), 'the logo');
  }

  const files = { script: '**/widget.*.js', stylesheet: '**/okta-sign-in.css', 'own script': '**/frame.js' };
  for (const [what, file] of Object.entries(files)) {
    it(`block a changed ${what}`, async () => {
      const { seen, before } = refusals();
      const view = await fixture.visit({
        config: { 'request-timeout': '2000' },
        async before(page) {
          await before(page);
          await page.route(file, async (route) => {
            const path = new URL(route.request().url()).pathname;
            const text = readFileSync(new URL(`../../dist/frame${path}`, import.meta.url), 'utf8');
            const contentType = path.endsWith('.css') ? 'text/css' : 'text/javascript';
            await route.fulfill({ contentType, body: `${text}\n/* and more */` });
          });
        },
      });
      await view.page.locator('okta-signin[state=error]').waitFor();
      await until(() => seen.some((text) => /integrity/i.test(text)), 'the message of the browser');
      assert.equal(await field(view.form, 'name').count(), 0);
      fixture.forgive();
    });
  }
});
