import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../e2e/support/session.js';
import { widgetFixture, formIsThere, type WidgetFixture } from './support/widget-fixture.js';
import { tour, type Part } from './support/screens.js';
import { generation2Policy, NONCE, ways, written, type Policy } from './support/ways.js';

/*
 * What a page has to allow, for each way to show the widget: nothing that could be left out. That it is enough for every
 * form is in every-form.e2e.ts.
 */

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

describe('under the content security policy of its documentation', () => {
  const fixture = widgetFixture();

  for (const { name, policy, config, attributes } of ways) {
    const content = (said: Policy) => ({
      config,
      bare: true,
      headers: { 'Content-Security-Policy': written(said) },
    });

    describe(name, () => {
      it('asks no other host, and nothing is refused, also in another language', async () => {
        const page = await fixture.visit({
          ...content(policy(fixture)),
          body: `<div lang="ja"><okta-signin mode="embedded" ${attributes}></okta-signin></div>`,
        });
        await page.getByText('サインイン').first().waitFor();
        await page.evaluate(() => document.fonts.ready);
        const own = [fixture.origin, fixture.org.origin].map((origin) => new URL(origin).host);
        assert.deepEqual([...fixture.hosts(page)].sort(), own.sort());
        assert.deepEqual(fixture.refusals(page), []);
      });

      const has = policy({ origin: '', org: { origin: '' } } as WidgetFixture);
      for (const { directive, source, part } of needed.filter((each) => has[each.directive]?.includes(each.source))) {
        it(`cannot do without ${directive} ${source}`, async () => {
          const whole = policy(fixture);
          const left = (whole[directive] ?? []).filter((each) => each !== source);
          const said = { ...whole, [directive]: left.length > 0 ? left : ["'none'"] };
          const around = (tag: string) => `<div lang="de">${tag}</div>`;
          const isRefused = () => fixture.refusals(tab).some((text) => text.startsWith(directive));
          const tab = await fixture.visit({ ...content(said), body: '' });
          if (!part) {
            const body = around(`<okta-signin mode="embedded" ${attributes}></okta-signin>`);
            await fixture.revisit(tab, { ...content(said), body });
            await until(isRefused, `a refusal of ${directive}`);
            return;
          }
          // What is refused keeps some forms from coming; it is refused all the same.
          const over = new Error('it is refused');
          const oneTab = {
            org: fixture.org,
            visit: async (each: object) => {
              await fixture.revisit(tab, each);
              return tab;
            },
          };
          const options = { attributes, content: content(said), around, parts: [part], leave: async () => {} };
          await tour(oneTab, options, async () => {
            if (isRefused()) throw over;
          }).catch((error: unknown) => assert.equal(error, over));
          await until(isRefused, `a refusal of ${directive}`);
        });
      }

      it('cannot do without the org in connect-src', async () => {
        const said = { ...policy(fixture), 'connect-src': ["'self'"] };
        const page = await fixture.visit({
          ...content(said),
          body: `<okta-signin mode="embedded" ${attributes}></okta-signin>`,
        });
        await until(() => fixture.refusals(page).some((text) => text.startsWith('connect-src')), 'a refusal');
        fixture.forgive();
      });

      it('cannot do without its name in trusted-types, and says so', async () => {
        const said = { ...policy(fixture), 'trusted-types': ["'none'"] };
        const page = await fixture.visit({
          ...content(said),
          body: `<okta-signin mode="embedded" ${attributes}></okta-signin>`,
        });
        await page.locator('okta-signin[state=error]').waitFor();
        await page.locator('okta-signin').getByRole('alert').filter({ visible: true }).waitFor();
        await until(() => fixture.refusals(page).some((text) => text.startsWith('trusted-types')), 'a refusal');
      });
    });
  }

  it('generation 3 is complete, but not silent, where the page can name no nonce', async () => {
    const page = await fixture.visit({
      config: { 'widget-generation': '3' },
      bare: true,
      headers: { 'Content-Security-Policy': written(generation2Policy(fixture)) },
      body: '<okta-signin mode="embedded"></okta-signin>',
    });
    await formIsThere(page);
    const colour = await page
      .locator('main#okta-sign-in [type=submit]')
      .evaluate((button) => getComputedStyle(button).color);
    assert.equal(colour, 'rgb(255, 255, 255)');
    assert.ok(fixture.refusals(page).some((text) => text.startsWith('style-src')));
  });
});
