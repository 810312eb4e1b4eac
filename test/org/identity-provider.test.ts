import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, APP, claimsOf, people, REDIRECT_URI } from './support/app.js';
import { UserAgent, type Json } from './support/user-agent.js';

/** It has everything that means something else in an address. */
const ODD_ID = '../100% ours?stateToken=x&é#+';

describe('an identity provider of the org', () => {
  let org: Org;
  before(async () => {
    const identityProviders = [
      { id: '0oagoogle', type: 'GOOGLE' as const, name: 'Google' },
      { id: ODD_ID, name: 'The warehouse' },
    ];
    org = await createOrg({ seed: { ...people, signIn: { identityProviders } } });
  });
  after(() => org.close());

  /** The first step of an embedded sign-in, and the link of the provider's button. */
  async function begin(params: Record<string, string> = {}): Promise<{ app: App; step: Json; link: string }> {
    const app = new App(org, org.origin);
    const form = {
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email',
      state: 'the state',
      code_challenge: app.pkce.challenge,
      code_challenge_method: 'S256',
      ...params,
    };
    const begun = await app.agent.send(`${app.issuer}/v1/interact`, { form, headers: { Origin: APP } });
    const step = await app.idx('introspect', { interactionHandle: begun.json.interaction_handle });
    const button = (step.remediation.value as Json[]).find(({ name }) => name === 'redirect-idp');
    assert.deepEqual([button?.type, button?.idp], ['GOOGLE', { id: '0oagoogle', name: 'Google' }]);
    return { app, step, link: button!.href as string };
  }

  const choose = async (app: App, link: string, login: string) =>
    new URL((await app.agent.get(`${link}&login=${login}`)).location).searchParams;

  it('shows who could be signed in there, and their choice ends in an interaction code', async () => {
    const { app, link } = await begin();
    const page = await app.agent.get(link);
    assert.equal(page.status, 200);
    assert.match(page.text, /Ada Lovelace/);
    const answer = await choose(app, link, 'ada@example.com');
    assert.equal(answer.get('state'), 'the state');
    const { status, json } = await app.token({
      grant_type: 'interaction_code',
      interaction_code: answer.get('interaction_code')!,
      code_verifier: app.pkce.verifier,
    });
    assert.equal(status, 200);
    assert.equal(claimsOf(json.id_token as string).email, 'ada@example.com');
    assert.equal((await app.agent.get(link)).status, 400, 'the link is good once');
  });

  it('leads back for more where one factor is not enough, and the sign-in goes on', async () => {
    const { app, step, link } = await begin();
    const answer = await choose(app, link, 'alan@example.com');
    assert.deepEqual(
      [answer.get('error'), answer.get('state'), answer.get('interaction_code')],
      ['interaction_required', 'the state', null],
    );
    const { stateHandle } = step;
    const last = await app.idx('challenge/answer', { stateHandle, credentials: { passcode: app.totp() } });
    assert.equal((await app.redeem(last)).status, 200);
  });

  it('is no way in for somebody the org does not know', async () => {
    const { app, link } = await begin();
    assert.equal((await choose(app, link, 'nobody@example.com')).get('error'), 'access_denied');
  });

  it('is no way round what was asked for', async () => {
    const { app, link } = await begin({ acr_values: 'phr' });
    const answer = await choose(app, link, 'ada@example.com');
    assert.equal(answer.get('interaction_code'), null);
  });

  it('answers only in the browser that began, and only for providers there are', async () => {
    const { app, link } = await begin();
    assert.equal((await new UserAgent().get(link)).status, 400);
    assert.equal((await app.agent.get(link.replace('0oagoogle', '0oaother'))).status, 400);
    assert.equal((await app.agent.get(link.replace(/stateToken=.*/, 'stateToken=x'))).status, 400);
    assert.equal((await app.agent.get(link)).status, 200);
  });

  it('may have any id: its link leads to it', async () => {
    const { app, step } = await begin();
    const button = (step.remediation.value as Json[]).find(({ idp }) => idp?.id === ODD_ID);
    const link = button!.href as string;
    assert.match((await app.agent.get(link)).text, /<h1>The warehouse<\/h1>/);
    assert.notEqual((await choose(app, link, 'ada@example.com')).get('interaction_code'), null);
  });

  it('is not offered on Okta’s own page', async () => {
    const app = new App(org, org.origin);
    const page = await app.authorize();
    const token = /"stateToken":"([^"]+)"/.exec(page.text)![1];
    const step = await app.idx('introspect', { stateToken: token });
    assert.deepEqual(
      (step.remediation.value as Json[]).filter(({ name }) => name === 'redirect-idp'),
      [],
    );
  });
});
