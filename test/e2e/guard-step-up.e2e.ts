import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { navigations, signIn, until } from './support/session.js';
import { ada, EVERYTHING, pageFixture } from './support/page-fixture.js';
import { fill, settled, submit } from './support/shop-fixture.js';

/** The session at Okta satisfies this class. Tokens name a class only when it was requested. */
const ANY = 'urn:okta:loa:1fa:any';
const TWO = 'urn:okta:loa:2fa:any';
/** No authenticator of the local org satisfies this class. */
const OUT_OF_REACH = 'phr';

const guard = (attributes: string, slots = '') =>
  `<okta-guard id="safe" ${attributes}><p id="treasure">The treasure</p>${slots}</okta-guard>`;
const form = '<okta-signin slot="step-up" mode="embedded"></okta-signin>';

describe('a guard that needs a step-up', () => {
  const fixture = pageFixture();

  /** Opens a page with this body as a signed-in user without the proof. */
  const open = async (body: string, path = '/safe', prepare?: (profile: BrowserContext) => Promise<unknown>) => {
    fixture.page('/', { body: EVERYTHING });
    fixture.page('/safe', { body: `${body}<okta-guard id="rest"><input id="note" /></okta-guard>` });
    const profile = await fixture.signedIn(ada);
    await prepare?.(profile);
    const page = await profile.newPage();
    const seen = navigations(page);
    const asked = () => seen.filter((url) => url.endsWith('/v1/authorize')).length;
    await page.goto(fixture.origin + path, { waitUntil: 'commit' });
    return { page, asked };
  };

  const inState = (page: Page, state: string) => page.locator(`#safe[state=${state}]`).waitFor({ state: 'attached' });
  const button = (page: Page) => page.locator('#safe').locator('button[part=button]');

  /**
   * Waits for two frames, an answer of Okta, and two frames more: a redirect that begins by itself has begun by then. It
   * needs no more than the discovery document.
   */
  const settle = (page: Page) =>
    page.evaluate(async (issuer) => {
      const twoFrames = () =>
        new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))));
      await twoFrames();
      await fetch(`${issuer}/.well-known/openid-configuration?settled`, { cache: 'no-store' }).catch(() => undefined);
      await twoFrames();
    }, fixture.org.issuer);

  /** Reaches the state and stays in it. */
  const rests = async (page: Page, state: string, asked: () => number, times: number) => {
    await inState(page, state);
    await settle(page);
    await inState(page, state);
    assert.equal(asked(), times);
    assert.equal(await page.locator('#treasure').isVisible(), state === 'allowed');
    assert.equal(await page.locator('#note').isVisible(), true, 'the user stays signed in');
  };

  describe('with a button', () => {
    it('requests the proof from Okta at a click, and returns to the same place', async () => {
      const { page, asked } = await open(guard(`acr-values="${TWO} ${ANY}" max-age="3600"`), '/safe?box=7#top');
      await inState(page, 'step-up');
      assert.equal(await page.locator('#treasure').isVisible(), false);
      let address = '';
      await page.route('**/v1/authorize?*', (route) => {
        address = route.request().url();
        // The user has no second factor, and does not enrol in one here.
        const url = new URL(address);
        url.searchParams.set('acr_values', ANY);
        return route.continue({ url: url.href });
      });
      await button(page).click();
      await until(() => address !== '', 'the authorization request');
      const { searchParams } = new URL(address);
      assert.equal(searchParams.get('acr_values'), `${TWO} ${ANY}`);
      assert.equal(searchParams.get('max_age'), '3600');
      assert.equal(searchParams.get('login_hint'), ada.login);
      assert.equal(searchParams.get('prompt'), null);
      await rests(page, 'allowed', asked, 1);
      assert.equal(page.url(), `${fixture.origin}/safe?box=7#top`);
    });

    it('is denied when Okta rejects it, also after a reload, until the user retries', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}"`));
      await button(page).filter({ hasText: 'Verify your identity' }).click();
      await rests(page, 'denied', asked, 1);
      assert.equal(page.url(), `${fixture.origin}/safe`);
      await page.reload();
      await rests(page, 'denied', asked, 1);
      const request = page.waitForRequest(/\/v1\/authorize/);
      await button(page).filter({ hasText: 'Try again' }).click();
      assert.equal(new URL((await request).url()).searchParams.get('prompt'), 'login');
      await rests(page, 'denied', asked, 2);
    });

    it('is offered again after a new sign-in', async () => {
      const { page } = await open(guard(`acr-values="${OUT_OF_REACH}"`));
      await button(page).click();
      await inState(page, 'denied');
      const authTime = await page.evaluate(
        () => document.querySelector('okta-config')!.client!.state.user!.auth_time as number,
      );
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
      // The new session has another `auth_time`, in seconds.
      await until(() => Math.floor(Date.now() / 1000) > authTime, 'the next second');
      fixture.forget(ada);
      await fixture.atOkta(page.context(), ada);
      await page.goto(`${fixture.origin}/`);
      await signIn(page, ada);
      await page.goto(`${fixture.origin}/safe`);
      await inState(page, 'step-up');
    });

    it('reports that Okta cannot be reached, and stays', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}"`));
      fixture.org.faults.set('discovery', { drop: true });
      await button(page).click();
      await page.locator('#safe').getByRole('alert').waitFor();
      await rests(page, 'step-up', asked, 0);
      fixture.org.faults.clear();
      await button(page).click();
      await inState(page, 'allowed');
    });

    it('is denied with step-up="off"', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}" step-up="off"`));
      await rests(page, 'denied', asked, 0);
      assert.equal(await button(page).count(), 0);
    });
  });

  describe('with step-up="redirect"', () => {
    it('redirects once for a page of many guards, and returns with the proof', async () => {
      const redirecting = guard(`acr-values="${ANY}" step-up="redirect"`);
      const { page, asked } = await open(redirecting + redirecting.replaceAll(/ id="\w+"/g, '').repeat(20));
      await rests(page, 'allowed', asked, 1);
      assert.equal(page.url(), `${fixture.origin}/safe`);
    });

    it('does not redirect again after Okta rejects it, not even after a reload', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}" step-up="redirect"`));
      await rests(page, 'denied', asked, 1);
      await page.reload();
      await rests(page, 'denied', asked, 1);
      assert.equal(await button(page).isEnabled(), true);
    });

    it('does not redirect again by itself when the user goes back', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}"`));
      await inState(page, 'step-up');
      fixture.org.faults.set('authorize', { status: 200, body: 'html' });
      await page.evaluate(() => document.querySelector('okta-guard')!.setAttribute('step-up', 'redirect'));
      await page.waitForURL(/\/v1\/authorize/);
      fixture.page('/safe', { body: `${guard(`acr-values="${ANY}" step-up="redirect"`)}<input id="note" />` });
      await page.goBack();
      await page.reload();
      await rests(page, 'denied', asked, 1);
      const request = page.waitForRequest(/\/v1\/authorize/);
      await button(page).click();
      assert.equal(new URL((await request).url()).searchParams.get('prompt'), 'login');
    });

    it('stays and offers a button when the page cancels okta-guard-redirect', async () => {
      const listen = `<script>addEventListener('okta-guard-redirect', (event) => event.preventDefault());</script>`;
      const { page, asked } = await open(listen + guard(`acr-values="${ANY}" step-up="redirect"`));
      await rests(page, 'step-up', asked, 0);
      await button(page).click();
      await rests(page, 'allowed', asked, 1);
    });
  });

  describe('with a form of the page', () => {
    it('takes the proof in place, and leaves the rest of the page as it is', async () => {
      const { page, asked } = await open(guard(`acr-values="${ANY}" max-age="100"`, form), '/safe', async (profile) => {
        // The widget keeps the user name in a cookie.
        await profile.addInitScript(() => Object.defineProperty(document, 'cookie', { value: '', writable: true }));
        // A session at Okta would satisfy the guard without a form.
        await fixture.atOkta(profile, undefined);
      });
      await page.locator('input[name="credentials.passcode"]').waitFor();
      await settled(page);
      // Now that the widget has taken the focus: it would take text too that is typed meanwhile.
      await page.locator('#note').fill('typed before');
      await fill(page, { identifier: ada.login, 'credentials.passcode': 'ada-password' });
      await submit(page);
      await rests(page, 'allowed', asked, 0);
      assert.equal(await page.locator('#note').inputValue(), 'typed before');
      await page.locator('#okta-sign-in').waitFor({ state: 'detached' });
    });

    it('is denied when Okta rejects it, and can be retried', async () => {
      const { page, asked } = await open(guard(`acr-values="${OUT_OF_REACH}"`, form));
      await rests(page, 'denied', asked, 0);
      await page.reload();
      await rests(page, 'denied', asked, 0);
      const interacts = page.waitForRequest(/\/v1\/interact/);
      await button(page).filter({ hasText: 'Try again' }).click();
      await interacts;
      await rests(page, 'denied', asked, 0);
    });

    it('does not start the form while no step-up is needed', async () => {
      const requests: string[] = [];
      const { page } = await open(guard('max-age="3600"', form), '/safe', async (profile) => {
        profile.on('request', (request) => requests.push(request.url()));
      });
      await inState(page, 'allowed');
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
      await inState(page, 'signed-out');
      await settle(page);
      assert.deepEqual(
        requests.filter((url) => url.includes('/v1/interact')),
        [],
      );
    });
  });

  it('requests the class of the present sign-in again when only its age matters', async () => {
    const { page } = await open(guard(`acr-values="${ANY}"`));
    await button(page).click();
    await inState(page, 'allowed');
    fixture.page('/age', { body: guard('max-age="1"') });
    await page.goto(`${fixture.origin}/age`);
    await inState(page, 'step-up');
    const request = page.waitForRequest(/\/v1\/authorize/);
    await button(page).click();
    assert.equal(new URL((await request).url()).searchParams.get('acr_values'), ANY);
  });

  it('has the options of a sign-in for a button of the page', async () => {
    const { page } = await open(guard(`acr-values="${ANY}" max-age="900"`, '<button slot="step-up">Prove it</button>'));
    await inState(page, 'step-up');
    const options = await page.evaluate(() => document.querySelector('okta-guard')!.stepUpOptions);
    assert.deepEqual(options, { acrValues: ANY, maxAge: 900, loginHint: ada.login });
    await page.evaluate(() => {
      const el = document.querySelector('okta-guard')!;
      void document.querySelector('okta-config')!.client!.signIn(el.stepUpOptions);
    });
    await inState(page, 'allowed');
    await until(
      () => page.evaluate(() => document.querySelector('okta-guard')!.stepUpOptions === undefined),
      'no options',
    );
  });
});
