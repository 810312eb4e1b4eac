import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { totpCode, totpCounter } from '../../src/org/totp.js';
import { ALLOWED, startIdxOrg, TOTP_SECRET, TWO_FACTORS, type IdxOrg } from './idx-org.js';

describe('Signing in with the Identity Engine', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg();
  });
  after(() => org.close());
  afterEach(() => {
    org.decide = () => ALLOWED;
    org.results.length = 0;
  });

  const code = (shift = 0): string => totpCode(TOTP_SECRET, totpCounter(org.clock.now()) + shift);

  it('takes identifier and password on one page and ends with an interaction code', async () => {
    const client = org.signIn();
    await client.introspect();
    assert.deepEqual(client.names, ['identify', 'select-enroll-profile', 'unlock-account']);
    await client.identify('sally@example.com', 'Crisps4all', true);
    assert.equal(client.interactionCode, 'code-1');
    const [result] = org.results;
    assert.equal(result?.userId, org.directory.findByLogin('sally@example.com')?.id);
    assert.deepEqual(result?.amr, ['pwd']);
    assert.equal(result?.remember, true);
    assert.equal(client.headers.get('x-session-of'), result?.userId);
  });

  it('finds a user by login or email, whichever case', async () => {
    for (const name of ['nick', 'NICK@Example.com', ' Nick ']) {
      const client = org.signIn();
      await client.password(name, 'Figs4all');
      assert.ok(client.interactionCode, name);
    }
  });

  it('ends a hosted sign-in with a redirect that is good once, in this browser', async () => {
    const client = org.signIn({ kind: 'hosted', clientId: 'shop' });
    await client.password('sally@example.com', 'Crisps4all');
    const token = client.redirectToken;
    assert.ok(token);
    assert.equal(new URL(client.answer.success.href).pathname, '/login/token/redirect');
    await client.introspect();
    assert.equal(client.redirectToken, token, 'a reload shows the same');
    assert.equal(org.engine.finished(token, 'browser-2'), undefined);
    assert.equal(org.engine.finished(client.handles.stateToken, 'browser-1'), undefined);
    const outcome = org.engine.finished(token, 'browser-1');
    assert.equal(outcome?.request.clientId, 'shop');
    assert.deepEqual(outcome?.amr, ['pwd']);
    assert.equal(org.engine.finished(token, 'browser-1'), undefined);
  });

  it('says that a password is wrong and takes the right one afterwards', async () => {
    const client = org.signIn();
    await client.password('sally@example.com', 'wrong');
    assert.equal(client.status, 401);
    assert.deepEqual(client.messages, ['errors.E0000004']);
    assert.deepEqual(client.names, ['identify', 'select-enroll-profile', 'unlock-account']);
    await client.identify('sally@example.com', 'Crisps4all');
    assert.ok(client.interactionCode);
  });

  it('fills in the identifier the app suggests', async () => {
    const client = org.signIn({ loginHint: 'sally@example.com' });
    const answer = await client.introspect();
    assert.equal(answer.remediation.value[0].value[0].value, 'sally@example.com');
  });

  it('asks whoever has an authenticator app for its code', async () => {
    const client = org.signIn();
    await client.password('tom@example.com', 'Nuts4all!');
    assert.equal(client.interactionCode, undefined);
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'google_otp');
    await client.passcode('challenge-authenticator', '000000');
    assert.equal(client.status, 401);
    assert.deepEqual(client.messages, ['api.authn.error.PASSCODE_INVALID']);
    const good = code();
    await client.passcode('challenge-authenticator', `${good.slice(0, 3)} ${good.slice(3)}`);
    assert.ok(client.interactionCode);
    assert.deepEqual(org.results[0]?.amr, ['pwd', 'otp', 'mfa']);
  });

  it('takes a code once, and none from before it', async () => {
    org.clock.advance(90_000);
    const used = code(1);
    const earlier = code();
    const first = org.signIn();
    await first.password('tom@example.com', 'Nuts4all!');
    await first.passcode('challenge-authenticator', used);
    assert.ok(first.interactionCode);
    const second = org.signIn();
    await second.password('tom@example.com', 'Nuts4all!');
    for (const again of [used, earlier]) {
      await second.passcode('challenge-authenticator', again);
      assert.equal(second.status, 401);
      assert.deepEqual(second.messages, ['authfactor.challenge.soft_token.used_passcode']);
    }
  });

  it('takes a code one period early or late, and no further', async () => {
    for (const [shift, taken] of [
      [-2, false],
      [2, false],
      [-1, true],
    ] as const) {
      org.clock.advance(120_000);
      const client = org.signIn();
      await client.password('tom@example.com', 'Nuts4all!');
      await client.passcode('challenge-authenticator', code(shift));
      assert.equal(client.interactionCode !== undefined, taken, `shift ${shift}`);
    }
  });

  it('lets the user choose between authenticators', async () => {
    const client = org.signIn();
    await client.password('tom@example.com', 'Nuts4all!');
    await client.choose('select-authenticator-authenticate', 'Email');
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'okta_email');
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.profile.email, 't***m@example.com');
    await client.choose('select-authenticator-authenticate', 'Google Authenticator');
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'google_otp');
    await client.choose('select-authenticator-authenticate', 'Email');
    const mail = org.mailbox.messages('tom@example.com').at(-1);
    await client.passcode('challenge-authenticator', mail!.code!);
    assert.ok(client.interactionCode);
    assert.deepEqual(org.results[0]?.amr, ['pwd', 'email', 'mfa']);
  });

  it('asks for a mailed code when a policy wants a second factor and there is no other', async () => {
    org.decide = () => TWO_FACTORS;
    const client = org.signIn();
    await client.password('sally@example.com', 'Crisps4all');
    const mail = await org.mailbox.waitFor('sally@example.com');
    assert.match(mail.text, /signing in to Test org/);
    await client.passcode('challenge-authenticator', mail.code!);
    assert.deepEqual(client.names, ['select-authenticator-enroll', 'skip']);
    await client.send('skip');
    assert.ok(client.interactionCode);
    assert.deepEqual(org.results[0]?.amr, ['pwd', 'email', 'mfa']);
  });

  it('offers the authenticator app until it is declined', async () => {
    org.decide = () => TWO_FACTORS;
    const client = org.signIn();
    await client.password('sally@example.com', 'Crisps4all');
    await client.passcode('challenge-authenticator', org.mailbox.messages('sally@example.com').at(-1)!.code!);
    assert.ok(client.interactionCode, 'declined in the test before');
  });

  it('sets up an authenticator app', async () => {
    org.decide = () => TWO_FACTORS;
    const client = org.signIn();
    await client.password('nick', 'Figs4all');
    await client.passcode('challenge-authenticator', org.mailbox.messages('nick@example.com').at(-1)!.code!);
    await client.choose('select-authenticator-enroll', 'Google Authenticator');
    const { contextualData, key } = client.answer.currentAuthenticator.value;
    assert.equal(key, 'google_otp');
    assert.match(contextualData.qrcode.href, /^data:image\/png;base64,/);
    await client.passcode('enroll-authenticator', '000000');
    assert.equal(client.status, 401);
    assert.equal(client.answer.currentAuthenticator.value.contextualData.sharedSecret, contextualData.sharedSecret);
    const first = totpCode(contextualData.sharedSecret, totpCounter(org.clock.now()));
    await client.passcode('enroll-authenticator', first);
    assert.deepEqual(org.results[0]?.amr, ['pwd', 'otp', 'email', 'mfa']);

    org.decide = () => ALLOWED;
    const next = org.signIn();
    await next.password('nick', 'Figs4all');
    await next.passcode('challenge-authenticator', first);
    assert.equal(next.status, 401, 'the code of the enrolment is used up');
    org.clock.advance(30_000);
    await next.passcode('challenge-authenticator', totpCode(contextualData.sharedSecret, totpCounter(org.clock.now())));
    assert.ok(next.interactionCode);
  });

  it('asks for a second factor when the app does', async () => {
    for (const acrValues of [['urn:okta:loa:2fa:any'], ['phr', 'urn:okta:loa:2fa:any', 'urn:okta:loa:1fa:any']]) {
      const client = org.signIn({ acrValues });
      await client.password('sally@example.com', 'Crisps4all');
      assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'okta_email');
    }
  });

  it('asks for no second factor when one will do, or when no factor would', async () => {
    for (const acrValues of [['urn:okta:loa:1fa:any', 'urn:okta:loa:2fa:any'], ['phr'], ['gold']]) {
      const client = org.signIn({ acrValues });
      await client.password('sally@example.com', 'Crisps4all');
      assert.ok(client.interactionCode, acrValues.join(' '));
    }
  });

  it('makes whoever has no other way choose one', async () => {
    org.decide = () => TWO_FACTORS;
    org.directory.create({
      profile: { login: 'new@example.com', email: 'new@example.com', firstName: 'New', lastName: 'Here' },
    });
    const { id } = org.directory.findByLogin('new@example.com')!;
    await org.directory.setPassword(id, 'Beans4all');
    const client = org.signIn();
    await client.password('new@example.com', 'Beans4all');
    assert.deepEqual(client.names, ['select-authenticator-enroll']);
    await client.choose('select-authenticator-enroll', 'Email');
    assert.deepEqual(client.names, ['enroll-authenticator', 'select-authenticator-enroll']);
    await client.passcode('enroll-authenticator', org.mailbox.messages('new@example.com').at(-1)!.code!);
    assert.ok(client.interactionCode);
    assert.equal(org.directory.get(id)?.emailVerified, true);
  });

  it('asks a user with a session only for what is missing', async () => {
    const sessionUserId = org.directory.findByLogin('tom@example.com')!.id;
    const client = org.signIn({ sessionUserId, sessionAmr: ['pwd'], acrValues: ['urn:okta:loa:2fa:any'] });
    org.clock.advance(90_000);
    await client.introspect();
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'google_otp');
    assert.equal(client.answer.user.value.identifier, 'tom@example.com');
    await client.passcode('challenge-authenticator', code());
    assert.deepEqual(org.results[0]?.amr, ['pwd', 'otp', 'mfa']);
    assert.equal(org.results[0]?.userId, sessionUserId);
  });

  it('asks nothing of a user whose session says it all', async () => {
    const sessionUserId = org.directory.findByLogin('sally@example.com')!.id;
    const sessionAuthTime = Math.floor(org.clock.now() / 1000) - 100;
    const client = org.signIn({ sessionUserId, sessionAmr: ['pwd'], sessionAuthTime, maxAge: 200 });
    await client.introspect();
    assert.ok(client.interactionCode);
    assert.equal(org.results[0]?.authTime, sessionAuthTime);
    assert.equal(client.headers.get('x-session-of'), null, 'the session is left as it is');
  });

  it('asks for everything again when the app wants a fresh sign-in', async () => {
    const sessionUserId = org.directory.findByLogin('tom@example.com')!.id;
    const sessionAuthTime = Math.floor(org.clock.now() / 1000) - 100;
    for (const asked of [{ maxAge: 99 }, { prompt: 'login' }]) {
      org.clock.advance(90_000);
      const client = org.signIn({ sessionUserId, sessionAmr: ['pwd', 'otp', 'mfa'], sessionAuthTime, ...asked });
      await client.introspect();
      assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'okta_password');
      assert.equal(client.form('identify'), undefined, 'it stays this user');
      await client.passcode('challenge-authenticator', 'Nuts4all!');
      await client.passcode('challenge-authenticator', code());
      assert.ok(client.interactionCode);
    }
  });

  it('goes on for a user whom a policy denies: the OAuth half refuses, after the proof', async () => {
    org.decide = () => ({ allow: false, description: 'No.' });
    const hosted = org.signIn({ kind: 'hosted' });
    await hosted.password('sally@example.com', 'wrong');
    assert.deepEqual(hosted.messages, ['errors.E0000004']);
    await hosted.identify('sally@example.com', 'Crisps4all');
    assert.ok(hosted.redirectToken);
    const embedded = org.signIn();
    await embedded.password('sally@example.com', 'Crisps4all');
    assert.ok(embedded.interactionCode);
  });
});

describe('Signing in identifier first', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ identifierFirst: true, keepMeSignedIn: false, registration: false });
  });
  after(() => org.close());

  it('asks for the password on a page of its own', async () => {
    const client = org.signIn();
    await client.introspect();
    assert.deepEqual(client.names, ['identify', 'unlock-account']);
    assert.deepEqual(
      client.form('identify').value.map((field: { name: string }) => field.name),
      ['identifier', 'stateHandle'],
    );
    await client.send('identify', { identifier: 'sally@example.com' });
    assert.deepEqual(client.names, ['challenge-authenticator']);
    await client.passcode('challenge-authenticator', 'wrong');
    assert.deepEqual([client.status, client.messages], [401, ['incorrectPassword']]);
    await client.passcode('challenge-authenticator', 'Crisps4all');
    assert.ok(client.interactionCode);
  });

  it('starts over when the user goes back', async () => {
    const client = org.signIn();
    await client.introspect();
    await client.send('identify', { identifier: 'sally@example.com' });
    const { stateHandle } = client.answer;
    await client.send('cancel');
    assert.equal(client.status, 200);
    assert.deepEqual(client.names, ['identify', 'unlock-account']);
    assert.notEqual(client.answer.stateHandle, stateHandle);
    await client.post('challenge/answer', { stateHandle, credentials: { passcode: 'Crisps4all' } });
    assert.deepEqual([client.status, client.messages], [401, ['idx.session.expired']]);
    await client.introspect();
    assert.deepEqual(client.names, ['identify', 'unlock-account']);
  });
});
