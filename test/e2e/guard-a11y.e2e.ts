import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from './support/session.js';
import { ada, pageFixture } from './support/page-fixture.js';

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

/** Longer than any delay of the announcer, so its announcements are made. */
const ALL_SAID_MS = 5000;

describe('a guard that changes while the user is on the page', () => {
  const fixture = pageFixture();

  /** Opens a page with this body as a signed-in user. */
  async function open(body: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
    fixture.page('/orders', { body });
    const profile = await fixture.signedIn(ada);
    // Every text of a live region, in order.
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
    const page = await profile.newPage();
    await prepare?.(page);
    await page.goto(`${fixture.origin}/orders`);
    return page;
  }

  const said = (page: Page) => page.evaluate(() => (window as unknown as { said: string[] }).said);
  const signOut = (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
  const setAttribute = (page: Page, name: string, value?: string) =>
    page.locator('#orders').evaluate(
      (guard, [key, text]) => {
        if (text === undefined) guard.removeAttribute(key);
        else guard.setAttribute(key, text);
      },
      [name, value] as const,
    );
  const inState = (page: Page, state: string) => page.locator(`#orders[state=${state}]`).waitFor({ state: 'attached' });

  /** Holds the answer to a request for `/fragment` until the returned function is called. */
  function holdFragment(): { hold: (page: Page) => Promise<unknown>; answer: () => void } {
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const hold = (page: Page) =>
      page.route('**/fragment', async (route) => {
        await held;
        await route.continue();
      });
    return { hold, answer };
  }

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
  const goTo = async (page: Page, id: string) => {
    await page.locator(`#${id}`).waitFor();
    await page.locator(`#${id}`).focus();
  };

  describe('when its content had the focus', () => {
    const places = {
      'in the page': guard(ORDERS),
      'in a template': guard(`<template>${ORDERS}</template>`),
      'in a guard inside a guard': guard(`<okta-guard><template>${ORDERS}</template></okta-guard>`),
    };
    for (const [where, body] of Object.entries(places)) {
      it(`takes the focus from content ${where}, and Tab leads to what replaces it`, async () => {
        const page = await open(body + AFTER);
        await goTo(page, 'note');
        await signOut(page);
        await inState(page, 'signed-out');
        await focusIs(page, 'orders');
        await page.keyboard.press('Tab');
        await focusIs(page, 'way');
        assert.equal(await page.locator('#orders').getAttribute('tabindex'), null, 'the guard is not focusable');
        await page.keyboard.press('Tab');
        await focusIs(page, 'after');
      });
    }

    it('gives the focus back with the content, and keeps what the user typed', async () => {
      const page = await open(guard(ORDERS));
      await goTo(page, 'note');
      await page.keyboard.type('Leave it at the door');
      await setAttribute(page, 'groups', 'Nobody');
      await inState(page, 'denied');
      await focusIs(page, 'orders');
      await setAttribute(page, 'groups');
      await inState(page, 'allowed');
      await focusIs(page, 'note');
      assert.equal(await page.locator('#note').inputValue(), 'Leave it at the door');
    });

    it('moves the focus to the parent of a guard without a box', async () => {
      const page = await open(`<section id="around">${guard(ORDERS, 'style="display: contents"')}</section>${AFTER}`);
      await goTo(page, 'note');
      await signOut(page);
      await focusIs(page, 'around');
      await page.keyboard.press('Tab');
      await focusIs(page, 'way');
    });

    it('takes the focus inside another shadow root', async () => {
      const page = await open(
        `<div id="host"><template shadowrootmode="open">${guard(`<template>${ORDERS}</template>`)}</template></div>`,
      );
      await goTo(page, 'note');
      await signOut(page);
      await focusIs(page, 'host orders');
      await page.keyboard.press('Tab');
      await focusIs(page, 'host way');
    });

    it('does not take the focus from elsewhere, nor when the user has left the content', async () => {
      const page = await open(guard(ORDERS) + AFTER);
      await goTo(page, 'note');
      await goTo(page, 'after');
      await setAttribute(page, 'groups', 'Nobody');
      await until(async () => (await said(page)).length === 1, 'the change is announced');
      assert.equal(await focus(page), 'after');

      await setAttribute(page, 'groups');
      await goTo(page, 'note');
      await page.locator('#note').blur();
      await signOut(page);
      await until(async () => (await said(page)).length > 1, 'the change is announced');
      assert.equal(await focus(page), 'body');
    });
  });

  describe('announces the change', () => {
    /** Opens a page whose time the test moves. */
    const openWithClock = (body: string, prepare?: (page: Page) => Promise<unknown>) =>
      open(body, async (page) => {
        await page.clock.install();
        await prepare?.(page);
      });
    const announced = (page: Page, count: number) =>
      until(async () => {
        await page.clock.runFor(100);
        return (await said(page)).length >= count;
      }, `${count} announcements`);

    it('politely, with the words of the page', async () => {
      const page = await openWithClock(guard(ORDERS));
      await inState(page, 'allowed');
      await signOut(page);
      await announced(page, 1);
      assert.deepEqual(await said(page), ['Signed out. Sign in again']);
      const region = page.locator('body > [role=status]');
      assert.deepEqual(await region.evaluate((el) => [el.clientWidth, el.clientHeight]), [1, 1]);
      await page.clock.runFor(ALL_SAID_MS);
      assert.equal(await region.textContent(), '', 'it cannot be found later');
    });

    it('once, for thirty guards', async () => {
      const many = '<okta-guard><p>Content</p><p slot="signed-out">Signed out.</p></okta-guard>'.repeat(30);
      const page = await openWithClock(
        `${many}<okta-guard id="orders"><p>Last</p><p slot="signed-out">Sign in.</p></okta-guard>`,
      );
      await inState(page, 'allowed');
      await signOut(page);
      await announced(page, 1);
      await page.clock.runFor(ALL_SAID_MS);
      assert.deepEqual(await said(page), ['Signed out. Sign in.']);
    });

    it('once, for guards that change one soon after the other', async () => {
      const page = await openWithClock(
        ['One', 'Two', 'Three']
          .map((name) => `<okta-guard><p>Content</p><p slot="denied">${name} is not for you.</p></okta-guard>`)
          .join('') + guard(ORDERS),
      );
      await inState(page, 'allowed');
      // The announcer is a lazy chunk: the first announcement loads it.
      await setAttribute(page, 'groups', 'Nobody');
      await announced(page, 1);
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000));
      for (const index of [0, 1, 2]) {
        const one = page.locator('okta-guard:not([id])').nth(index);
        await one.evaluate((el) => el.setAttribute('groups', 'Nobody'));
        await page.locator('okta-guard:not([id])[state=denied]').nth(index).waitFor();
        await page.clock.runFor(60);
      }
      await page.clock.runFor(ALL_SAID_MS);
      assert.deepEqual((await said(page)).slice(1), ['One is not for you. Two is not for you. Three is not for you.']);
    });

    it('when it denies the content, and by its heading when it shows the content', async () => {
      const page = await openWithClock(guard(`<template>${ORDERS}</template>`, 'groups="Nobody"'));
      await inState(page, 'denied');
      await setAttribute(page, 'groups');
      await announced(page, 1);
      await setAttribute(page, 'groups', 'Nobody');
      await announced(page, 2);
      assert.deepEqual(await said(page), ['Orders', 'Not for you']);
    });

    it('when the user has to wait, and when the wait ends', async () => {
      fixture.file('/fragment', 'text/html', '<h2>The vans</h2>');
      const { hold, answer } = holdFragment();
      const page = await openWithClock(guard('', 'src="/fragment"'), hold);
      await announced(page, 1);
      answer();
      await announced(page, 2);
      assert.deepEqual(await said(page), ['One moment', 'The vans']);
    });

    it('not while the page loads, nor of content with a live region of its own', async () => {
      const page = await openWithClock(guard(ORDERS));
      await inState(page, 'allowed');
      await page.clock.runFor(ALL_SAID_MS);
      assert.deepEqual(await said(page), []);
      await page.evaluate(() => {
        document.querySelector('[slot=signed-out]')!.setAttribute('role', 'alert');
        document.body.insertAdjacentHTML('beforeend', '<okta-guard><p slot="signed-out">Bye</p></okta-guard>');
      });
      await page.locator('okta-guard[state=allowed]').nth(1).waitFor({ state: 'attached' });
      await signOut(page);
      await announced(page, 1);
      await page.clock.runFor(ALL_SAID_MS);
      assert.deepEqual(await said(page), ['Bye']);
    });
  });

  describe('gives assistive technology only what it shows', () => {
    /** All text of the accessibility tree. */
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

    async function hears(page: Page, state: string, text: string): Promise<void> {
      await inState(page, state);
      const tree = await heard(page);
      assert.deepEqual(
        all.filter((one) => tree.includes(one)),
        [text],
        state,
      );
    }

    it('in each state', async () => {
      const page = await open(guard(`${ORDERS}<p slot="step-up">Prove it</p>`), (opened) =>
        opened.route('**/never', () => new Promise(() => {})),
      );
      await hears(page, 'allowed', 'Orders');
      for (const [state, attribute, value, text] of [
        ['denied', 'groups', 'Nobody', 'Not for you'],
        ['step-up', 'acr-values', 'urn:okta:loa:2fa:any', 'Prove it'],
        ['pending', 'src', '/never', 'One moment'],
        ['error', 'src', '/missing', 'That did not work'],
      ] as const) {
        await setAttribute(page, attribute, value);
        await hears(page, state, text);
        await setAttribute(page, attribute);
        await inState(page, 'allowed');
      }
      await signOut(page);
      await hears(page, 'signed-out', 'Signed out');
      await page.reload();
      await hears(page, 'signed-out', 'Signed out');
    });
  });

  describe('when a fragment arrives late', () => {
    const sum = () => (window as unknown as { seen: { shift: number } }).seen.shift;

    /** Shows a page whose fragment arrives late. The page then knows the sum of layout shifts. */
    async function visitLate(style: string): Promise<Page> {
      fixture.file('/fragment', 'text/html', '<p id="arrived" style="height: 180px; margin: 0">Here it is</p>');
      const { hold, answer } = holdFragment();
      const body = `<style>${style}</style><div class="place">${guard('', 'src="/fragment"')}</div>${AFTER}`;
      const page = await open(body, async (opened) => {
        await opened.addInitScript(() => {
          const seen = { shift: 0 };
          Object.assign(window, { seen });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
          }).observe({ type: 'layout-shift', buffered: true });
        });
        await hold(opened);
      });
      const twoFrames = () =>
        page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.locator('#orders').getByText('One moment').waitFor();
      await twoFrames();
      answer();
      await page.locator('#arrived').waitFor();
      await twoFrames();
      return page;
    }

    it('moves nothing on a page that reserves its place, not even before the script runs', async () => {
      const page = await visitLate('okta-guard { display: flow-root } .place { min-height: 200px }');
      assert.equal(await page.evaluate(sum), 0);
    });

    it('moves what follows on a page that reserves no place', async () => {
      const page = await visitLate('');
      // The browser reports a shift some time after it has painted it.
      await page.waitForFunction(sum);
    });
  });
});
