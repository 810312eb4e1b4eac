import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { navigations, signIn, until } from './support/session.js';
import { ada, EVERYTHING, site } from './support/site.js';
import { fill, settled, submit } from './stage.js';

/** The session at Okta is enough for this one. Tokens name a class only when it was asked for. */
const ANY = 'urn:okta:loa:1fa:any';
const TWO = 'urn:okta:loa:2fa:any';
/** No authenticator of the local org can give this. */
const OUT_OF_REACH = 'phr';

const guard = (attributes: string, slots = '') =>
  `<okta-guard id="safe" ${attributes}><p id="treasure">The treasure</p>${slots}</okta-guard>`;
const form = '<okta-signin slot="step-up" mode="embedded"></okta-signin>';

describe('a step-up', () => {
  const shop = site();

  /** A page with a guard, and somebody signed in who has not given the proof it wants. */
  const open = async (body: string, path = '/safe') => {
    shop.page('/', { body: EVERYTHING });
    shop.page('/safe', { body: `${body}<okta-guard id="rest"><input id="note" /></okta-guard>` });
    const profile = await shop.profile(ada);
    const page = await shop.open(profile, '/');
    await signIn(page, ada);
    const seen = navigations(page);
    const asked = () => seen.filter((url) => url.endsWith('/v1/authorize')).length;
    await page.goto(shop.origin + path, { waitUntil: 'commit' });
    return { page, asked };
  };

  const inState = (page: Page, state: string) => page.locator(`#safe[state=${state}]`).waitFor({ state: 'attached' });
  const button = (page: Page) => page.locator('#safe').locator('button[part=button]');

  /** Comes to rest there: nothing more happens. */
  const rests = async (page: Page, state: string, asked: () => number, times: number) => {
    await inState(page, state);
    await page.waitForTimeout(500);
    await inState(page, state);
    assert.equal(asked(), times);
    assert.equal(await page.locator('#treasure').isVisible(), state === 'allowed');
    assert.equal(await page.locator('#note').isVisible(), true, 'the user is signed in all the while');
  };

  describe('that is offered', () => {
    it('asks Okta for just that at a click, and comes back to the same place', async () => {
      const { page, asked } = await open(guard(`acr-values="${TWO} ${ANY}" max-age="3600"`), '/safe?box=7#top');
      await inState(page, 'step-up');
      assert.equal(await page.locator('#treasure').isVisible(), false);
      let address = '';
      await page.route('**/v1/authorize?*', (route) => {
        address = route.request().url();
        // The user has no second factor, and shall not have to set one up here.
        const url = new URL(address);
        url.searchParams.set('acr_values', ANY);
        return route.continue({ url: url.href });
      });
      await button(page).click();
      await until(() => address !== '', 'Okta is asked');
      const { searchParams } = new URL(address);
      assert.equal(searchParams.get('acr_values'), `${TWO} ${ANY}`);
      assert.equal(searchParams.get('max_age'), '3600');
      assert.equal(searchParams.get('login_hint'), ada.login);
      assert.equal(searchParams.get('prompt'), null);
      await rests(page, 'allowed', asked, 1);
      assert.equal(page.url(), `${shop.origin}/safe?box=7#top`);
    });

    it('and refused ends in denied, also after a reload, until it is tried again', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}"`));
      await button(page).filter({ hasText: 'Confirm it is you' }).click();
      await rests(page, 'denied', asked, 1);
      assert.equal(page.url(), `${shop.origin}/safe`);
      await page.reload();
      await rests(page, 'denied', asked, 1);
      const request = page.waitForRequest(/\/v1\/authorize/);
      await button(page).filter({ hasText: 'Try again' }).click();
      assert.equal(new URL((await request).url()).searchParams.get('prompt'), 'login');
      await rests(page, 'denied', asked, 2);
    });

    it('is offered again to who signs in anew', async () => {
      const { page } = await open(guard(`acr-values="${OUT_OF_REACH}"`));
      await button(page).click();
      await inState(page, 'denied');
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
      await shop.atOkta(page.context(), undefined);
      await page.goto(`${shop.origin}/`);
      await page.locator('okta-signin').getByRole('button').click();
      await page.locator('input[name=identifier]').waitFor();
      await settled(page);
      await fill(page, { identifier: ada.login, 'credentials.passcode': 'ada-password' });
      await submit(page);
      await page.locator('#secret', { hasText: ada.name }).waitFor();
      await page.goto(`${shop.origin}/safe`);
      await inState(page, 'step-up');
    });

    it('says what went wrong when Okta cannot be reached, and stays', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}"`));
      shop.org.faults.set('discovery', { drop: true });
      await button(page).click();
      await page.locator('#safe').getByRole('alert').waitFor();
      await rests(page, 'step-up', asked, 0);
      shop.org.faults.clear();
      await button(page).click();
      await inState(page, 'allowed');
    });

    it('is denied with step-up="off"', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}" step-up="off"`));
      await rests(page, 'denied', asked, 0);
      assert.equal(await button(page).count(), 0);
    });
  });

  describe('by redirect', () => {
    it('leaves by itself, and comes back with the proof', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}" step-up="redirect"`));
      await rests(page, 'allowed', asked, 1);
      assert.equal(page.url(), `${shop.origin}/safe`);
    });

    it('that is refused is not repeated, also after a reload', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}" step-up="redirect"`));
      await rests(page, 'denied', asked, 1);
      await page.reload();
      await rests(page, 'denied', asked, 1);
      assert.equal(await button(page).isEnabled(), true);
    });

    it('from which the user goes back is not repeated by itself', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}"`));
      await inState(page, 'step-up');
      shop.org.faults.set('authorize', { status: 200, body: 'html' });
      await page.evaluate(() => document.querySelector('okta-guard')!.setAttribute('step-up', 'redirect'));
      await page.waitForURL(/\/v1\/authorize/);
      shop.page('/safe', { body: `${guard(`acr-values="${ANY}" step-up="redirect"`)}<input id="note" />` });
      await page.goBack();
      await page.reload();
      await rests(page, 'denied', asked, 1);
      shop.org.faults.clear();
      await button(page).click();
      // Asked for by the user, it asks who that is.
      await page.locator('input[name=identifier]').waitFor();
    });

    it('leaves once for a page of many guards', async () => {
      const many = Array.from({ length: 20 }, () =>
        guard(`acr-values="${ANY}" step-up="redirect"`).replaceAll(/ id="\w+"/g, ''),
      );
      const { page, asked } = await open(guard(`acr-values="${ANY}" step-up="redirect"`) + many.join(''));
      await rests(page, 'allowed', asked, 1);
    });

    it('does not leave when the page cancels it, and then offers it', async () => {
      const listen = `<script>addEventListener('okta-guard-redirect', (event) => event.preventDefault());</script>`;
      const { page, asked } = await open(listen + guard(`acr-values="${ANY}" step-up="redirect"`));
      await rests(page, 'step-up', asked, 0);
      await button(page).click();
      await rests(page, 'allowed', asked, 1);
    });
  });

  describe('with the form of the page', () => {
    it('is done in place, and leaves the rest of the page as it is', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}" max-age="100"`));
      // The widget keeps the name of who signed in in one.
      await page.addInitScript(() => Object.defineProperty(document, 'cookie', { value: '', writable: true }));
      // Or the session at Okta would do, without a form.
      await shop.atOkta(page.context(), undefined);
      shop.page('/safe', {
        body: `${guard(`acr-values="${ANY}" max-age="100"`, form)}<okta-guard><input id="note" /></okta-guard>`,
      });
      await page.reload();
      await page.locator('#note').fill('typed before');
      await page.locator('input[name="credentials.passcode"]').waitFor();
      await settled(page);
      await fill(page, { identifier: ada.login, 'credentials.passcode': 'ada-password' });
      await submit(page);
      await rests(page, 'allowed', asked, 0);
      assert.equal(await page.locator('#note').inputValue(), 'typed before');
      await page.locator('#okta-sign-in').waitFor({ state: 'detached' });
    });

    it('that is refused ends in denied, and can be tried again', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}"`, form));
      await rests(page, 'denied', asked, 0);
      await page.reload();
      await rests(page, 'denied', asked, 0);
      const interacts = page.waitForRequest(/\/v1\/interact/);
      await button(page).filter({ hasText: 'Try again' }).click();
      await interacts;
      await rests(page, 'denied', asked, 0);
    });

    it('does not start before it is wanted', async () => {
      const requests: string[] = [];
      const { page } = await open(guard(`acr-values="${ANY}"`, form));
      await inState(page, 'allowed');
      page.on('request', (request) => requests.push(request.url()));
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
      await inState(page, 'signed-out');
      await page.waitForTimeout(500);
      assert.deepEqual(
        requests.filter((url) => url.includes('/v1/interact')),
        [],
      );
    });
  });

  it('keeps the class of the sign-in, when it is about its age only', async () => {
    const { page } = await open(guard(`acr-values="${ANY}"`));
    await button(page).click();
    await inState(page, 'allowed');
    shop.page('/age', { body: guard('max-age="1"') });
    await page.goto(`${shop.origin}/age`);
    await inState(page, 'step-up');
    shop.org.faults.set('authorize', { status: 200, body: 'html' });
    await button(page).click();
    await page.waitForURL(/\/v1\/authorize/);
    assert.equal(new URL(page.url()).searchParams.get('acr_values'), ANY);
  });

  it('is on offer as options for a button of the page', async () => {
    const { page } = await open(guard(`acr-values="${ANY}" max-age="900"`, '<button slot="step-up">Prove it</button>'));
    await inState(page, 'step-up');
    const options = await page.evaluate(() => document.querySelector('okta-guard')!.stepUpOptions);
    assert.deepEqual(options, { acrValues: ANY, maxAge: 900, loginHint: ada.login });
    await page.evaluate(() => {
      const el = document.querySelector('okta-guard')!;
      void document.querySelector('okta-config')!.client!.signIn(el.stepUpOptions);
    });
    await inState(page, 'allowed');
    await until(() => page.evaluate(() => document.querySelector('okta-guard')!.stepUpOptions === undefined), 'closed');
  });
});
