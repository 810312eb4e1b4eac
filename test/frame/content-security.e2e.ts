import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import { field } from '../widget/support/flows.js';
import { tour } from '../widget/support/screens.js';
import { frameOf, framedSite, inFrame, type FramedSite } from './support/framed.js';

/** Notes what the browser refuses, in the page and in its frame. */
function refusals(): { seen: string[]; before(page: Page): Promise<void> } {
  const seen: string[] = [];
  return {
    seen,
    async before(page) {
      page.on('console', (message) => {
        if (/content security policy|trusted ?(types|html|script)|integrity/i.test(message.text())) {
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

/** What a page has to allow: no more than for hosted sign-in, and the frame. */
const ofPage = (site: FramedSite) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${site.org.origin}`,
    `frame-src ${new URL(site.frame).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** Where a logo may be: beside the frame, and on another origin. */
const logos: Record<string, (site: FramedSite) => string> = {
  'beside it': () => '/widget/img/logo_widgico.png',
  elsewhere: ({ elsewhere }) => `${elsewhere}/logo.gif`,
};

for (const generation of [2, 3] as const) {
  for (const [where, logoOf] of Object.entries(logos)) {
    describe(`a frame with generation ${generation} whose settings name a logo ${where}`, () => {
      const site = framedSite({
        generation,
        settings: (right) => ({ ...right, widgetOptions: { logo: logoOf(site), logoText: 'The shop' } }),
      });

      it('shows it', async () => {
        const { seen, before } = refusals();
        const { form } = await site.visit({ before });
        const logo = form.getByRole('img', { name: 'The shop' });
        await logo.waitFor({ timeout: 40_000 });
        // A picture that was refused has no size of its own.
        const width = () => logo.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0));
        await until(async () => (await width()) > 0 || seen.length > 0, 'the picture');
        assert.deepEqual(seen, []);
      });
    });
  }

  describe(`the headers of a frame with generation ${generation}`, () => {
    const site = framedSite({ generation });

    it('let every form be shown, and nothing is refused, there and in a page that allows the frame', async () => {
      const { seen, before } = refusals();
      let screens = 0;
      const tourSite = {
        org: site.org,
        visit: async (content: object, options: object) => (await site.visit({ ...content, ...options })).page,
      };
      const content = { bare: true, headers: { 'Content-Security-Policy': ofPage(site) } };
      const attributes = 'isolation="frame"';
      await tour(tourSite, { attributes, content, before, frame: inFrame }, async (screen, page) => {
        screens += 1;
        await frameOf(page).evaluate(() => document.fonts.ready);
        assert.deepEqual(seen, [], screen);
      });
      assert.ok(screens >= 20);
    });

    const files =
      generation === 2
        ? { script: '**/widget.*.js', stylesheet: '**/okta-sign-in.css', 'own script': '**/frame.js' }
        : { script: '**/widget-3.js' };
    for (const [what, file] of Object.entries(files)) {
      it(`have no ${what} run that was changed on its way`, async () => {
        const { seen, before } = refusals();
        const visit = await site.visit({
          config: { 'request-timeout': '4000' },
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
        await visit.page.locator('okta-signin[state=error]').waitFor();
        await until(() => seen.some((text) => /integrity/i.test(text)), 'a word of the browser');
        assert.equal(await field(visit.form, 'name').count(), 0);
        site.forgive();
      });
    }
  });
}
