import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, claimsOf, people, stateTokenOf } from './support/app.js';
import type { Json } from './support/user-agent.js';

const TWO_FACTORS = 'urn:okta:loa:2fa:any';
const UNMET = {
  error: 'unmet_authentication_requirements',
  error_description: 'The requested assurance could not be reached: phr.',
  state: 'the state',
};

const offered = (step: Json): string[] => step.remediation.value.map(({ name }: Json) => name);

/** The two styles of one sign-in, by what an application gets from them. */
const styles: [string, (browser: App, params: Record<string, string>, remember?: boolean) => Promise<Json>][] = [
  [
    'hosted',
    async (browser, params, remember) => {
      const { code, ...others } = await browser.signIn('ada@example.com', params, remember);
      assert.ok(code, JSON.stringify(others));
      return (await browser.exchange(code)).json;
    },
  ],
  [
    'embedded',
    async (browser, params, remember) =>
      (await browser.redeem(await browser.embed('ada@example.com', params, remember))).json,
  ],
];

describe('step-up', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: people });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);

  for (const [style, tokensOf] of styles) {
    describe(style, () => {
      it('names in both tokens what was asked for and reached', async () => {
        const tokens = await tokensOf(app(), { acr_values: TWO_FACTORS });
        assert.equal(claimsOf(tokens.id_token).acr, TWO_FACTORS);
        assert.equal(claimsOf(tokens.access_token).acr, TWO_FACTORS);
      });

      it('names the first value within reach, and only that', async () => {
        const browser = app();
        await tokensOf(browser, {});
        const tokens = await tokensOf(browser, { acr_values: `gold phr urn:okta:loa:1fa:pwd ${TWO_FACTORS}` });
        assert.equal(claimsOf(tokens.id_token).acr, 'urn:okta:loa:1fa:pwd');
        assert.equal(claimsOf(tokens.id_token).amr.includes('mfa'), false);
      });

      it('keeps what it proved through every refresh', async () => {
        const browser = app();
        const scope = 'openid offline_access';
        const first = await tokensOf(browser, { acr_values: TWO_FACTORS, scope });
        org.clock.advance(60_000);
        const { json: second } = await browser.refresh(first.refresh_token);
        org.clock.advance(60_000);
        const { json: third } = await browser.refresh(second.refresh_token);
        for (const tokens of [second, third]) {
          for (const name of ['id_token', 'access_token']) {
            const { acr, auth_time: authTime } = claimsOf(tokens[name]);
            assert.equal(acr, TWO_FACTORS, name);
            assert.equal(authTime, claimsOf(first.id_token).auth_time, name);
          }
        }
        assert.deepEqual(claimsOf(third.id_token).amr, claimsOf(first.id_token).amr);
      });

      it('renews auth_time when the user proves it again', async () => {
        const browser = app();
        const first = claimsOf((await tokensOf(browser, {})).id_token);
        org.clock.advance(600_000);
        const within = claimsOf((await tokensOf(browser, { max_age: '900' })).id_token);
        assert.equal(within.auth_time, first.auth_time, 'not while it is recent enough');
        const again = claimsOf((await tokensOf(browser, { max_age: '300' })).id_token);
        assert.ok(again.auth_time >= first.auth_time + 600, JSON.stringify(again));
        assert.equal((await browser.authorizeSilently({ max_age: '300' })).error, undefined, 'for the session too');
      });

      it('asks even somebody who signed in this second, with max_age=0', async () => {
        const browser = app();
        await tokensOf(browser, {});
        assert.equal((await browser.authorizeSilently({ max_age: '0' })).error, 'login_required');
        org.clock.advance(1000);
        const before = org.clock.now() / 1000;
        const tokens = await tokensOf(browser, { max_age: '0' });
        assert.ok(claimsOf(tokens.id_token).auth_time >= Math.floor(before));
      });

      for (const params of [{ acr_values: TWO_FACTORS }, { max_age: '0' }, { prompt: 'login' }]) {
        it(`leaves a session kept that was to be kept, with ${JSON.stringify(params)}`, async () => {
          const browser = app();
          await tokensOf(browser, {}, true);
          assert.match(browser.agent.cookie(org.origin, 'idx')?.attributes ?? '', /expires=/i);
          await tokensOf(browser, params as unknown as Record<string, string>);
          assert.match(browser.agent.cookie(org.origin, 'idx')?.attributes ?? '', /expires=/i);
        });
      }

      it('keeps no session that was not', async () => {
        const browser = app();
        await tokensOf(browser, {});
        await tokensOf(browser, { acr_values: TWO_FACTORS });
        assert.doesNotMatch(browser.agent.cookie(org.origin, 'idx')?.attributes ?? '', /expires=/i);
      });
    });
  }

  it('sends back unmet_authentication_requirements when no factor would do, without asking for one', async () => {
    const browser = app();
    assert.deepEqual(await browser.signIn('ada@example.com', { acr_values: 'phr' }), UNMET, 'after the sign-in');
    assert.deepEqual(await browser.authorizeSilently({ acr_values: 'phr' }), UNMET, 'silently');
    const page = await browser.authorize({ acr_values: 'phr' });
    assert.equal(page.status, 303, 'and in a session at once');
  });

  it('says so embedded, in place, with a way back to the application', async () => {
    const browser = app();
    await browser.signIn('ada@example.com');
    const last = await browser.embed('ada@example.com', { acr_values: 'phr' });
    assert.equal(last.messages.value[0].i18n.key, 'security.access_denied');
    assert.deepEqual(await browser.finish(last.failure.href), UNMET);
  });

  it('asks for everything on the hosted page when the proof is too old, whatever else is missing', async () => {
    const browser = app();
    await browser.signIn('ada@example.com');
    org.clock.advance(120_000);
    const page = await browser.authorize({ acr_values: TWO_FACTORS, max_age: '60' });
    const step = await browser.idx('introspect', { stateToken: stateTokenOf(page) });
    assert.ok(offered(step).includes('identify'));
  });

  describe('after a new password', () => {
    async function reset(browser: App, password: string, revokeSessions: boolean): Promise<void> {
      const page = await browser.authorize();
      let { stateHandle } = await browser.idx('introspect', { stateToken: stateTokenOf(page) });
      await browser.idx('recover', { stateHandle });
      ({ stateHandle } = await browser.idx('identify', { stateHandle, identifier: 'grace@example.com' }));
      const passcode = org.mailbox.messages('grace@example.com').at(-1)!.code;
      const step = await browser.idx('challenge/answer', { stateHandle, credentials: { passcode } });
      const { value } = step.remediation.value[0].value.find(({ name }: Json) => name === 'credentials').form;
      assert.deepEqual(value[1], {
        name: 'revokeSessions',
        label: 'Sign me out of all other devices',
        type: 'boolean',
      });
      const done = await browser.idx('challenge/answer', {
        stateHandle,
        credentials: { passcode: password, revokeSessions },
      });
      assert.ok((await browser.finish(done.success.href)).code, JSON.stringify(done));
    }

    it('other sessions go on, as long as nobody ticks the box', async () => {
      const other = app();
      await other.signIn('grace@example.com');
      await reset(app(), 'Porridge4all', false);
      assert.ok((await other.authorizeSilently()).code);
      await reset(app(), 'Muesli4all', true);
      assert.equal((await other.authorizeSilently()).error, 'login_required');
    });

    it('nobody else is signed out, nor the browser itself', async () => {
      const [other, own] = [app(), app()];
      await other.signIn('ada@example.com');
      await reset(own, 'Granola4all', true);
      assert.ok((await other.authorizeSilently()).code);
      assert.ok((await own.authorizeSilently()).code);
    });
  });
});
