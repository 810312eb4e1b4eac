import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { evaluatePolicies, POLICY_DENIED, type PolicyRequest } from '../../src/org/policy.js';
import { parseSeed, type Seed } from '../../src/org/seed.js';
import { App, claimsOf, people, REDIRECT_URI, TOTP_SECRET } from './support/app.js';

type Policies = NonNullable<NonNullable<Seed['authorizationServer']>['policies']>;

const allow = (name: string, more: object = {}) => ({ name, action: 'ALLOW' as const, ...more });
const deny = (name: string, more: object = {}) => ({ name, action: 'DENY' as const, ...more });

/** Name of the rule that decides, `-` in front when it denies; `undefined` when none does. */
function deciding(policies: Policies, request: Partial<PolicyRequest> = {}): string | undefined {
  const seed = parseSeed({
    groups: ['Members', 'Staff'],
    users: [{ login: 'ada@example.com', firstName: 'A', lastName: 'L' }],
    clients: [{ id: 'app' }, { id: 'other' }],
    authorizationServer: { policies },
  });
  const decision = evaluatePolicies(seed.authorizationServer.policies, {
    clientId: 'app',
    login: 'ada@example.com',
    groups: ['Everyone', 'Members'],
    grantType: 'authorization_code',
    scopes: ['openid', 'profile'],
    ...request,
  });
  if (!decision.allow) assert.equal(decision.description, POLICY_DENIED);
  return decision.rule && `${decision.allow ? '' : '-'}${decision.rule}`;
}

describe('the access policies', () => {
  const table: [string, Policies, Partial<PolicyRequest>, string | undefined][] = [
    ['none: denied', [], {}, undefined],
    ['a policy without rules: denied', [{ name: 'P' }], {}, undefined],
    ['the first rule that matches decides', [{ name: 'P', rules: [allow('one'), deny('two')] }], {}, 'one'],
    ['a rule may deny', [{ name: 'P', rules: [deny('one'), allow('two')] }], {}, '-one'],
    [
      'a rule for a group the user has',
      [{ name: 'P', rules: [allow('members', { groups: ['Members'] })] }],
      {},
      'members',
    ],
    [
      'a rule for a group the user has not',
      [{ name: 'P', rules: [allow('staff', { groups: ['Staff'] })] }],
      {},
      undefined,
    ],
    ['EVERYONE', [{ name: 'P', rules: [allow('all', { groups: ['EVERYONE'] })] }], { groups: ['Everyone'] }, 'all'],
    ['a rule for the user by login', [{ name: 'P', rules: [allow('ada', { users: ['ADA@example.com'] })] }], {}, 'ada'],
    [
      'groups and users: either',
      [{ name: 'P', rules: [allow('both', { groups: ['Staff'], users: ['ada@example.com'] })] }],
      {},
      'both',
    ],
    [
      'a rule that names every scope asked for',
      [{ name: 'P', rules: [allow('r', { scopes: ['profile', 'openid', 'email'] })] }],
      {},
      'r',
    ],
    [
      'a rule that names only some of them',
      [{ name: 'P', rules: [allow('r', { scopes: ['openid'] })] }],
      {},
      undefined,
    ],
    ['a rule for the grant', [{ name: 'P', rules: [allow('r', { grantTypes: ['authorization_code'] })] }], {}, 'r'],
    [
      'a rule for another grant',
      [{ name: 'P', rules: [allow('r', { grantTypes: ['interaction_code'] })] }],
      {},
      undefined,
    ],
    ['a policy for the client', [{ name: 'P', clients: ['app'], rules: [allow('r')] }], {}, 'r'],
    [
      'a policy for another client is passed over',
      [
        { name: 'P', clients: ['other'], rules: [deny('no')] },
        { name: 'Q', rules: [allow('yes')] },
      ],
      {},
      'yes',
    ],
    [
      'a policy none of whose rules match is passed over',
      [
        { name: 'P', rules: [deny('no', { groups: ['Staff'] })] },
        { name: 'Q', rules: [allow('yes')] },
      ],
      {},
      'yes',
    ],
    [
      'no policy after the one that decided',
      [
        { name: 'P', rules: [deny('no')] },
        { name: 'Q', rules: [allow('yes')] },
      ],
      {},
      '-no',
    ],
  ];
  for (const [name, policies, request, rule] of table) {
    it(name, () => assert.equal(deciding(policies, request), rule));
  }

  it('give lifetimes in seconds, and no limit as a very long one', () => {
    const seed = parseSeed({
      authorizationServer: { policies: [{ name: 'P', rules: [allow('r', { accessTokenLifetimeMinutes: 5 })] }] },
    });
    const request = { clientId: 'app', login: '', groups: [], grantType: 'authorization_code', scopes: [] } as const;
    const decision = evaluatePolicies(seed.authorizationServer.policies, request);
    assert.ok(decision.allow);
    assert.equal(decision.accessTokenLifetimeSeconds, 300);
    assert.ok(decision.refreshTokenLifetimeSeconds > 86_400 * 365 * 50);
    assert.equal(decision.refreshTokenWindowSeconds, 7 * 86_400);
  });
});

describe('an org with access policies', () => {
  let org: Org;
  before(async () => {
    const users = [
      ...people.users,
      { login: 'dana@example.com', firstName: 'Dana', lastName: 'Out', password: 'dana-password', groups: ['Closed'] },
    ];
    org = await createOrg({
      seed: {
        ...people,
        users: users.map((user) => (user.login.startsWith('alan') ? { ...user, totpSecret: TOTP_SECRET } : user)),
        groups: [...people.groups, 'Closed'],
        clients: [...people.clients, { id: 'strict', redirectUris: [REDIRECT_URI] }],
        authorizationServer: {
          scopes: ['groups', 'orders:write'],
          policies: [
            { name: 'Strict', clients: ['strict'], rules: [allow('two factors', { requireSecondFactor: true })] },
            {
              name: 'Shop',
              clients: ['app'],
              rules: [
                deny('closed accounts', { groups: ['Closed'] }),
                allow('staff may write', {
                  groups: ['Warehouse staff'],
                  accessTokenLifetimeMinutes: 10,
                  refreshTokenLifetimeMinutes: 30,
                  refreshTokenWindowMinutes: 20,
                }),
                allow('others read', { scopes: ['openid', 'profile', 'email', 'offline_access'] }),
              ],
            },
          ],
        },
      },
    });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);
  const denied = { error: 'access_denied', error_description: POLICY_DENIED, state: 'the state' };

  it('sends a denied user back with access_denied, after the sign-in', async () => {
    assert.deepEqual(await app().signIn('dana@example.com'), denied);
  });

  it('denies the same user silently too, once signed in', async () => {
    const browser = app();
    await browser.signIn('dana@example.com');
    assert.deepEqual(await browser.authorizeSilently(), denied);
  });

  it('lets another user sign in where one was denied', async () => {
    const browser = app();
    await browser.signIn('dana@example.com');
    assert.ok((await browser.signIn('ada@example.com', { prompt: 'login' })).code);
  });

  it('denies by scope', async () => {
    assert.deepEqual(await app().signIn('ada@example.com', { scope: 'openid orders:write' }), denied);
    assert.ok((await app().signIn('grace@example.com', { scope: 'openid orders:write' })).code);
  });

  it('denies an embedded sign-in in place, with a way back to the application', async () => {
    const browser = app();
    const last = await browser.embed('dana@example.com');
    assert.equal(last.messages.value[0].i18n.key, 'idx.error.code.no_matching_policy');
    assert.equal(last.failure.name, 'failure-redirect');
    assert.equal(last.successWithInteractionCode, undefined);
    assert.equal((await browser.authorizeSilently()).error, 'login_required', 'and begins no session');
    assert.deepEqual(await browser.finish(last.failure.href), denied);
    assert.equal((await browser.agent.get(last.failure.href)).status, 400, 'once');
  });

  it('asks a denied user for no second factor first, in either style', async () => {
    const params = { acr_values: 'urn:okta:loa:2fa:any' };
    const sent = org.mailbox.messages('dana@example.com').length;
    assert.equal((await app().embed('dana@example.com', params)).failure.name, 'failure-redirect');
    assert.deepEqual(await app().signIn('dana@example.com', params), denied);
    assert.equal(org.mailbox.messages('dana@example.com').length, sent);
  });

  it('takes nobody else back with that denial', async () => {
    const last = await app().embed('dana@example.com');
    assert.equal((await app().agent.get(last.failure.href)).status, 400);
    const finish = last.failure.href.replace('/login/error/', '/login/token/');
    assert.equal((await app().agent.get(finish)).status, 400);
  });

  it('denies an interaction code when the policies have changed since', async () => {
    const browser = app();
    const last = await browser.embed('ada@example.com');
    const { rules } = org.config.authorizationServer.policies[1]!;
    const others = rules.pop()!;
    const answer = await browser.redeem(last);
    rules.push(others);
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, { error: 'access_denied', error_description: POLICY_DENIED });
  });

  it('gives tokens the lifetimes of the rule', async () => {
    const grace = app();
    const staff = await grace.tokens('grace@example.com', { scope: 'openid offline_access' });
    assert.equal(staff.expires_in, 600);
    const claims = claimsOf(staff.access_token);
    assert.equal(claims.exp - claims.iat, 600);
    assert.equal((await app().tokens('ada@example.com')).expires_in, 3600);

    org.clock.advance(15 * 60_000);
    const once = (await grace.refresh(staff.refresh_token)).json;
    assert.ok(once.refresh_token, 'used within the window');
    org.clock.advance(14 * 60_000);
    const twice = (await grace.refresh(once.refresh_token)).json;
    assert.ok(twice.refresh_token, 'and again');
    org.clock.advance(2 * 60_000);
    assert.equal((await grace.refresh(twice.refresh_token)).json.error, 'invalid_grant', 'but not beyond the lifetime');
  });

  it('judges a refresh by the policies of that moment', async () => {
    const browser = app();
    const tokens = await browser.tokens('ada@example.com', { scope: 'openid offline_access' });
    const { rules } = org.config.authorizationServer.policies[1]!;
    const others = rules.pop()!;
    const answer = await browser.refresh(tokens.refresh_token);
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, { error: 'access_denied', error_description: POLICY_DENIED });
    rules.push(others);
    assert.equal((await browser.refresh(tokens.refresh_token)).status, 200, 'and the refresh token was not used up');
  });

  describe('and a rule that wants two factors', () => {
    it('asks for the second on the sign-in page, and only for that in a session with one', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      assert.equal((await browser.authorizeSilently({ client_id: 'strict' })).error, 'login_required');
      const back = await browser.signIn('ada@example.com', { client_id: 'strict' });
      assert.ok(back.code, JSON.stringify(back));
      const tokens = (await browser.exchange(back.code, { client_id: 'strict' })).json;
      assert.ok(claimsOf(tokens.id_token).amr.includes('mfa'));
      assert.ok((await browser.authorizeSilently({ client_id: 'strict' })).code);
    });

    it('asks for it embedded too', async () => {
      const browser = app();
      const last = await browser.embed('ada@example.com', { client_id: 'strict' });
      const answer = await browser.redeem(last, { client_id: 'strict' });
      assert.ok(claimsOf(answer.json.id_token).amr.includes('mfa'), answer.text);
    });
  });
});
