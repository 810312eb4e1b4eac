import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { IdxClient, Json } from './idx-client.js';
import { startIdxOrg, TWO_FACTORS, type IdxOrg } from './idx-org.js';

const profile = { email: 'nina@example.com', firstName: 'Nina', lastName: 'New' };

describe('Signing up', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg();
  });
  after(() => org.close());

  async function signUp(userProfile: object, passcode = 'Lentils4all'): Promise<IdxClient> {
    const client = org.signIn();
    await client.introspect();
    await client.send('select-enroll-profile');
    await client.send('enroll-profile', { userProfile, credentials: { passcode } });
    return client;
  }

  /** Everything of an answer but what differs from one transaction to the next. */
  function shape(client: IdxClient): Json {
    const text = JSON.stringify(client.answer).replaceAll(client.answer.stateHandle, '*');
    return JSON.parse(text.replaceAll(client.answer.expiresAt, '*').replace(/\w+@example\.com/g, '*'));
  }

  it('creates the account once the address is proved', async () => {
    const client = await signUp(profile);
    assert.deepEqual(client.names, ['enroll-authenticator']);
    assert.equal(org.directory.findByLogin(profile.email), undefined);
    const mail = await org.mailbox.waitFor(profile.email);
    assert.match(mail.text, /creating an account at Test org/);
    await client.passcode('enroll-authenticator', mail.code!);
    assert.ok(client.interactionCode);
    const user = org.directory.findByLogin(profile.email)!;
    assert.deepEqual(user.profile, { login: profile.email, ...profile });
    assert.deepEqual([user.status, user.emailVerified, user.groups], ['ACTIVE', true, ['Everyone']]);
    assert.deepEqual(org.results.at(-1), { ...org.results.at(-1), userId: user.id, amr: ['pwd', 'email', 'mfa'] });

    const next = org.signIn();
    await next.password('NINA@example.com', 'Lentils4all');
    assert.ok(next.interactionCode);
  });

  it('needs no other factor when a policy wants two: password and address are both proved', async () => {
    org.decide = () => TWO_FACTORS;
    const client = await signUp({ ...profile, email: 'nora@example.com' });
    await client.passcode('enroll-authenticator', org.mailbox.messages('nora@example.com')[0]!.code!);
    assert.ok(client.interactionCode);
  });

  it('treats an address that has an account like any other, and tells its owner', async () => {
    const taken = await signUp({ ...profile, email: 'Sally@example.com' });
    const free = await signUp({ ...profile, email: 'frida@example.com' });
    assert.deepEqual(shape(taken), shape(free));
    const [mail] = org.mailbox.messages('sally@example.com');
    assert.equal(mail?.subject, 'You already have an account');
    assert.equal(mail?.code, undefined);
    for (const client of [taken, free]) await client.passcode('enroll-authenticator', '000000');
    assert.equal(taken.status, free.status);
    assert.deepEqual(shape(taken), shape(free));
    await taken.send('resend');
    assert.equal(taken.status, 200);
    assert.equal(org.mailbox.messages('sally@example.com').length, 2);
  });

  it('gives an address to the first who proves it', async () => {
    const email = 'both@example.com';
    const first = await signUp({ ...profile, email });
    const firstCode = org.mailbox.messages(email).at(-1)!.code!;
    const second = await signUp({ ...profile, email }, 'Others4all');
    const secondCode = org.mailbox.messages(email).at(-1)!.code!;
    await second.passcode('enroll-authenticator', secondCode);
    assert.ok(second.interactionCode);
    await first.passcode('enroll-authenticator', firstCode);
    assert.deepEqual([first.status, first.interactionCode], [400, undefined]);
    assert.equal(await org.directory.verifyPassword(org.directory.findByLogin(email)!.id, 'Others4all'), true);
  });

  it('says what is wrong with the profile, beside the field', async () => {
    const cases: [object, string, string][] = [
      [{ ...profile, email: 'no-address' }, 'email', 'registration.error.invalidLoginEmail'],
      [{ ...profile, firstName: '  ' }, 'firstName', 'model.validation.field.blank'],
      [{ ...profile, lastName: 'x'.repeat(51) }, 'lastName', 'errors.E0000001'],
    ];
    for (const [userProfile, field, key] of cases) {
      const client = await signUp(userProfile);
      assert.equal(client.status, 400);
      const fields = client.form('enroll-profile').value[0].form.value;
      assert.equal(fields.find((one: Json) => one.name === field).messages.value[0].i18n.key, key);
      assert.equal(client.answer.messages, undefined, 'not on the whole form');
    }
  });

  it('holds a password to the rules it shows', async () => {
    const client = await signUp(profile, 'Nina1234');
    const { complexity } = client.answer.currentAuthenticator.value.settings;
    assert.deepEqual([complexity.minLength, complexity.minLowerCase, complexity.excludeUsername], [8, 1, true]);
    for (const weak of ['Nina1234', 'short4A', 'nouppercase1', 'NOLOWERCASE1', 'NoNumbersHere', 'x'.repeat(73)]) {
      const { status, messages } = await signUp(profile, weak);
      assert.deepEqual([status, messages], [400, ['password.passwordRequirementsNotMet']], weak);
    }
  });

  it('goes back to signing in', async () => {
    const client = org.signIn();
    await client.introspect();
    await client.send('select-enroll-profile');
    await client.send('select-identify');
    assert.equal(client.names[0], 'identify');
  });
});

describe('An org without registration', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ registration: false });
  });
  after(() => org.close());

  it('neither offers it nor lets anybody in who asks for it', async () => {
    const client = org.signIn();
    await client.introspect();
    assert.deepEqual(client.names, ['identify', 'unlock-account']);
    const { stateHandle } = client.answer;
    for (const path of ['enroll', 'enroll/new']) {
      await client.post(path, { stateHandle, userProfile: profile, credentials: { passcode: 'Lentils4all' } });
      assert.deepEqual([client.status, client.messages], [403, ['security.access_denied']]);
    }
    assert.equal(org.directory.findByLogin(profile.email), undefined);
  });
});
