import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { startApi, type Api } from '../support/api/api.js';
import { decryptStored } from '../support/pages/planted-session.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';
import { ada, pageFixture } from './support/page-fixture.js';
import { navigations, signedIn, signedOut, signIn, stored, tokenRequests, until } from './support/session.js';

/** Seconds. */
const LIFETIME = 150;

const tokenOf = (page: Page) => page.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken());

describe('tokens at rest', () => {
  const fixture = pageFixture({ accessTokenSeconds: LIFETIME });

  async function withApi(work: (api: Api) => Promise<void>): Promise<void> {
    const api = await startApi(fixture.org.issuer);
    try {
      await work(api);
    } finally {
      await api.close();
    }
  }

  /** Tokens of every response of the token endpoint. */
  function tokensOf(profile: BrowserContext): string[] {
    const tokens: string[] = [];
    void profile.route('**/v1/token', async (route) => {
      const response = await route.fetch();
      if (route.request().method() === 'POST' && response.ok()) {
        const { access_token, id_token, refresh_token } = (await response.json()) as Record<string, string>;
        tokens.push(access_token!, id_token!, refresh_token!);
      }
      await route.fulfill({ response });
    });
    return tokens;
  }

  /** Deletes the database with the key that encrypts tokens. */
  const deleteKey = (page: Page) =>
    page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase('okta-elements:keys');
          deleting.onsuccess = resolve;
          deleting.onerror = reject;
        }),
    );

  /** Changes the stored item of the session. */
  const alter = (page: Page, from: string, to: string) =>
    page.evaluate(
      ([before, after]) => {
        const name = Object.keys(localStorage).find((key) => (localStorage[key] as string).includes('\n'))!;
        const item = localStorage[name] as string;
        if (!item.includes(before)) throw new Error(`there is no ${before}`);
        localStorage[name] = item.replaceAll(before, after);
      },
      [from, to] as const,
    );

  for (const storage of ['local', 'session']) {
    it(`are not in clear, and survive a reload (storage="${storage}")`, () =>
      withApi(async (api) => {
        fixture.page('/', { config: { storage, 'allowed-origins': api.origin } });
        const profile = await fixture.profile(ada);
        const tokens = tokensOf(profile);
        const page = await fixture.open(profile, '/');
        await signIn(page, ada);
        assert.equal(tokens.length, 3);
        const kept = JSON.stringify(await stored(page));
        for (const token of tokens) {
          for (const part of token.split('.')) assert.equal(kept.includes(part), false, `${part} is stored`);
        }
        await page.reload();
        await signedIn(page, ada);
        assert.equal(await tokenOf(page), tokens[0]);
        const status = await page.evaluate(
          async (url) => (await document.querySelector('okta-config')!.client!.fetch(url)).status,
          api.origin,
        );
        assert.equal(status, 200);
        assert.equal(api.requests.at(-1)!.authorization, `Bearer ${tokens[0]}`);
      }));
  }

  it('are read by a second tab, and renewed for both', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const tokens = tokensOf(profile);
    await profile.clock.install();
    const one = await fixture.open(profile, '/');
    await signIn(one, ada);
    const other = await fixture.open(profile, '/');
    await signedIn(other, ada);
    assert.equal(await tokenOf(other), tokens[0]);
    await profile.clock.fastForward((LIFETIME - 20) * 1000);
    await until(() => tokens.length === 6, 'one tab renews');
    await until(async () => (await tokenOf(one)) === tokens[3] && (await tokenOf(other)) === tokens[3], 'both have it');
    const { refreshToken } = await other.evaluate(decryptStored);
    assert.equal(refreshToken, tokens[5]);
  });

  it('end the session as soon as they are needed when a claim beside them was altered', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    await recordEvents(profile);
    const page = await fixture.open(profile, '/');
    await signIn(page, ada);
    const requests = tokenRequests(profile);
    await alter(page, 'Ada Lovelace', 'Eva Lovelace');
    await page.reload();
    await page.locator('#secret', { hasText: 'Eva Lovelace' }).waitFor();
    await eventsOf(page);
    assert.equal(await tokenOf(page), undefined);
    await signedOut(page);
    assert.deepEqual(Object.keys((await stored(page)).local), []);
    assert.deepEqual(requests, []);
    assert.equal((await eventsOf(page)).filter(({ type }) => type === 'okta-session-expired').length, 1);
    await page.reload();
    await signedOut(page);
  });

  it('come from the session at Okta when their key is gone, as with storage="memory"', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const tokens = tokensOf(profile);
    const page = await fixture.open(profile, '/');
    await signIn(page, ada);
    await deleteKey(page);
    await page.reload();
    await signedIn(page, ada);
    const token = await tokenOf(page);
    assert.deepEqual([tokens.length, token], [6, tokens[3]]);
    await signedIn(page, ada);
    await page.reload();
    await signedIn(page, ada);
    assert.equal(await tokenOf(page), token);
  });

  it('end the session without a loop when their key is gone and Okta has no session', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    await signIn(page, ada);
    await fixture.atOkta(profile);
    await deleteKey(page);
    await page.reload();
    await signedIn(page, ada);
    const seen = navigations(page);
    assert.equal(await tokenOf(page), undefined);
    await signedOut(page);
    await page.reload();
    await signedOut(page);
    assert.equal(seen.length, 1, 'only the reload');
    assert.deepEqual((await stored(page)).local, {});
  });

  it('stay in memory where the browser has no IndexedDB', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    await profile.addInitScript(() =>
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('', 'SecurityError');
        },
      }),
    );
    const written: string[] = [];
    profile.on('console', (message) => written.push(message.text()));
    const tokens = tokensOf(profile);
    const page = await fixture.open(profile, '/');
    await signIn(page, ada);
    const kept = JSON.stringify(await stored(page));
    assert.doesNotMatch(kept, /tokenType|eyJ/);
    assert.equal(await tokenOf(page), tokens[0]);
    await until(() => written.some((text) => /IndexedDB/.test(text)), 'the console says why');
    await page.reload();
    await signedIn(page, ada);
    assert.equal(tokens.length, 6, 'the tokens came from a hidden frame');
  });

  it('of an earlier version, in clear, are removed', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const page = await fixture.open(profile, '/');
    const key = `okta-elements:${encodeURIComponent(fixture.org.issuer)}:app`;
    const claims = btoa(JSON.stringify({ sub: ada.sub, name: ada.name }));
    const clear = { accessToken: 'a', tokenType: 'Bearer', idToken: `e30.${claims}.x`, scopes: [], expiresAt: 9e9 };
    await page.evaluate(([name, value]) => localStorage.setItem(name!, value!), [key, JSON.stringify(clear)]);
    await page.reload();
    await signedOut(page);
    assert.deepEqual((await stored(page)).local, {});
  });
});

describe('a tab whose renewal does not end', () => {
  const fixture = pageFixture({ accessTokenSeconds: LIFETIME });

  // As when the tab is frozen: the headless shell does not freeze tabs.
  it('does not keep another tab from renewing, nor ends the session when it goes on', async () => {
    // The request of the first tab must not time out.
    fixture.page('/', { config: { 'request-timeout': '60000', renew: 'on-demand' } });
    fixture.page('/other', { config: { 'request-timeout': '1000', renew: 'on-demand' } });
    const profile = await fixture.profile(ada);
    await profile.clock.install();
    const requests = tokenRequests(profile);
    const [first, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/other')];
    await signIn(first, ada);
    await signedIn(other, ada);
    requests.length = 0;
    const before = await tokenOf(other);
    const refreshTokens: (string | null)[] = [];
    let onSent!: () => void;
    const sent = new Promise<void>((resolve) => (onSent = resolve));
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    await profile.route('**/v1/token', async (route) => {
      const form = new URLSearchParams(route.request().postData() ?? '');
      if (form.has('refresh_token')) {
        refreshTokens.push(form.get('refresh_token'));
        onSent();
        await released;
      }
      await route.continue().catch(() => {});
    });
    await profile.clock.fastForward((LIFETIME - 20) * 1000);
    await first.evaluate(
      () =>
        void document
          .querySelector('okta-config')!
          .client!.getAccessToken()
          .catch(() => {}),
    );
    await sent;
    const renewed = await tokenOf(other);
    assert.notEqual(renewed, before);
    assert.equal(refreshTokens.length, 1, 'the refresh token was sent once');
    release();
    await until(async () => (await tokenOf(first)) === renewed, 'the first tab uses the new tokens');
    assert.equal(await tokenOf(other), renewed);
    assert.equal(refreshTokens.length, 1);
    await signedIn(first, ada);
    await signedIn(other, ada);
  });
});
