import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSeed } from '../../src/org/default-seed.js';
import { createOrg } from '../../src/org/index.js';
import { extendConfig, parseSeed, readSeed, SeedError } from '../../src/org/seed.js';

const ada = { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' };

function pathsOf(seed: unknown): string[] {
  try {
    parseSeed(seed);
    return [];
  } catch (error) {
    assert.ok(error instanceof SeedError);
    for (const path of error.paths) assert.ok(error.message.includes(path || 'the seed itself'), error.message);
    return error.paths;
  }
}

describe('a seed', () => {
  it('may be empty: everything has a default', () => {
    const config = parseSeed({});
    assert.deepEqual(config.users, []);
    assert.equal(config.signIn.lockoutAttempts, 10);
    assert.equal(config.authorizationServer.audience, 'api://default');
    assert.equal(config.branding.widgetGeneration, 2);
  });

  it('of our own is valid', () => {
    const config = parseSeed(defaultSeed);
    assert.equal(config.users.length, 3);
    assert.ok(
      config.users.some(({ groups }) => groups.some((name) => name.includes(' '))),
      'a group name has a space',
    );
  });

  const wrong: [string, unknown, string[]][] = [
    ['is not an object', [], ['']],
    ['has a field nobody knows', { user: [] }, ['user']],
    ['has a misspelt field deep inside', { users: [{ ...ada, pasword: 'x' }] }, ['users[0].pasword']],
    ['lacks a name', { users: [{ login: 'ada', lastName: 'L' }] }, ['users[0].firstName']],
    ['has an email that is none', { users: [ada, { ...ada, login: 'b', email: 'b' }] }, ['users[1].email']],
    [
      'has an email twice',
      {
        users: [
          { ...ada, email: 'a@example.com' },
          { ...ada, login: 'b', email: 'A@example.com' },
        ],
      },
      ['users[1].email'],
    ],
    [
      'has the login of one user as the email of another',
      { users: [ada, { ...ada, login: 'b', email: 'ADA@example.com' }] },
      ['users[1].email'],
    ],
    [
      'has the email of one user as the login of another',
      {
        users: [
          { ...ada, login: 'a', email: 'b@example.com' },
          { ...ada, login: 'b@example.com' },
        ],
      },
      ['users[1].login'],
    ],
    ['has a user twice', { users: [ada, { ...ada, login: 'ADA@example.com' }] }, ['users[1].login']],
    ['has a user in a group that is not there', { users: [{ ...ada, groups: ['Members'] }] }, ['users[0].groups[0]']],
    ['has a TOTP secret that is not Base32', { users: [{ ...ada, totpSecret: 'no-1' }] }, ['users[0].totpSecret']],
    ['has a TOTP secret of no byte', { users: [{ ...ada, totpSecret: 'A' }] }, ['users[0].totpSecret']],
    [
      'has a TOTP secret of nine bytes, which no authenticator app takes',
      { users: [{ ...ada, totpSecret: 'JBSWY3DPEHPK3PX=' }] },
      ['users[0].totpSecret'],
    ],
    [
      'has a redirect URI without a scheme',
      { clients: [{ id: 'app', redirectUris: ['localhost:8080'] }] },
      ['clients[0].redirectUris[0]'],
    ],
    [
      'has a redirect URI with a fragment',
      { clients: [{ id: 'app', redirectUris: ['http://a/#b'] }] },
      ['clients[0].redirectUris[0]'],
    ],
    ['has a client twice', { clients: [{ id: 'app' }, { id: 'app' }] }, ['clients[1].id']],
    ['has a trusted origin with a path', { trustedOrigins: ['http://localhost:8080/'] }, ['trustedOrigins[0]']],
    ['has a custom domain with a port', { customDomains: ['login.example:8080'] }, ['customDomains[0]']],
    ['has a colour by name', { branding: { primaryColor: 'red' } }, ['branding.primaryColor']],
    [
      'has pictures at no address',
      { branding: { logo: 'http://', backgroundImage: 'https:// a' } },
      ['branding.logo', 'branding.backgroundImage'],
    ],
    [
      'has an identity provider whose address would be another',
      { signIn: { identityProviders: [{ id: '..', name: 'Up' }] } },
      ['signIn.identityProviders[0].id'],
    ],
    [
      'has an identity provider twice',
      {
        signIn: {
          identityProviders: [
            { id: 'partner', name: 'Partner' },
            { id: 'partner', name: 'Another' },
          ],
        },
      },
      ['signIn.identityProviders[1].id'],
    ],
    ['has a logo that is no picture', { branding: { logo: 'data:text/html,x' } }, ['branding.logo']],
    [
      'has a policy for a client that is not there',
      { authorizationServer: { policies: [{ name: 'P', clients: ['app'] }] } },
      ['authorizationServer.policies[0].clients[0]'],
    ],
    [
      'has a rule for people and groups that are not there',
      {
        authorizationServer: {
          policies: [{ name: 'P', rules: [{ name: 'R', action: 'ALLOW', groups: ['G'], users: ['u'] }] }],
        },
      },
      ['authorizationServer.policies[0].rules[0].groups[0]', 'authorizationServer.policies[0].rules[0].users[0]'],
    ],
    [
      'has a claim that is no regular expression',
      { authorizationServer: { claims: [{ name: 'g', groups: '(' }] } },
      ['authorizationServer.claims[0].groups'],
    ],
    [
      'has a claim from nowhere',
      { authorizationServer: { claims: [{ name: 'g' }] } },
      ['authorizationServer.claims[0]'],
    ],
    [
      'has several mistakes: all are named',
      { users: [{}], branding: { name: '' } },
      ['users[0].login', 'users[0].firstName', 'users[0].lastName', 'branding.name'],
    ],
  ];
  for (const [name, seed, paths] of wrong) {
    it(`is refused when it ${name}`, () => assert.deepEqual(pathsOf(seed), paths));
  }

  it('may have what is only nearly wrong', () => {
    const users = [
      { ...ada, email: 'ADA@example.com' },
      { ...ada, login: 'b', email: 'b@example.com', totpSecret: 'JBSWY3DPEHPK3PXP' },
    ];
    const branding = { logo: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', backgroundImage: 'https://a/b.svg#view' };
    assert.deepEqual(pathsOf({ users, branding }), []);
  });

  it('is refused before anything listens', async () => {
    await assert.rejects(createOrg({ seed: { users: [{ ...ada, login: '' }] } }), {
      name: 'SeedError',
      message: /users\[0\]\.login/,
    });
  });

  it('may come from a file', () => {
    assert.throws(() => readSeed('/nowhere/org.json'), {
      name: 'SeedError',
      message: /\/nowhere\/org\.json cannot be read/,
    });
    assert.throws(() => readSeed(new URL(import.meta.url).pathname), { name: 'SeedError', message: /is not JSON/ });
  });

  it('can let in applications under development', () => {
    const config = extendConfig(parseSeed(defaultSeed), ['http://localhost:9999/shop'], ['login.example']);
    assert.ok(config.clients[0]!.redirectUris.includes('http://localhost:9999/shop'));
    assert.ok(config.clients[0]!.postLogoutRedirectUris.includes('http://localhost:9999/shop'));
    assert.ok(config.trustedOrigins.includes('http://localhost:9999'));
    assert.ok(config.customDomains.includes('login.example'));
    assert.throws(() => extendConfig(config, ['shop'], []), SeedError);
    assert.throws(() => extendConfig(config, [], ['a:b']), SeedError);
  });
});
