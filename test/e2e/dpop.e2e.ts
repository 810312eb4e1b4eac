import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { startApi, type Api } from '../support/api/api.js';
import { Thief } from '../support/api/thief.js';
import { enterPassword, settled } from './support/shop-fixture.js';
import { signedIn, signedOut, signIn, stored } from './support/session.js';
import { ada, EVERYTHING, grace, pageFixture } from './support/page-fixture.js';
import { decryptStored, plantable, plantIn } from '../support/pages/planted-session.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

describe('client.fetch() and DPoP in a browser', () => {
  const fixture = pageFixture();
  let api: Api;

  before(async () => {
    api = await startApi(fixture.org.issuer);
  });
  after(() => api?.close());
  afterEach(() => {
    api.reset();
  });

  function putPage(config: Record<string, string> = {}, body?: string): void {
    fixture.page('/', { config: { dpop: '', 'allowed-origins': api.origin, ...config }, body });
  }

  async function signedInPage(profile: BrowserContext): Promise<Page> {
    const page = await fixture.open(profile, '/');
    await signIn(page, ada);
    return page;
  }

  /** What `client.fetch()` comes to in a page: status and text of the answer, or the name or code of the error. */
  function call(page: Page, url: string, init?: RequestInit): Promise<[status: number | string, text: string]> {
    return page.evaluate(
      async ([address, options]) => {
        try {
          const response = await document.querySelector('okta-config')!.client!.fetch(address, options);
          return [response.status, await response.text()] as [number, string];
        } catch (error) {
          const { code, name, message } = error as Error & { code?: string };
          return [code ?? name, message] as [string, string];
        }
      },
      [url, init] as const,
    );
  }

  /** The keys that this origin keeps: of each, whether its private part can be had. */
  function keys(page: Page): Promise<{ name: string; type: string; extractable: boolean; exported: boolean }[]> {
    return page.evaluate(async () => {
      const names = (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name.includes(':dpop:'));
      return Promise.all(
        names.map(async (name) => {
          const pair = await new Promise<CryptoKeyPair>((resolve, reject) => {
            const opening = indexedDB.open(name);
            opening.onerror = () => reject(opening.error!);
            opening.onsuccess = () => {
              const reading = opening.result.transaction('key').objectStore('key').get('pair');
              reading.onsuccess = () => {
                opening.result.close();
                resolve(reading.result as CryptoKeyPair);
              };
            };
          });
          const { type, extractable } = pair.privateKey;
          const formats = ['jwk', 'pkcs8'] as const;
          const attempts = await Promise.allSettled(
            formats.map((format) => crypto.subtle.exportKey(format as 'jwk', pair.privateKey)),
          );
          return { name, type, extractable, exported: attempts.some(({ status }) => status === 'fulfilled') };
        }),
      );
    });
  }

  const tokensOf = (page: Page) => page.evaluate(decryptStored);

  const enterForm = async (page: Page) => {
    await page.locator('input[name=identifier]').waitFor();
    await settled(page);
    await enterPassword(page, { login: ada.login, password: 'ada-password' });
    await signedIn(page, ada);
  };

  describe('with dpop', () => {
    for (const mode of ['hosted', 'embedded']) {
      it(`binds the tokens to a key that cannot leave the browser (${mode})`, async () => {
        putPage({}, EVERYTHING.replace('<okta-signin>', `<okta-signin mode="${mode}">`));
        const profile = await fixture.profile(mode === 'hosted' ? ada : undefined);
        // The widget remembers names in a cookie; elsewhere in these tests a cookie is a fault.
        await profile.addInitScript(() =>
          Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} }),
        );
        const page = await fixture.open(profile, '/');
        if (mode === 'hosted') await signIn(page, ada);
        else await enterForm(page);
        assert.equal((await tokensOf(page)).tokenType, 'DPoP');
        const [key, ...others] = await keys(page);
        assert.deepEqual(others, []);
        assert.equal(key?.type, 'private');
        assert.deepEqual([key.extractable, key.exported], [false, false]);
        api.changeNonce();
        const answer = [200, JSON.stringify({ sub: ada.sub, body: '' })];
        assert.deepEqual(await call(page, `${api.origin}/boxes?size=l`), answer);
        await page.reload();
        assert.deepEqual(await call(page, `${api.origin}/boxes?size=m`), answer);
        assert.deepEqual(
          api.requests.map(({ path, status, refusal, authorization }) => [
            path,
            status,
            refusal,
            authorization?.slice(0, 5),
          ]),
          [
            ['/boxes?size=l', 401, 'use_dpop_nonce: nonce', 'DPoP '],
            ['/boxes?size=l', 200, undefined, 'DPoP '],
            // A nonce is for the page that was given it.
            ['/boxes?size=m', 401, 'use_dpop_nonce: nonce', 'DPoP '],
            ['/boxes?size=m', 200, undefined, 'DPoP '],
          ],
        );
      });
    }

    it('sends a body of any type again with the nonce', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      for (const kind of ['text', 'blob', 'form', 'parameters', 'request'] as const) {
        api.changeNonce();
        const status = await page.evaluate(
          async ([url, made]) => {
            const form = new FormData();
            form.set('file', new Blob(['x'.repeat(100_000)]), 'x.txt');
            const bodies = {
              text: '{"size":"l"}',
              blob: new Blob(['x'.repeat(100_000)]),
              form,
              parameters: new URLSearchParams({ size: 'l' }),
              request: 'in a Request',
            };
            const init = { method: 'POST', body: bodies[made] };
            const { client } = document.querySelector('okta-config')!;
            const answer = made === 'request' ? client!.fetch(new Request(url, init)) : client!.fetch(url, init);
            return (await answer).status;
          },
          [api.origin, kind] as const,
        );
        assert.equal(status, 200, kind);
        const [first, second, ...others] = api.requests.splice(0);
        assert.deepEqual([first?.status, second?.status, others], [401, 200, []], kind);
        assert.ok(first!.body.length > 5, kind);
        assert.equal(second!.body, first!.body, kind);
        assert.equal(second!.type, first!.type, kind);
      }
    });

    it('renews the tokens with the same key after a reload', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      const before = await tokensOf(page);
      const kept = await keys(page);
      await page.reload();
      await signedIn(page, ada);
      api.answers.set('/', { status: 401 });
      assert.equal((await call(page, api.origin))[0], 200);
      const renewed = await tokensOf(page);
      assert.notEqual(renewed.accessToken, before.accessToken);
      assert.notEqual(renewed.refreshToken, before.refreshToken);
      assert.deepEqual(await keys(page), kept);
    });

    it('makes stolen tokens useless', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      const { accessToken, refreshToken } = await tokensOf(page);
      const thief = new Thief();
      api.changeNonce();
      await call(page, api.origin);
      const attempt = async (headers: Record<string, string>) => {
        const { status } = await fetch(api.origin, { headers });
        return `${status} ${api.requests.at(-1)!.refusal}`;
      };
      const dpop = thief.prove('GET', `${api.origin}/`, { accessToken });
      assert.equal(
        await attempt({ authorization: `Bearer ${accessToken}` }),
        '401 invalid_token: it is of another type',
      );
      assert.equal(
        await attempt({ authorization: `DPoP ${accessToken}`, dpop }),
        '401 invalid_token: it is bound to another key',
      );
      assert.equal(
        await attempt({ authorization: `DPoP ${accessToken}`, dpop: api.requests[0]!.dpop! }),
        '401 invalid_dpop_proof: jti',
      );
      const url = `${fixture.org.issuer}/v1/token`;
      const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'app', refresh_token: refreshToken! });
      const renew = (nonce?: string | null) =>
        fetch(url, { method: 'POST', body, headers: { dpop: thief.prove('POST', url, { nonce }) } });
      const asked = await renew();
      assert.deepEqual((await asked.json()) as object, {
        error: 'use_dpop_nonce',
        error_description: 'Authorization server requires nonce in DPoP proof.',
      });
      const refused = await renew(asked.headers.get('dpop-nonce'));
      assert.equal(refused.status, 400);
      assert.equal(((await refused.json()) as { error: string }).error, 'invalid_grant');
      // The thief's browser has the tokens and no DPoP key: the first request ends the session.
      const other = await fixture.profile();
      const planted = await plantable((await stored(page)).local, await tokensOf(page));
      const theirs = await fixture.open(other, '/nothing');
      await plantIn(theirs, planted);
      await theirs.goto(fixture.origin);
      api.requests.length = 0;
      // Before the page has found that out the request waits for tokens; afterwards it goes without.
      assert.match(String((await call(theirs, api.origin))[0]), /^(login_required|401)$/);
      assert.deepEqual(
        api.requests.filter(({ authorization, dpop }) => authorization ?? dpop),
        [],
      );
      await signedOut(theirs);
    });

    it('leaves no key after a sign-out of any scope', async () => {
      putPage();
      // A session at the org for this test alone: `global` ends it.
      fixture.forget(ada);
      const page = await fixture.open(await fixture.profile(ada), '/');
      fixture.forget(ada);
      for (const scope of ['local', 'app', 'global'] as const) {
        await signIn(page, ada);
        assert.equal((await keys(page)).length, 1);
        const away = scope === 'global' && page.waitForRequest(/\/v1\/logout/);
        await page.evaluate(
          (how) => void document.querySelector('okta-config')!.client!.signOut({ scope: how }),
          scope,
        );
        await away;
        await signedOut(page);
        assert.deepEqual(await keys(page), [], scope);
        assert.deepEqual((await stored(page)).local, {}, scope);
      }
    });

    it('gives another user another key, and removes the first', async () => {
      putPage();
      const profile = await fixture.profile(ada);
      const page = await signedInPage(profile);
      const [first] = await keys(page);
      await fixture.atOkta(profile, grace);
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signIn());
      await signedIn(page, grace);
      const [second, ...others] = await keys(page);
      assert.deepEqual(others, []);
      assert.notEqual(second?.name, first?.name);
      assert.equal((await call(page, api.origin))[1], JSON.stringify({ sub: grace.sub, body: '' }));
    });

    it('leaves no key after a sign-in that fails', async () => {
      putPage();
      const page = await fixture.open(await fixture.profile(ada), '/');
      fixture.org.faults.set('token', { status: 500, times: 1 });
      await page.locator('okta-signin').getByRole('button').click();
      await page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true }).waitFor();
      assert.deepEqual(await keys(page), []);
      assert.deepEqual((await stored(page)).local, {});
    });

    it('ends the session when the key is lost, and creates another at the next sign-in', async () => {
      putPage();
      const profile = await fixture.profile(ada);
      await recordEvents(profile);
      const page = await signedInPage(profile);
      const [{ name } = { name: '' }] = await keys(page);
      await page.evaluate((database) => void indexedDB.deleteDatabase(database), name);
      await page.reload();
      await signedIn(page, ada);
      await eventsOf(page);
      const [code, message] = await call(page, api.origin);
      assert.equal(code, 'login_required');
      assert.match(message, /Sign in again/);
      assert.deepEqual(api.requests, []);
      await signedOut(page);
      assert.ok((await eventsOf(page)).some(({ type }) => type === 'okta-session-expired'));
      assert.deepEqual((await stored(page)).local, {});
      assert.deepEqual(await keys(page), []);
      await signIn(page, ada);
      assert.equal((await call(page, api.origin))[0], 200);
    });

    it('reports a browser that stores no keys before the redirect to Okta', async () => {
      putPage();
      const profile = await fixture.profile(ada);
      await profile.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('IndexedDB is blocked.', 'SecurityError');
        };
      });
      const page = await fixture.open(profile, '/');
      await page.locator('okta-signin').getByRole('button').click();
      await page.getByRole('alert').filter({ hasText: 'doesn’t save data for this site' }).waitFor();
      assert.equal(page.url(), `${fixture.origin}/`);
      assert.deepEqual((await stored(page)).local, {});
    });

    it('keeps the key in memory with storage="memory"', async () => {
      putPage({ storage: 'memory' });
      const page = await signedInPage(await fixture.profile(ada));
      assert.equal((await call(page, api.origin))[0], 200);
      assert.deepEqual(await keys(page), []);
    });

    it('removes keys without tokens at the next sign-in', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      const [{ name } = { name: '' }] = await keys(page);
      const prefix = name.slice(0, name.indexOf(':dpop:') + 6);
      for (const database of [`${prefix}${Date.now() - 120_000}.old`, `${prefix}${Date.now()}.another-tab`]) {
        await page.evaluate(
          (made) => new Promise((resolve) => Object.assign(indexedDB.open(made), { onsuccess: () => resolve(null) })),
          database,
        );
      }
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await signIn(page, ada);
      await page.waitForFunction(
        async (old) => !(await indexedDB.databases()).some((database) => database.name!.includes(old)),
        '.old',
      );
      const names = await page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name!));
      assert.equal(
        names.some((one) => one.endsWith('.another-tab')),
        true,
      );
      assert.equal(names.filter((one) => one.includes(':dpop:')).length, 2 + Number(names.includes(name)));
    });
  });

  describe('a request to an API', () => {
    it('emits a step-up event at the document, which can begin a sign-in', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      await page.evaluate(() => {
        document.addEventListener('okta-step-up-required', ({ target, acrValues, maxAge, url }) => {
          document.title = JSON.stringify([target === document, acrValues, maxAge, url]);
        });
      });
      const challenge =
        'Bearer, DPoP error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any", max_age=60';
      api.answers.set('/pay', { status: 401, headers: { 'WWW-Authenticate': challenge } });
      const before = await tokensOf(page);
      assert.equal((await call(page, `${api.origin}/pay`))[0], 401);
      assert.deepEqual(JSON.parse(await page.title()), [true, ['urn:okta:loa:2fa:any'], 60, `${api.origin}/pay`]);
      assert.equal(api.requests.length, 1);
      assert.deepEqual(await tokensOf(page), before);

      await page.evaluate(() => {
        const { client } = document.querySelector('okta-config')!;
        document.addEventListener('okta-step-up-required', ({ acrValues, maxAge }) => {
          void client!.signIn({ acrValues: acrValues.join(' '), maxAge });
        });
      });
      api.answers.set('/pay', { status: 401, headers: { 'WWW-Authenticate': challenge } });
      const asking = page.waitForRequest(/\/v1\/authorize/);
      // The page leaves, so the call may have no result.
      void call(page, `${api.origin}/pay`).catch(() => undefined);
      const { searchParams } = new URL((await asking).url());
      assert.equal(searchParams.get('acr_values'), 'urn:okta:loa:2fa:any');
      assert.equal(searchParams.get('max_age'), '60');
    });

    it('sends the token neither over a redirect nor to an origin that is not allowed', async () => {
      putPage();
      const page = await signedInPage(await fixture.profile(ada));
      for (const Location of [`${fixture.elsewhere}/steal`, '/elsewhere']) {
        api.answers.set('/', { status: 302, headers: { Location } });
        assert.equal((await call(page, api.origin))[0], 'TypeError');
      }
      assert.equal((await call(page, `${fixture.elsewhere}/`))[0], 'origin_not_allowed');
      assert.deepEqual(fixture.askedElsewhere, []);
      assert.deepEqual(
        api.requests.map(({ path }) => path),
        ['/', '/'],
      );
    });
  });
});
