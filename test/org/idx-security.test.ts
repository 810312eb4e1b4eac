import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { totpCode, totpCounter } from '../../src/org/totp.js';
import type { Json } from './idx-client.js';
import { ALLOWED, startIdxOrg, TOTP_SECRET, TWO_FACTORS, type IdxOrg } from './idx-org.js';

describe('What a step accepts', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg();
  });
  after(() => org.close());
  afterEach(() => {
    org.decide = () => ALLOWED;
  });

  const PATHS = [
    'identify',
    'identify/select',
    'enroll',
    'enroll/new',
    'challenge',
    'challenge/answer',
    'challenge/resend',
    'challenge/poll',
    'credential/enroll',
    'recover',
    'unlock-account',
    'skip',
  ];

  /** The paths of the forms and buttons of an answer. */
  function offered(answer: Json): Set<string> {
    const found = new Set<string>();
    JSON.stringify(answer, (_key, value: Json) => {
      if (value?.rel?.[0] === 'create-form') found.add(new URL(value.href).pathname.replace('/idp/idx/', ''));
      return value;
    });
    return found;
  }

  it('is what it offered, and nothing else', async () => {
    org.decide = () => TWO_FACTORS;
    const steps: [string, (client: ReturnType<IdxOrg['signIn']>) => Promise<unknown>][] = [
      ['identify', async (client) => client.introspect()],
      ['password', async (client) => client.password('tom@example.com', 'Nuts4all!')],
      ['email', async (client) => client.password('sally@example.com', 'Crisps4all')],
      ['profile', async (client) => (await client.introspect(), client.send('select-enroll-profile'))],
      ['recovery', async (client) => (await client.introspect(), client.send('recover'))],
      ['unlock', async (client) => (await client.introspect(), client.send('unlock-account'))],
    ];
    for (const [name, reach] of steps) {
      const client = org.signIn();
      await reach(client);
      const { answer } = client;
      const open = offered(answer);
      assert.ok(open.size > 1, name);
      for (const path of PATHS.filter((one) => !open.has(one))) {
        const body = {
          stateHandle: answer.stateHandle,
          identifier: 'sally@example.com',
          credentials: { passcode: 'Crisps4all' },
          authenticator: { id: 'autlocalemail00000g4', methodType: 'email' },
          userProfile: { email: 'evil@example.com', firstName: 'E', lastName: 'Vil' },
        };
        await client.post(path, body);
        assert.deepEqual([client.status, client.messages], [403, ['security.access_denied']], `${path} at ${name}`);
        assert.deepEqual(offered(client.answer), open, 'the step stays as it was');
      }
    }
  });

  it('is one of the authenticators it listed', async () => {
    const client = org.signIn();
    await client.password('tom@example.com', 'Nuts4all!');
    const { stateHandle } = client.answer;
    const email = client.option('select-authenticator-authenticate', 'Email');
    const refused = [
      { id: 'autlocalpassword00g4' },
      { ...email, methodType: 'otp' },
      { id: [email.id] },
      { methodType: 'email' },
      {},
    ];
    for (const authenticator of refused) {
      await client.post('challenge', { stateHandle, authenticator });
      assert.ok([400, 403].includes(client.status), JSON.stringify(authenticator));
      assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'google_otp');
    }
    for (const authenticator of [undefined, null, 'x', 1, []]) {
      await client.post('challenge', { stateHandle, authenticator });
      assert.equal(client.status, 400);
    }
    await client.post('challenge', { stateHandle, authenticator: { id: email.id } });
    assert.equal(client.status, 200, 'the method may be left out');
  });

  it('does not include setting up a new factor to get round the one there is', async () => {
    org.decide = () => TWO_FACTORS;
    const sally = org.directory.findByLogin('sally@example.com')!;
    const early = org.signIn();
    await early.password('sally@example.com', 'Crisps4all');
    await early.passcode('challenge-authenticator', org.mailbox.messages('sally@example.com').at(-1)!.code!);
    await early.choose('select-authenticator-enroll', 'Google Authenticator');
    const { sharedSecret } = early.answer.currentAuthenticator.value.contextualData;
    // Meanwhile the owner sets up an app elsewhere.
    org.directory.setTotp(sally.id, TOTP_SECRET);
    await early.passcode('enroll-authenticator', totpCode(sharedSecret, totpCounter(org.clock.now())));
    assert.equal(org.directory.totpSecret(sally.id), TOTP_SECRET, 'it is not replaced');
    org.directory.removeTotp(sally.id);
  });

  it('is taken once, however many send it at the same time', async () => {
    const client = org.signIn();
    await client.introspect();
    const { stateHandle } = client.answer;
    const body = { stateHandle, identifier: 'sally@example.com', credentials: { passcode: 'Crisps4all' } };
    const before = org.results.length;
    const { directory } = org;
    const verify = directory.verifyPassword.bind(directory);
    directory.verifyPassword = async (id, password) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return verify(id, password);
    };
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const response = await fetch(`${org.origin}/idp/idx/identify`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Cookie: 'browser=browser-1', Origin: 'http://app.example' },
          body: JSON.stringify(body),
        });
        return response.status;
      }),
    );
    directory.verifyPassword = verify;
    assert.deepEqual(statuses.sort(), [200, 401, 401, 401, 401]);
    assert.equal(org.results.length, before + 1, 'one interaction code');
  });

  it('is of the kind and size the form says', async () => {
    const client = org.signIn();
    const { stateHandle } = await client.introspect();
    const good = { stateHandle, identifier: 'sally@example.com', credentials: { passcode: 'Crisps4all' } };
    const bodies: Json[] = [
      { ...good, identifier: 5 },
      { ...good, identifier: { $ne: null } },
      { ...good, identifier: '' },
      { ...good, identifier: 'x'.repeat(257) },
      { ...good, credentials: 'Crisps4all' },
      { ...good, credentials: { passcode: ['Crisps4all'] } },
      { ...good, credentials: { passcode: 'x'.repeat(257) } },
      { ...good, credentials: {} },
      { ...good, rememberMe: 'yes' },
      { stateHandle },
      { ...good, identifier: undefined, __proto__: { identifier: 'sally@example.com' } },
    ];
    for (const body of bodies) {
      await client.post('identify', body);
      assert.equal(client.status, 400, JSON.stringify(body).slice(0, 80));
      assert.equal(client.names[0], 'identify');
    }
    await client.post('identify', `{"__proto__":{"identifier":"sally@example.com"},"stateHandle":"${stateHandle}"}`);
    assert.equal(client.status, 400);
    await client.post('identify', good);
    assert.ok(client.interactionCode);
  });

  it('is answered even when the org itself fails, without saying how', async (t) => {
    const logged = t.mock.method(console, 'error', () => {});
    org.decide = () => {
      throw new Error('secret detail');
    };
    const client = org.signIn();
    await client.password('sally@example.com', 'Crisps4all');
    assert.deepEqual([client.status, client.messages], [500, ['errors.E0000009']]);
    assert.ok(!JSON.stringify(client.answer).includes('secret'));
    assert.equal(logged.mock.callCount(), 1);
  });

  it('is well-formed JSON of a moderate length, sent by POST', async () => {
    const client = org.signIn();
    const { stateHandle } = await client.introspect();
    for (const body of ['', '{', '[]', 'null', '"text"', '{"a":1}}']) {
      await client.post('identify', body);
      assert.deepEqual([client.status, client.messages], [400, ['errors.E0000003']], body);
    }
    await client.post('identify', { stateHandle, identifier: 'x'.repeat(20_000) });
    assert.equal(client.status, 413);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      await client.post('identify', { stateHandle }, { 'Content-Type': type });
      assert.deepEqual([client.status, client.messages], [415, ['errors.E0000012']], type);
    }
    await client.post('identify/unheard-of', { stateHandle });
    assert.deepEqual([client.status, client.messages], [404, ['errors.E0000008']]);
    const get = await fetch(`${org.origin}/idp/idx/identify`);
    assert.equal(get.status, 405);
    assert.equal((await get.json()).version, '1.0.0');
  });
});

describe('Whom a sign-in belongs to', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ stateLifetimeSeconds: 600 });
  });
  after(() => org.close());

  const EXPIRED = [401, ['idx.session.expired']];

  it('is the browser that began it, when hosted', async () => {
    const client = org.signIn({ kind: 'hosted' });
    const { stateHandle } = await client.introspect();
    for (const other of ['browser-2', '']) {
      client.browserId = other;
      await client.introspect();
      assert.deepEqual([client.status, client.messages], EXPIRED);
      await client.post('identify', { stateHandle, identifier: 'x', credentials: { passcode: 'y' } });
      assert.deepEqual([client.status, client.messages], EXPIRED);
      assert.equal(client.answer.remediation, undefined);
    }
    client.browserId = 'browser-1';
    await client.introspect();
    assert.equal(client.status, 200);
  });

  it('is the first browser that shows itself, when it was begun without a cookie', async () => {
    const client = org.signIn({ browserId: '' });
    await client.introspect();
    client.browserId = 'browser-1';
    await client.introspect();
    assert.equal(client.status, 200);
    client.browserId = 'browser-2';
    await client.introspect();
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('may come without a cookie when embedded, but not with another', async () => {
    const client = org.signIn();
    client.browserId = '';
    await client.introspect();
    assert.equal(client.status, 200);
    client.browserId = 'browser-2';
    await client.introspect();
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('is the page it was first shown on', async () => {
    const client = org.signIn();
    await client.introspect();
    for (const origin of ['http://evil.example', undefined]) {
      client.pageOrigin = origin;
      await client.introspect();
      assert.deepEqual([client.status, client.messages], EXPIRED);
    }
  });

  it('is the host name it was begun on', async () => {
    const client = org.signIn({ origin: 'http://login.example' });
    await client.introspect();
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('is nobody once its time is over', async () => {
    const client = org.signIn();
    const { stateHandle, expiresAt } = await client.introspect();
    assert.equal(new Date(expiresAt).getTime() - org.clock.now() > 590_000, true);
    org.clock.advance(600_000);
    await client.post('identify', {
      stateHandle,
      identifier: 'sally@example.com',
      credentials: { passcode: 'Crisps4all' },
    });
    assert.deepEqual([client.status, client.messages], EXPIRED);
    await client.introspect();
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('is nobody after the interaction code was given out', async () => {
    const client = org.signIn();
    await client.password('sally@example.com', 'Crisps4all');
    const { stateHandle } = client.answer;
    await client.post('cancel', { stateHandle });
    assert.deepEqual([client.status, client.messages], EXPIRED);
    await client.introspect();
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('is nobody for a handle of another kind or none', async () => {
    const client = org.signIn();
    const { stateHandle } = await client.introspect();
    for (const body of [
      { interactionHandle: stateHandle },
      { stateToken: client.handles.interactionHandle },
      { interactionHandle: { length: 1 } },
      { interactionHandle: 'constructor' },
      {},
    ]) {
      await client.post('introspect', body);
      assert.deepEqual([client.status, client.messages], EXPIRED, JSON.stringify(body));
    }
    await client.post('cancel', { stateHandle: client.handles.interactionHandle });
    assert.deepEqual([client.status, client.messages], EXPIRED);
  });

  it('is a user who may still sign in', async () => {
    const client = org.signIn();
    await client.password('tom@example.com', 'Nuts4all!');
    org.directory.setStatus(org.directory.findByLogin('tom@example.com')!.id, 'SUSPENDED');
    await client.passcode('challenge-authenticator', totpCode(TOTP_SECRET, totpCounter(org.clock.now())));
    assert.equal(client.status, 403);
    assert.equal(client.interactionCode, undefined);
  });
});

describe('What an answer gives away', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ identifierFirst: true, lockoutAttempts: 1000 });
  });
  after(() => org.close());

  it('is the same for names nobody has', async () => {
    const answers: string[] = [];
    for (const identifier of ['sally@example.com', 'tom@example.com', 'nobody@example.com', 'sue@example.com']) {
      const client = org.signIn();
      await client.introspect();
      await client.send('identify', { identifier });
      const first = JSON.stringify(client.answer);
      await client.passcode('challenge-authenticator', 'wrong');
      const { stateHandle, expiresAt } = client.answer;
      const both = `${first}\n${client.status}\n${JSON.stringify(client.answer)}`;
      answers.push(
        both
          .replaceAll(stateHandle, '*')
          .replace(/"expiresAt":"[^"]+"/g, '')
          .replaceAll(expiresAt, '*')
          .replaceAll(identifier, '*')
          .replace(/"lae\w{17}"/g, '"lae*"'),
      );
    }
    assert.equal(new Set(answers).size, 1, answers.join('\n\n'));
  });

  it('is not how long a wrong password takes', async () => {
    const times: Record<string, number[]> = { 'sally@example.com': [], 'nobody@example.com': [] };
    for (let i = 0; i < 25; i++) {
      for (const identifier of Object.keys(times)) {
        const client = org.signIn();
        await client.introspect();
        await client.send('identify', { identifier });
        const start = process.hrtime.bigint();
        await client.passcode('challenge-authenticator', 'wrong');
        times[identifier]!.push(Number(process.hrtime.bigint() - start));
      }
    }
    const [known, unknown] = Object.values(times).map((all) => all.sort((a, b) => a - b)[12]!);
    assert.ok(known! / unknown! < 2 && unknown! / known! < 2, `${known} and ${unknown} ns`);
  });

  it('is no id and no address before the password', async () => {
    const client = org.signIn();
    await client.introspect();
    await client.send('identify', { identifier: 'nick' });
    const { id, profile } = org.directory.findByLogin('nick')!;
    for (const secret of [id, profile.email, profile.firstName]) {
      assert.ok(!JSON.stringify(client.answer).includes(secret), secret);
    }
  });
});
