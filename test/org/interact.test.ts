import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { APP, App, claimsOf, passwordOf, people, REDIRECT_URI } from './support/app.js';
import type { Answer, Json } from './support/user-agent.js';

describe('embedded sign-in', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({
      seed: {
        ...people,
        clients: [
          ...people.clients,
          { id: 'hosted-only', redirectUris: [REDIRECT_URI], grantTypes: ['authorization_code'] },
          { id: 'other', redirectUris: [REDIRECT_URI] },
        ],
      },
    });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);

  function interact(browser: App, params: Record<string, string | undefined> = {}): Promise<Answer> {
    const all = {
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile offline_access',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: browser.pkce.challenge,
      code_challenge_method: 'S256',
      ...params,
    };
    const form = Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    return browser.agent.send(`${browser.issuer}/v1/interact`, { form, headers: { Origin: APP } });
  }

  /** Signs in through the Identity Engine and returns the interaction code. */
  async function interactionCode(browser: App, login: string, params?: Record<string, string>): Promise<string> {
    const { interaction_handle: interactionHandle } = (await interact(browser, params)).json;
    const step = await browser.idx('introspect', { interactionHandle });
    const passcode = passwordOf(login);
    const answer = await browser.idx('identify', {
      stateHandle: step.stateHandle,
      identifier: login,
      credentials: { passcode },
    });
    const { value } = answer.successWithInteractionCode as { value: Json[] };
    return value.find(({ name }) => name === 'interaction_code').value as string;
  }

  function exchange(browser: App, code: string, form: Record<string, string> = {}): Promise<Answer> {
    return browser.token({
      grant_type: 'interaction_code',
      interaction_code: code,
      code_verifier: browser.pkce.verifier,
      redirect_uri: REDIRECT_URI,
      ...form,
    });
  }

  it('ends with tokens like those of the hosted one', async () => {
    const browser = app();
    const answer = await exchange(
      browser,
      await interactionCode(browser, 'ada@example.com', { acr_values: 'urn:okta:loa:1fa:any' }),
    );
    assert.equal(answer.status, 200, answer.text);
    const id = claimsOf(answer.json.id_token);
    assert.equal(id.preferred_username, 'ada@example.com');
    assert.equal(id.nonce, 'the nonce');
    assert.equal(id.acr, 'urn:okta:loa:1fa:any');
    assert.deepEqual(id.amr, ['pwd']);
    assert.equal(claimsOf(answer.json.access_token).cid, 'app');
    assert.equal((await browser.refresh(answer.json.refresh_token)).status, 200);
  });

  it('begins an Okta session, so that the hosted way goes straight through', async () => {
    const browser = app();
    await interactionCode(browser, 'ada@example.com');
    assert.ok((await browser.authorizeSilently()).code);
  });

  describe('in a browser that has an Okta session', () => {
    const steps = async (browser: App, params?: Record<string, string>): Promise<Json> => {
      const { interaction_handle: interactionHandle } = (await interact(browser, params)).json;
      return browser.idx('introspect', { interactionHandle });
    };

    it('asks for nothing', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const { successWithInteractionCode: success } = await steps(browser);
      const code = success.value.find(({ name }: Json) => name === 'interaction_code').value as string;
      const tokens = (await exchange(browser, code)).json;
      assert.equal(claimsOf(tokens.id_token).preferred_username, 'ada@example.com');
    });

    for (const params of [{ prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
      it(`asks for everything with ${JSON.stringify(params)}`, async () => {
        const browser = app();
        await browser.signIn('ada@example.com');
        const step = await steps(browser, params);
        assert.ok(step.remediation.value.some(({ name }: Json) => name === 'identify'));
      });
    }

    it('asks only for what acr_values lacks', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const step = await steps(browser, { acr_values: 'urn:okta:loa:2fa:any' });
      assert.equal(step.currentAuthenticatorEnrollment.value.key, 'okta_email');
    });
  });

  it('needs the redirect URI only where it differs', async () => {
    const browser = app();
    const code = await interactionCode(browser, 'ada@example.com');
    assert.equal((await exchange(browser, code, { redirect_uri: `${APP}/other` })).status, 400);
    const again = app();
    const form = {
      grant_type: 'interaction_code',
      interaction_code: await interactionCode(again, 'ada@example.com'),
      code_verifier: again.pkce.verifier,
    };
    assert.equal((await again.token(form)).status, 200);
  });

  it('gives a code that works once', async () => {
    const browser = app();
    const code = await interactionCode(browser, 'ada@example.com');
    const tokens = (await exchange(browser, code)).json;
    const again = await exchange(browser, code);
    assert.deepEqual(again.json, {
      error: 'invalid_grant',
      error_description: 'The interaction code is invalid or has expired.',
    });
    assert.equal((await browser.refresh(tokens.refresh_token)).status, 400, 'and takes back what it was exchanged for');
  });

  const wrong: [string, (browser: App) => Record<string, string>][] = [
    ['another verifier', () => ({ code_verifier: 'x'.repeat(43) })],
    ['another client', () => ({ client_id: 'other' })],
  ];
  for (const [name, form] of wrong) {
    it(`refuses ${name}`, async () => {
      const browser = app();
      const answer = await exchange(browser, await interactionCode(browser, 'ada@example.com'), form(browser));
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error, 'invalid_grant');
    });
  }

  it('gives no authorization code', async () => {
    const browser = app();
    const code = await interactionCode(browser, 'ada@example.com');
    assert.equal((await browser.exchange(code)).json.error, 'invalid_grant');
  });

  describe('/v1/interact', () => {
    it('begins with a handle', async () => {
      const answer = await interact(app());
      assert.equal(answer.status, 200);
      assert.deepEqual(Object.keys(answer.json), ['interaction_handle']);
      assert.equal(answer.headers['cache-control'], 'no-store');
    });

    const cases: [string, Record<string, string | undefined>, number, string][] = [
      ['an unknown client', { client_id: 'stranger' }, 401, 'invalid_client'],
      ['a client that may not', { client_id: 'hosted-only' }, 400, 'unauthorized_client'],
      ['another redirect URI', { redirect_uri: 'http://evil.example/' }, 400, 'invalid_request'],
      ['no challenge', { code_challenge: undefined }, 400, 'invalid_request'],
      ['the plain challenge method', { code_challenge_method: 'plain' }, 400, 'invalid_request'],
      ['a scope nobody set up', { scope: 'openid pets' }, 400, 'invalid_scope'],
      ['no openid', { scope: 'profile' }, 400, 'invalid_scope'],
      ['a max_age that is no number', { max_age: '-1' }, 400, 'invalid_request'],
    ];
    for (const [name, params, status, error] of cases) {
      it(`refuses ${name}`, async () => {
        const answer = await interact(app(), params);
        assert.equal(answer.status, status);
        assert.equal(answer.json.error, error);
        assert.ok(answer.json.error_description);
        assert.equal(answer.headers['access-control-allow-origin'], APP, 'and the page can read why');
      });
    }
  });
});
