import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import { embeddedSite, formIsThere, type EmbeddedSite } from './support/embedded.js';
import { tour, type Part } from './support/screens.js';
import { closeContexts } from '../support/pages/close-contexts.js';

/* What a page has to allow, for each way to show the widget: all of it, and nothing that could be left out. */

type Policy = Record<string, readonly string[]>;

const NONCE = 'n1';

/** As `stories/docs/content-security.md` has it. */
const generation2 = ({ org }: EmbeddedSite): Policy => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'", org.origin],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['okta-elements-widget'],
});

const generation3 = (site: EmbeddedSite): Policy => ({
  ...generation2(site),
  'style-src': [`'nonce-${NONCE}'`],
  'img-src': ['data:'],
});

const ways = [
  { name: 'generation 2', policy: generation2, config: { 'widget-generation': '2' }, attributes: '' },
  { name: 'generation 3', policy: generation3, config: { 'widget-generation': '3', nonce: NONCE }, attributes: '' },
  {
    name: 'generation 3 in a shadow root',
    policy: generation3,
    config: { nonce: NONCE },
    attributes: 'isolation="shadow"',
  },
];

/** Sources without which something is refused, and the part of the tour that shows it. */
const needed: { directive: string; source: string; part?: Part }[] = [
  { directive: 'script-src', source: "'self'" },
  { directive: 'style-src', source: "'self'" },
  { directive: 'style-src', source: `'nonce-${NONCE}'` },
  { directive: 'font-src', source: "'self'" },
  { directive: 'img-src', source: "'self'", part: 'sign-up' },
  { directive: 'img-src', source: 'data:', part: 'factors to set up' },
  { directive: 'connect-src', source: "'self'" },
];

const written = (policy: Policy) =>
  Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');

/** Notes what the browser refuses, in the page and on its console. */
function refusals(): { seen: string[]; before(page: Page): Promise<void> } {
  const seen: string[] = [];
  return {
    seen,
    async before(page) {
      page.on('console', (message) => {
        if (/content security policy|trusted ?(types|html|script)/i.test(message.text())) seen.push(message.text());
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

describe('under the content security policy of its documentation', () => {
  const site = embeddedSite();

  for (const { name, policy, config, attributes } of ways) {
    const content = (said: Policy) => ({
      config,
      bare: true,
      headers: { 'Content-Security-Policy': written(said) },
    });

    describe(name, () => {
      it('shows every form, nothing is refused, and nobody else is asked', async () => {
        const { seen, before } = refusals();
        const hosts = new Set<string>();
        const own = [site.origin, site.org.origin].map((origin) => new URL(origin).host).sort();
        let screens = 0;
        const options = { attributes, content: content(policy(site)), before };
        await tour(site, { ...options, around: (tag) => `<div lang="ja">${tag}</div>`, parts: ['sign-up'] }, look);
        await tour(site, options, look);
        assert.ok(screens >= 20);

        async function look(screen: string, page: Page): Promise<void> {
          screens += 1;
          await page.evaluate(() => document.fonts.ready);
          assert.deepEqual(seen, [], screen);
          for (const host of site.hosts(page)) hosts.add(host);
          assert.deepEqual([...hosts].sort(), own, screen);
        }
      });

      const has = policy({ origin: '', org: { origin: '' } } as EmbeddedSite);
      for (const { directive, source, part } of needed.filter((each) => has[each.directive]?.includes(each.source))) {
        it(`cannot do without ${directive} ${source}`, async () => {
          const whole = policy(site);
          const left = (whole[directive] ?? []).filter((each) => each !== source);
          const { seen, before } = refusals();
          const said = { ...whole, [directive]: left.length > 0 ? left : ["'none'"] };
          // What is refused keeps some forms from coming; it is refused all the same.
          const parts: Part[] = [part ?? 'sign-in with two factors'];
          const around = (tag: string) => `<div lang="de">${tag}</div>`;
          const going = tour(site, { attributes, content: content(said), around, parts, before }, async () => {});
          going.catch(() => {});
          await until(() => seen.some((text) => text.startsWith(directive)), `a refusal of ${directive}`);
          await closeContexts(site.browser.contexts());
          await going.catch(() => {});
        });
      }

      it('cannot do without the org in connect-src', async () => {
        const { seen, before } = refusals();
        const said = { ...policy(site), 'connect-src': ["'self'"] };
        await site.visit(
          { ...content(said), body: `<okta-signin mode="embedded" ${attributes}></okta-signin>` },
          { before },
        );
        await until(() => seen.some((text) => text.startsWith('connect-src')), 'a refusal');
        site.forgive();
      });

      it('cannot do without its name in trusted-types, and says so', async () => {
        const { seen, before } = refusals();
        const said = { ...policy(site), 'trusted-types': ["'none'"] };
        const page = await site.visit(
          { ...content(said), body: `<okta-signin mode="embedded" ${attributes}></okta-signin>` },
          { before },
        );
        await page.locator('okta-signin[state=error]').waitFor();
        await page.getByText('add okta-elements-widget to its trusted-types').waitFor();
        await until(() => seen.some((text) => text.startsWith('trusted-types')), 'a refusal');
      });
    });
  }

  it('generation 3 is complete, but not silent, where the page can name no nonce', async () => {
    const { seen, before } = refusals();
    const page = await site.visit(
      {
        config: { 'widget-generation': '3' },
        bare: true,
        headers: { 'Content-Security-Policy': written(generation2(site)) },
        body: '<okta-signin mode="embedded"></okta-signin>',
      },
      { before },
    );
    await formIsThere(page);
    const colour = await page
      .locator('main#okta-sign-in [type=submit]')
      .evaluate((button) => getComputedStyle(button).color);
    assert.equal(colour, 'rgb(255, 255, 255)');
    assert.ok(seen.some((text) => text.startsWith('style-src')));
  });
});
