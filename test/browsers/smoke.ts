/**
 * The same flows as whole pages in whichever browser `SMOKE_BROWSER` names. `npm run test:browsers` runs this file.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { ensureBrowser, type BrowserName } from '../support/runners/browsers.js';
import type { Content, Driver, Profile, Tab } from './driver.js';
import { call, findVisible } from './in-page.js';
import { addressOf, arrives, click, hides, shows, type, until } from './page.js';
import { startPuppeteer } from './puppeteer.js';
import { startSite, type Site } from './site.js';
import { startWebKitDriver } from './webkit.js';

const TEST_LIMIT_MS = 3 * 60_000;
/** A form that a click sent reaches the org within this time. */
const SENT_LIMIT_MS = 8_000;

const engines: Record<BrowserName, { title: string; start(program: string): Promise<Driver> }> = {
  chromium: { title: 'Chromium', start: (program) => startPuppeteer('chrome', program) },
  firefox: { title: 'Firefox', start: (program) => startPuppeteer('firefox', program) },
  webkit: { title: 'WebKit', start: startWebKitDriver },
};

const name = (process.env.SMOKE_BROWSER ?? 'firefox') as BrowserName;
const engine = engines[name];
if (!engine) throw new Error(`SMOKE_BROWSER is ${name}; it may be ${Object.keys(engines).join(', ')}.`);

const ada = { login: 'ada@example.com', password: 'ada-password', name: 'Ada Lovelace' };

const GUARD = `
  <okta-guard>
    <p id="secret">For <okta-user></okta-user> only</p>
    <p slot="signed-out">Nobody is signed in.</p>
  </okta-guard>`;
const HOSTED = `<okta-signin></okta-signin> <okta-signout></okta-signout> ${GUARD}`;

/** Types name and password into Okta's form, wherever it is, and sends it. */
async function enterPassword(form: Content, site: Site): Promise<void> {
  const sent = site.requests('POST /idp/idx/identify');
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await type(form, 'input[name=identifier]', ada.login);
    await type(form, 'input[name="credentials.passcode"]', ada.password);
    await click(form, 'input[type=submit]');
    // A click is lost when the form is re-rendered meanwhile.
    const arrived = until('the form is sent', () => site.requests('POST /idp/idx/identify') > sent, SENT_LIMIT_MS);
    if (await arrived.catch(() => false)) return;
  }
  throw new Error('The form was never sent.');
}

/** Clicks the button and signs in at Okta. */
async function signIn(tab: Tab, site: Site): Promise<void> {
  await click(tab, 'okta-signin >>> button');
  await signInAtOkta(tab, site);
}

async function signInAtOkta(tab: Tab, site: Site): Promise<void> {
  await until('the tab is at Okta', async () => (await addressOf(tab)).startsWith(site.orgOrigin));
  await enterPassword(tab, site);
}

async function isSignedIn(tab: Tab): Promise<void> {
  await shows(tab, '#secret', `For ${ada.name} only`);
  await hides(tab, 'okta-guard [slot=signed-out]');
}

async function isSignedOut(tab: Tab): Promise<void> {
  await shows(tab, 'okta-guard [slot=signed-out]');
  await hides(tab, '#secret');
}

describe(`whole pages in ${engine.title}`, { timeout: 4 * TEST_LIMIT_MS }, () => {
  let driver: Driver;
  let profile: Profile | undefined;
  const sites: Site[] = [];

  before(
    async () => {
      driver = await engine.start(await ensureBrowser(name));
    },
    { timeout: TEST_LIMIT_MS },
  );
  afterEach(async () => {
    await profile?.close();
    profile = undefined;
  });
  after(async () => {
    await driver?.close();
    await Promise.all(sites.map((site) => site.close()));
  });

  const newTab = async (): Promise<Tab> => {
    profile ??= await driver.newProfile();
    return profile.newTab();
  };
  const test = (title: string, fn: () => Promise<void>) => void it(title, { timeout: TEST_LIMIT_MS }, fn);

  describe('on a site and an org of two origins', () => {
    let site: Site;
    before(async () => {
      site = await startSite();
      sites.push(site);
      site.page('/', HOSTED);
      site.page('/orders', HOSTED);
      site.page('/other', HOSTED);
      site.page(
        '/members',
        `<okta-guard unauthenticated="redirect"><p id="secret">For <okta-user></okta-user> only</p></okta-guard>`,
      );
      site.page('/embedded', `<okta-signin mode="embedded"></okta-signin> ${GUARD}`);
      site.page('/framed', `<okta-signin mode="embedded" isolation="frame"></okta-signin> ${GUARD}`);
    });

    test('signs in at Okta and comes back to the page it left', async () => {
      const tab = await newTab();
      const page = `${site.origin}/orders?box=7#second`;
      await tab.open(page);
      await isSignedOut(tab);
      await signIn(tab, site);
      await isSignedIn(tab);
      assert.equal(await addressOf(tab), page);
    });

    test('opens a guarded page by its address, signs in on the way and returns to it', async () => {
      const tab = await newTab();
      const page = `${site.origin}/members?box=7&tab=two`;
      await tab.open(page);
      await signInAtOkta(tab, site);
      await shows(tab, '#secret', `For ${ada.name} only`);
      assert.equal(await addressOf(tab), page);
    });

    test('signs in with the form in the page', async () => {
      const tab = await newTab();
      await tab.open(`${site.origin}/embedded`);
      await isSignedOut(tab);
      await enterPassword(tab, site);
      await isSignedIn(tab);
      assert.equal(await addressOf(tab), `${site.origin}/embedded`);
    });

    test('signs in with the form in a frame of another origin', async () => {
      const tab = await newTab();
      await tab.open(`${site.origin}/framed`);
      await isSignedOut(tab);
      await shows(tab, 'okta-signin iframe');
      const form = tab.frame(call(findVisible, 'okta-signin iframe'));
      assert.notEqual(new URL(await addressOf(form)).origin, site.origin);
      await enterPassword(form, site);
      await isSignedIn(tab);
      assert.equal(await addressOf(tab), `${site.origin}/framed`);
    });

    test('stays signed in when the page is loaded again', async () => {
      const tab = await newTab();
      await tab.open(`${site.origin}/`);
      await signIn(tab, site);
      await isSignedIn(tab);
      await tab.reload();
      await isSignedIn(tab);
    });

    test('shows what holds now when the user goes back and forward', async () => {
      const tab = await newTab();
      await tab.open(`${site.origin}/`);
      await signIn(tab, site);
      await isSignedIn(tab);
      await tab.open(`${site.origin}/other`);
      await isSignedIn(tab);
      await tab.back();
      await arrives(tab, `${site.origin}/`);
      await isSignedIn(tab);
      await tab.forward();
      await arrives(tab, `${site.origin}/other`);
      await isSignedIn(tab);

      await click(tab, 'okta-signout >>> button');
      await isSignedOut(tab);
      await arrives(tab, `${site.origin}/`);
      await tab.evaluate("document.title = 'before going back'");
      await tab.back();
      // Whether the page of the sign-out is still in the history differs; the user was signed in on either.
      await until('another page is there', async () => (await tab.evaluate('document.title')) !== 'before going back');
      await isSignedOut(tab);
    });

    test('signs in and out in every tab at once', async () => {
      const [one, other] = [await newTab(), await newTab()];
      await one.open(`${site.origin}/`);
      await other.open(`${site.origin}/other`);
      await isSignedOut(other);
      await signIn(one, site);
      await isSignedIn(one);
      await isSignedIn(other);
      await click(one, 'okta-signout >>> button');
      await isSignedOut(one);
      await isSignedOut(other);
    });

    test('ends the session at Okta too, so that the next sign-in asks for the password', async () => {
      const tab = await newTab();
      await tab.open(`${site.origin}/orders`);
      await signIn(tab, site);
      await isSignedIn(tab);
      await click(tab, 'okta-signout >>> button');
      await isSignedOut(tab);
      await arrives(tab, `${site.origin}/`);
      await signIn(tab, site);
      await isSignedIn(tab);
    });
  });

  describe('with access tokens of a short life', () => {
    let site: Site;
    before(async () => {
      site = await startSite({ accessTokenSeconds: 8 });
      sites.push(site);
      site.page('/', HOSTED);
    });

    test('renews the tokens and stays signed in', async () => {
      const tab = await newTab();
      const expiresAt = () =>
        tab.evaluate(
          call(() => document.querySelector('okta-config')!.client!.state.expiresAt ?? 0),
        ) as Promise<number>;
      await tab.open(`${site.origin}/`);
      await signIn(tab, site);
      await isSignedIn(tab);
      const first = await expiresAt();
      await until('the org has had a second token request', () => site.requests('POST /oauth2/default/v1/token') > 1);
      await until('the page has the new tokens', async () => (await expiresAt()) > first);
      await isSignedIn(tab);
    });
  });
});
