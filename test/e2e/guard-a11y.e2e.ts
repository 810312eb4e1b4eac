import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { signIn, until } from './support/session.js';
import { ada, EVERYTHING, site } from './support/site.js';

const ORDERS = `
  <h2>Orders</h2>
  <p><label>Note <input id="note" /></label></p>`;
const OTHERWISE = `
  <p slot="signed-out">Signed out. <a id="way" href="/in">Sign in again</a></p>
  <p slot="denied">Not for you</p>
  <p slot="pending">One moment</p>
  <p slot="error">That did not work</p>`;
const guard = (content: string, attributes = '') =>
  `<okta-guard id="orders" ${attributes}>${content}${OTHERWISE}</okta-guard>`;
const AFTER = '<p><a id="after" href="/after">What comes after</a></p>';

describe('a guard that changes while somebody is there', () => {
  const shop = site();

  /** Ada is signed in, at a page with this in it. */
  async function open(body: string): Promise<Page> {
    shop.page('/', { body: EVERYTHING });
    shop.page('/orders', { body });
    const profile = await shop.profile(ada);
    // What is said in live regions, in the order in which it is.
    await profile.addInitScript(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
          if (!(target instanceof Element) || !target.closest('[role=status]')) continue;
          for (const { textContent } of addedNodes) if (textContent) said.push(textContent);
        }
      }).observe(document, { childList: true, subtree: true });
    });
    const page = await shop.open(profile, '/');
    await signIn(page, ada);
    await page.goto(`${shop.origin}/orders`);
    return page;
  }

  const said = (page: Page) => page.evaluate(() => (window as unknown as { said: string[] }).said);
  const signOut = (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
  const inState = (page: Page, state: string) => page.locator(`#orders[state=${state}]`).waitFor({ state: 'attached' });

  /** What has the focus: ids from the outside in. */
  const focus = (page: Page) =>
    page.evaluate(() => {
      const ids: string[] = [];
      let active = document.activeElement;
      while (active) {
        ids.push(active.id || active.localName);
        active = active.shadowRoot?.activeElement ?? null;
      }
      return ids.join(' ');
    });
  const focusIs = (page: Page, ids: string) => until(async () => (await focus(page)) === ids, `focus at ${ids}`);
  /** The user goes there, and the page has had the time to see it. */
  const goTo = async (page: Page, id: string) => {
    await page.locator(`#${id}`).focus();
    await page.waitForLoadState('networkidle');
  };

  describe('keeps the focus:', () => {
    const places = {
      'what is in the page': guard(ORDERS),
      'what is in a template': guard(`<template>${ORDERS}</template>`),
      'what is in a guard in a guard': guard(`<okta-guard><template>${ORDERS}</template></okta-guard>`),
    };
    for (const [where, body] of Object.entries(places)) {
      it(`${where} leaves it to the guard, from where Tab leads to what is shown instead`, async () => {
        const page = await open(body + AFTER);
        await goTo(page, 'note');
        await signOut(page);
        await inState(page, 'signed-out');
        await focusIs(page, 'orders');
        await page.keyboard.press('Tab');
        await focusIs(page, 'way');
        assert.equal(await page.locator('#orders').getAttribute('tabindex'), null, 'it takes no focus by itself');
        await page.keyboard.press('Tab');
        await focusIs(page, 'after');
      });
    }

    it('what comes back has it again, with what was typed', async () => {
      const page = await open(guard(ORDERS));
      await goTo(page, 'note');
      await page.keyboard.type('Leave it at the door');
      await page.evaluate(() => document.querySelector('#orders')!.setAttribute('groups', 'Nobody'));
      await inState(page, 'denied');
      await focusIs(page, 'orders');
      await page.evaluate(() => document.querySelector('#orders')!.removeAttribute('groups'));
      await inState(page, 'allowed');
      await focusIs(page, 'note');
      assert.equal(await page.locator('#note').inputValue(), 'Leave it at the door');
    });

    it('a guard without a box leaves it to what is around it', async () => {
      const page = await open(`<section id="around">${guard(ORDERS, 'style="display: contents"')}</section>${AFTER}`);
      await goTo(page, 'note');
      await signOut(page);
      await focusIs(page, 'around');
      await page.keyboard.press('Tab');
      await focusIs(page, 'way');
    });

    it('a guard in another shadow root has it, too', async () => {
      const page = await open(
        `<div id="host"><template shadowrootmode="open">${guard(`<template>${ORDERS}</template>`)}</template></div>`,
      );
      await goTo(page, 'note');
      await signOut(page);
      await focusIs(page, 'host orders');
      await page.keyboard.press('Tab');
      await focusIs(page, 'host way');
    });

    it('nobody has it taken who is elsewhere, or has left', async () => {
      const page = await open(guard(ORDERS) + AFTER);
      await goTo(page, 'note');
      await goTo(page, 'after');
      await signOut(page);
      await inState(page, 'signed-out');
      await until(async () => (await said(page)).length > 0, 'the change is told');
      assert.equal(await focus(page), 'after');

      const other = await open(guard(ORDERS) + AFTER);
      await goTo(other, 'note');
      await other.locator('#note').blur();
      await signOut(other);
      await until(async () => (await said(other)).length > 0, 'the change is told');
      assert.equal(await focus(other), 'body');
    });
  });

  describe('tells of it', () => {
    it('politely, with the words of the page', async () => {
      const page = await open(guard(ORDERS));
      await inState(page, 'allowed');
      await signOut(page);
      await until(async () => (await said(page)).length > 0, 'told');
      assert.deepEqual(await said(page), ['Signed out. Sign in again']);
      const region = page.locator('body > [role=status]');
      assert.deepEqual(await region.evaluate((el) => [el.clientWidth, el.clientHeight]), [1, 1]);
      await until(async () => (await region.textContent()) === '', 'not to be come across later');
    });

    it('once, for thirty guards', async () => {
      const many = '<okta-guard><p>Content</p><p slot="signed-out">Signed out.</p></okta-guard>'.repeat(30);
      const page = await open(
        `${many}<okta-guard id="orders"><p>Last</p><p slot="signed-out">Sign in.</p></okta-guard>`,
      );
      await inState(page, 'allowed');
      await signOut(page);
      await until(async () => (await said(page)).length > 0, 'told');
      await page.waitForLoadState('networkidle');
      assert.deepEqual(await said(page), ['Signed out. Sign in.']);
    });

    it('once, for guards that change one soon after the other', async () => {
      const page = await open(
        ['One', 'Two', 'Three']
          .map((name) => `<okta-guard><p>Content</p><p slot="denied">${name} is not for you.</p></okta-guard>`)
          .join('') + guard(ORDERS),
      );
      await inState(page, 'allowed');
      await page.evaluate(async () => {
        for (const one of document.querySelectorAll('okta-guard:not([id])')) {
          one.setAttribute('groups', 'Nobody');
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      });
      await until(async () => (await said(page)).length > 0, 'told');
      await page.waitForTimeout(500);
      assert.deepEqual(await said(page), ['One is not for you. Two is not for you. Three is not for you.']);
    });

    it('when it denies what it showed, and by its heading when it shows what it denied', async () => {
      const page = await open(guard(`<template>${ORDERS}</template>`, 'groups="Nobody"'));
      await inState(page, 'denied');
      await page.evaluate(() => document.querySelector('#orders')!.removeAttribute('groups'));
      await until(async () => (await said(page)).length === 1, 'told');
      await page.evaluate(() => document.querySelector('#orders')!.setAttribute('groups', 'Nobody'));
      await until(async () => (await said(page)).length === 2, 'told');
      assert.deepEqual(await said(page), ['Orders', 'Not for you']);
    });

    it('when it keeps the user waiting, and when that is over', async () => {
      const page = await open('');
      shop.file('/fragment', 'text/html', '<h2>The vans</h2>');
      shop.page('/orders', { body: guard('', 'src="/fragment"') });
      let answer = () => {};
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/fragment', async (route) => {
        await held;
        await route.continue();
      });
      await page.reload();
      await until(async () => (await said(page)).length === 1, 'the wait is told');
      answer();
      await until(async () => (await said(page)).length === 2, 'its end is told');
      assert.deepEqual(await said(page), ['One moment', 'The vans']);
    });

    it('not while the page loads, nor of what speaks for itself', async () => {
      const page = await open(guard(ORDERS));
      await inState(page, 'allowed');
      await page.waitForLoadState('networkidle');
      assert.deepEqual(await said(page), []);
      await page.evaluate(() => {
        document.querySelector('[slot=signed-out]')!.setAttribute('role', 'alert');
        document.body.insertAdjacentHTML('beforeend', '<okta-guard><p slot="signed-out">Bye</p></okta-guard>');
      });
      await page.locator('okta-guard[state=allowed]').nth(1).waitFor({ state: 'attached' });
      await signOut(page);
      await until(async () => (await said(page)).length > 0, 'told');
      assert.deepEqual(await said(page), ['Bye']);
    });
  });

  describe('is, for assistive technology, what is shown:', () => {
    /** All text of the accessibility tree that the browser gives to assistive technology. */
    const heard = async (page: Page): Promise<string> => {
      const devtools = await page.context().newCDPSession(page);
      const { nodes } = await devtools.send('Accessibility.getFullAXTree');
      await devtools.detach();
      return nodes
        .filter(({ ignored }) => !ignored)
        .map(({ name }) => String(name?.value ?? ''))
        .join('\n');
    };
    const all = ['Orders', 'Signed out', 'Not for you', 'One moment', 'That did not work', 'Prove it'];
    const body = (attributes: string) => guard(`${ORDERS}<p slot="step-up">Prove it</p>`, attributes);

    async function hears(page: Page, state: string, text: string): Promise<void> {
      await inState(page, state);
      const tree = await heard(page);
      assert.deepEqual(
        all.filter((one) => tree.includes(one)),
        [text],
      );
    }

    it('the content, and then that nobody is signed in', async () => {
      const page = await open(body(''));
      await hears(page, 'allowed', 'Orders');
      await signOut(page);
      await page.reload();
      await hears(page, 'signed-out', 'Signed out');
    });

    for (const [state, attributes, text] of [
      ['denied', 'groups="Nobody"', 'Not for you'],
      ['step-up', 'acr-values="urn:okta:loa:2fa:any"', 'Prove it'],
      ['pending', 'src="/never"', 'One moment'],
      ['error', 'src="/missing"', 'That did not work'],
    ] as const) {
      it(`what it says when it is ${state}`, async () => {
        const page = await open('');
        await page.route('**/never', () => new Promise(() => {}));
        shop.page('/orders', { body: body(attributes) });
        await page.reload();
        await hears(page, state, text);
      });
    }
  });

  describe('moves nothing that is around it', () => {
    /** The sum of layout shifts, as browsers report them, with a fragment that takes its time. */
    async function shift(style: string): Promise<number> {
      const page = await open('');
      await page.addInitScript(() => {
        const seen = { shift: 0 };
        Object.assign(window, { seen });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      shop.file('/fragment', 'text/html', '<p id="arrived" style="height: 180px; margin: 0">Here it is</p>');
      shop.page('/orders', {
        head: `<style>${style}</style>`,
        body: `<div class="place">${guard('', 'src="/fragment"')}</div>${AFTER}`,
      });
      let answer = () => {};
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/fragment', async (route) => {
        await held;
        await route.continue();
      });
      await page.reload();
      await page.locator('#orders').getByText('One moment').waitFor();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      answer();
      await page.locator('#arrived').waitFor();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      return page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
    }

    it('where the page keeps its place, also before the script is there', async () => {
      assert.equal(await shift('okta-guard { display: flow-root } .place { min-height: 200px }'), 0);
    });

    it('but does where it does not: the measure works', async () => {
      assert.ok((await shift('')) > 0);
    });
  });
});
