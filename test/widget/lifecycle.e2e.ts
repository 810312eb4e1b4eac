import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import { ada } from '../e2e/support/page-fixture.js';
import { people, REDIRECT_URI } from '../org/support/app.js';
import {
  widgetFixture,
  failure,
  formIsThere,
  generations,
  identifier,
  isSignedIn,
  NOTE_ERRORS,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';

/** Shows the widget and takes it away, and waits for both. */
async function cycle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const element = document.createElement('okta-signin');
    element.setAttribute('mode', 'embedded');
    const ready = new Promise((resolve) => element.addEventListener('okta-widget-ready', resolve, { once: true }));
    document.querySelector('#place')!.append(element);
    await ready;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
  });
}

interface Counters {
  nodes: number;
  listeners: number;
  heap: number;
}

/** What is in the browser for this page, with what nobody can reach left out. */
async function counters(page: Page): Promise<Counters> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  for (let times = 0; times < 3; times += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return { nodes: value('Nodes'), listeners: value('JSEventListeners'), heap: value('JSHeapUsedSize') };
}

/** What is left when nothing more goes: the widget puts some of its clean-up off, by up to a second. */
async function leastCounters(page: Page): Promise<Counters> {
  let [least, since] = [await counters(page), performance.now()];
  while (performance.now() - since < 1200) {
    const now = await counters(page);
    if (now.nodes < least.nodes || now.listeners < least.listeners) since = performance.now();
    least = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return least;
}

const storage = (page: Page) =>
  page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean));

describe('the embedded widget comes and goes', () => {
  const clients = [...people.clients, { id: 'other', label: 'Another app', redirectUris: [REDIRECT_URI] }];
  const fixture = widgetFixture({ seed: { clients } });

  for (const generation of generations) {
    describe(`generation ${generation}`, () => {
      const config = { 'widget-generation': generation };
      const cycles = generation === '2' ? 50 : 25;

      it(`leaves nothing behind over ${cycles} times`, async () => {
        const page = await fixture.visit({ config, body: '<div id="place"></div>' }, { fresh: true });
        const text = () => page.evaluate(() => document.documentElement.outerHTML);
        const styles = () =>
          page.evaluate(() => [document.styleSheets.length, document.adoptedStyleSheets.length, document.fonts.size]);
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        for (let times = 0; times < 5; times += 1) await cycle(page);
        const [before, html, sheets] = [await leastCounters(page), await text(), await styles()];
        asked.length = 0;
        for (let times = 0; times < cycles; times += 1) await cycle(page);
        const requests = [...new Set(asked)].map(
          (path) => [path, asked.filter((each) => each === path).length] as const,
        );
        asked.length = 0;
        // A leak of one node or listener a time would be as many as there were cycles. What is kept once is no leak; what
        // is kept each time would be that many forms, of several hundred KB each.
        const most = {
          nodes: before.nodes + cycles * 0.8,
          listeners: before.listeners + 10,
          heap: before.heap + cycles * 150_000,
        };
        let now = before;
        await until(async () => {
          now = await counters(page);
          return now.nodes <= most.nodes && now.listeners <= most.listeners && now.heap <= most.heap;
        }, 'nothing is left over').catch(() => assert.fail(`left: ${JSON.stringify({ before, now, most })}`));
        assert.deepEqual(asked, [], 'nothing is asked for when it has gone');
        for (const [path, times] of requests) assert.ok(times <= cycles, `${path} was asked for ${times} times`);
        assert.deepEqual(await styles(), sheets);
        assert.equal(await text(), html);
        assert.deepEqual(await storage(page), []);
      });

      it('leaves no global, no storage and no cookie behind when somebody has signed in', async () => {
        const warnings: string[] = [];
        const page = await fixture.visit(
          {
            config,
            head: '<script>globalThis.before = new Set(Object.getOwnPropertyNames(globalThis))</script>',
            body: WIDGET_PAGE,
          },
          { before: async (opened) => void opened.on('console', (message) => warnings.push(message.text())) },
        );
        await formIsThere(page);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
        const left = await page.evaluate(() => {
          const { before } = globalThis as unknown as { before: Set<string> };
          return Object.getOwnPropertyNames(globalThis).filter(
            (name) => !before.has(name) && !/^(before$|lit|reactiveElement)/.test(name),
          );
        });
        assert.deepEqual(left, []);
        assert.deepEqual(await storage(page), [`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app`]);
        assert.deepEqual(
          warnings.filter((text) => /Saved transaction/.test(text)),
          [],
        );
      });

      it('goes on where it was when the page is loaded again', async () => {
        const page = await fixture.visit({ config, body: WIDGET_PAGE });
        await formIsThere(page);
        await signInAs(page, 'alan@example.com', 'alan-password');
        const code = page.locator('input[name="credentials.passcode"]:not([type=password])');
        await code
          .or(page.getByText(/enter a code/i))
          .first()
          .waitFor();
        await identifier(page).waitFor({ state: 'detached' });
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await page.reload();
        await code.waitFor();
        assert.equal(asked.filter((path) => path.endsWith('/v1/interact')).length, 0);
        assert.equal(await identifier(page).count(), 0);
      });

      it('stays as it is when it is moved', async () => {
        const page = await fixture.visit({ config, body: `<div id="one">${WIDGET_PAGE}</div><div id="two"></div>` });
        await formIsThere(page);
        await identifier(page).fill(ada.login);
        await page.evaluate(() => document.querySelector('#two')!.append(document.querySelector('okta-signin')!));
        assert.equal(await page.locator('#two').locator('input[name=identifier]').inputValue(), ada.login);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('stays as it is when a framework renders the page anew around it, or in it', async () => {
        const page = await fixture.visit({ config, body: `<div id="one">${WIDGET_PAGE}</div>` });
        await formIsThere(page);
        await identifier(page).fill(ada.login);
        await page.locator('okta-signin').evaluate(async (element) => {
          // What it is told again, in objects of the same content.
          Object.assign(element, { mode: 'embedded', flow: 'login', widgetOptions: { features: {} } });
          element.setAttribute('mode', 'embedded');
          // What is in it is none of the framework's, so it goes; also several times.
          for (const content of ['', 'Sign in', '<b>Sign in</b>']) {
            element.innerHTML = content;
            await new Promise((resolve) => setTimeout(resolve));
          }
          // And the parts of a list change places.
          element.parentElement!.prepend(document.createElement('hr'));
          element.parentElement!.append(element);
        });
        await page
          .locator('okta-signin')
          .evaluate(async (element: HTMLElement & { updateComplete: Promise<unknown> }) => {
            await element.updateComplete;
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          });
        assert.equal(await identifier(page).inputValue(), ada.login);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('is there once when its tag is replaced by another, in one task or while it is on its way', async () => {
        const page = await fixture.visit({ config, body: `<div id="one">${WIDGET_PAGE}</div>` });
        const replace = () =>
          page.evaluate((tag) => {
            document.querySelector('#one')!.innerHTML = tag;
          }, WIDGET_PAGE);
        await replace();
        await replace();
        const asked = page.waitForRequest(/\/v1\/interact/);
        await replace();
        await asked;
        const answered = page.waitForResponse(/\/idp\/idx\/introspect/);
        await replace();
        await answered;
        await replace();
        await formIsThere(page);
        await page.locator('okta-signin[state=ready]').waitFor();
        assert.equal(await page.locator('main').count(), 1);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      // The rest is the element's own, whatever it shows.
      if (generation !== '2') return;

      it('begins anew after words that were the last', async () => {
        const page = await fixture.visit({ config, body: WIDGET_PAGE });
        await formIsThere(page);
        const body = JSON.stringify({
          version: '1.0.0',
          messages: { type: 'array', value: [{ message: 'You may not.', class: 'ERROR', i18n: { key: 'no' } }] },
        });
        fixture.org.faults.set('idx', { status: 403, body });
        await page.reload();
        await page.getByText('You may not.').waitFor();
        fixture.org.faults.clear();
        await page.reload();
        await formIsThere(page);
      });

      it('gives its place to a second one, which says so until then', async () => {
        const page = await fixture.visit({
          config,
          head: NOTE_ERRORS,
          body: `<div id="one">${WIDGET_PAGE}</div><div id="two">${WIDGET_PAGE}</div>`,
        });
        await formIsThere(page);
        const { code, message } = await failure(page);
        assert.equal(code, 'widget_failed');
        assert.match(message, /one sign-in form at a time/);
        assert.equal(await page.locator('okta-signin[state=ready]').count(), 1);
        await page.evaluate(() => document.querySelector('okta-signin[state=ready]')!.remove());
        await page.locator('okta-signin[state=ready] input[name=identifier]').waitFor();
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('stays when the inside of its tag is rendered anew time and again', async () => {
        const page = await fixture.visit(
          { config, body: WIDGET_PAGE },
          { before: (opened) => opened.clock.install(), fresh: true },
        );
        await formIsThere(page);
        await identifier(page).fill(ada.login);
        for (let times = 0; times < 25; times += 1) {
          await page.locator('okta-signin').evaluate((element, count) => {
            element.innerHTML = `Sign in ${count}`;
          }, times);
          await page.clock.runFor(100);
        }
        assert.equal(await identifier(page).inputValue(), ada.login);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('is given up on a page that takes it out whenever it is put back', async () => {
        const page = await fixture.visit({ config, head: NOTE_ERRORS, body: WIDGET_PAGE });
        await formIsThere(page);
        await page.locator('okta-signin').evaluate((element) => {
          const clear = () => element.querySelector('[slot=widget]')?.remove();
          new MutationObserver(clear).observe(element, { childList: true });
          clear();
        });
        const { code, message } = await failure(page);
        assert.equal(code, 'widget_failed');
        assert.match(message, /keeps removing the sign-in form/);
        assert.deepEqual(await storage(page), []);
      });

      it('is another form when the configuration is that of another application, and gone while there is none', async () => {
        const page = await fixture.visit({ config, head: NOTE_ERRORS, body: WIDGET_PAGE });
        await formIsThere(page);
        const asked: string[] = [];
        page.on('request', (request) => {
          const client = new URLSearchParams(request.postData() ?? '').get('client_id');
          if (request.url().endsWith('/v1/interact') && client) asked.push(client);
        });
        const set = (id: string) =>
          page.locator('okta-config').evaluate((element, said) => element.setAttribute('client-id', said), id);
        await set('other');
        await until(() => asked.length > 0, 'the other form is asked for');
        await formIsThere(page);
        await page.locator('okta-signin[state=ready]').waitFor();
        assert.deepEqual(asked, ['other']);
        // A placeholder is none.
        await set('{clientId}');
        await identifier(page).waitFor({ state: 'detached' });
        await set('app');
        await formIsThere(page);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('is another form when something else is asked for, and a button when the mode changes', async () => {
        const page = await fixture.visit({ config, body: WIDGET_PAGE });
        await formIsThere(page);
        const set = (name: string, value: string) =>
          page
            .locator('okta-signin')
            .evaluate((element, said) => element.setAttribute(...(said as [string, string])), [name, value]);
        await set('flow', 'resetPassword');
        await page.locator('okta-signin[state=ready]').waitFor();
        await page
          .getByText(/reset your password/i)
          .first()
          .waitFor();
        await set('flow', 'login');
        await page.locator('input[name="credentials.passcode"]').waitFor();
        await set('mode', 'hosted');
        await identifier(page).waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        assert.deepEqual(await storage(page), []);
        await set('mode', 'embedded');
        await formIsThere(page);
      });
    });
  }
});
