import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { navigations, signedIn, signedOut, signIn, stayAtOkta, stored } from './support/session.js';
import { signedInProfiles } from './support/signed-in.js';
import { ada, pageFixture } from './support/page-fixture.js';

/** Fills a storage of the page until not one character fits. */
const fill = (page: Page, name: 'localStorage' | 'sessionStorage') =>
  page.evaluate((which) => {
    for (let size = 2 ** 22; size >= 1; size /= 2) {
      try {
        for (let count = 0; ; count++) window[which].setItem(`ballast-${size}-${count}`, 'x'.repeat(size));
      } catch {
        // Something smaller may fit.
      }
    }
  }, name);

const free = (page: Page) =>
  page.evaluate(() => {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) if (key.startsWith('ballast')) storage.removeItem(key);
    }
  });

/** Makes localStorage throw on every use, as in Firefox when its file is damaged (NS_ERROR_FILE_CORRUPTED). */
const damage = (profile: BrowserContext) =>
  profile.addInitScript(() => {
    const fail = () => {
      throw new DOMException('', 'NS_ERROR_FILE_CORRUPTED');
    };
    const damaged = new Proxy({}, { get: fail, set: fail, has: fail, ownKeys: fail, deleteProperty: fail });
    Object.defineProperty(window, 'localStorage', { get: () => damaged });
  });

describe('a storage', () => {
  const fixture = pageFixture();
  const signedInProfile = signedInProfiles(fixture);
  const key = () => `okta-elements:${encodeURIComponent(fixture.org.issuer)}:app`;

  it('with a foreign value in the place of the tokens does not prevent a sign-in', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    // The pure tests of the token store have more values.
    for (const value of [
      '{"__proto__":{"id":"a","tokenType":"Bearer","scopes":[],"expiresAt":9e9,"user":{"sub":"a"}}}\nAAAA',
      'x'.repeat(4_000_000),
    ]) {
      await page.evaluate(([name, text]) => localStorage.setItem(name!, text!), [key(), value]);
      await page.reload();
      await signedOut(page);
      assert.equal(await page.getByRole('alert').count(), 0, value.slice(0, 100));
      const left = await page.evaluate((name) => localStorage.getItem(name) ?? '', key());
      assert.equal(left, '', `it is removed: ${value.slice(0, 100)}`);
    }
    await signIn(page, ada);
  });

  it('with foreign values in all other places does not prevent a sign-in', async () => {
    fixture.page('/', { config: { 'idle-timeout': '600' } });
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    // A whole session comes first, to learn the names of the items.
    await signIn(page, ada);
    const signedInPlaces = await stored(page);
    await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
    await stayAtOkta(page, fixture);
    await page.goto(fixture.origin);
    const { session } = await stored(page);
    const places = {
      local: Object.keys(signedInPlaces.local),
      session: [...Object.keys(session), 'okta-elements:redirects'],
    };
    assert.ok(places.local.length >= 2 && places.session.length >= 2, JSON.stringify(places));
    // The pure tests of the token store, the loop breaker and transactions have more values.
    for (const value of ['garbage', '[null,{}]']) {
      await page.evaluate(
        ({ places, value }) => {
          const fill = (storage: Storage, names: string[]) => names.forEach((name) => storage.setItem(name, value));
          fill(localStorage, places.local);
          fill(sessionStorage, places.session);
        },
        { places, value },
      );
      await page.goto(fixture.origin);
      await signedOut(page);
      await signIn(page, ada);
    }
  });

  it('that is damaged leaves a session that lasts as long as the tab (localStorage)', async () => {
    fixture.page('/');
    fixture.page('/members');
    const profile = await fixture.profile(ada);
    await damage(profile);
    const page = await fixture.open(profile, '/members');
    await signedOut(page);
    await signIn(page, ada);
    assert.equal(page.url(), `${fixture.origin}/members`);
    await page.reload();
    await signedIn(page, ada);
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
  });

  it('that the browser blocks prevents a sign-in before the page leaves for Okta, and says why', async () => {
    fixture.page('/');
    const folder = await mkdtemp(join(tmpdir(), 'okta-elements-'));
    const blocked = { [`${fixture.origin},*`]: { setting: 2 } };
    const preferences = { profile: { content_settings: { exceptions: { cookies: blocked } } } };
    await mkdir(join(folder, 'Default'));
    await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
    const profile = await chromium.launchPersistentContext(folder, {
      executablePath: findBrowser('chromium'),
      args: chromiumArguments,
    });
    try {
      const page = await fixture.open(profile, '/');
      await assert.rejects(
        page.evaluate(() => localStorage.length),
        /SecurityError|Access is denied/,
        'the browser blocks storage',
      );
      await signedOut(page);
      const seen = navigations(page);
      const button = page.locator('okta-signin').getByRole('button');
      await button.click();
      assert.match(
        await page.locator('okta-signin').getByRole('alert').innerText(),
        /doesn’t save data for this site\. Allow it/,
      );
      assert.equal(await button.isEnabled(), true);
      assert.deepEqual(seen, []);
      assert.equal(page.url(), `${fixture.origin}/`);
    } finally {
      await profile.close();
      await rm(folder, { recursive: true });
    }
  });

  it('that is full prevents a sign-in before the page leaves for Okta, and says why (sessionStorage)', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    await fill(page, 'sessionStorage');
    const seen = navigations(page);
    await page.locator('okta-signin').getByRole('button').click();
    const alert = page.locator('okta-signin').getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /doesn’t save data for this site\. Allow it/);
    assert.deepEqual(seen, []);
    await free(page);
    await signIn(page, ada);
  });

  it('that is full at the redirect callback fails the sign-in, says why and keeps no token (localStorage)', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    await fill(page, 'localStorage');
    await page.locator('okta-signin').getByRole('button').click();
    const alert = page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true });
    await alert.waitFor();
    assert.match(await alert.innerText(), /doesn’t save data for this site/);
    await page.locator('#secret').waitFor({ state: 'hidden' });
    assert.doesNotMatch(JSON.stringify(Object.values((await stored(page)).local)), /tokenType/);
    await free(page);
    await page.locator('okta-callback').getByRole('button').click();
    await signedIn(page, ada);
  });

  it('that another tab clears ends the session in all tabs', async () => {
    fixture.page('/');
    const profile = await signedInProfile();
    const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
    await signedIn(one, ada);
    await signedIn(other, ada);
    await one.evaluate(() => localStorage.clear());
    await signedOut(other);
    // A page gets no event for a change by its own scripts. It notices when it becomes visible or needs a token.
    const token = await one.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken());
    assert.equal(token, undefined);
    await one.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await signedOut(one);
    await signIn(one, ada);
    await signedIn(other, ada);
  });

  it('that the user clears in the browser’s settings ends the session', async () => {
    fixture.page('/');
    const profile = await signedInProfile();
    const page = await fixture.open(profile, '/');
    await signedIn(page, ada);
    const devtools = await profile.newCDPSession(page);
    await devtools.send('Storage.clearDataForOrigin', {
      origin: fixture.origin,
      storageTypes: 'local_storage,session_storage,indexeddb',
    });
    await signedOut(page);
    await signIn(page, ada);
  });

  it('that is cleared while the user is at Okta fails the sign-in and says so', async () => {
    fixture.page('/');
    const profile = await fixture.profile();
    const page = await fixture.open(profile, '/');
    const address = await stayAtOkta(page, fixture);
    const devtools = await profile.newCDPSession(page);
    await devtools.send('Storage.clearDataForOrigin', { origin: fixture.origin, storageTypes: 'all' });
    await fixture.atOkta(profile, ada);
    await page.goto(address.href);
    const alert = page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true });
    await alert.waitFor();
    assert.match(await alert.innerText(), /^We couldn’t finish signing you in/);
    await page.locator('okta-callback').getByRole('button').click();
    await signedIn(page, ada);
  });
});
