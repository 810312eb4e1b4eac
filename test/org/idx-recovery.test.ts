import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { totpCode, totpCounter } from '../../src/org/totp.js';
import type { IdxClient, Json } from './idx-client.js';
import { ALLOWED, startIdxOrg, TOTP_SECRET, TWO_FACTORS, type IdxOrg } from './idx-org.js';

/** Everything of an answer but what differs from one transaction, or one name, to the next. */
function shape(client: IdxClient, identifier: string): Json {
  const text = JSON.stringify(client.answer).replaceAll(client.answer.stateHandle, '*');
  const named = text.replaceAll(client.answer.expiresAt, '*').replaceAll(identifier, '*');
  return JSON.parse(named.replace(/"(lae|eae|uft)\w{17}"/g, '"$1*"'));
}

describe('Recovering a password', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg();
  });
  after(() => org.close());
  afterEach(() => {
    org.decide = () => ALLOWED;
  });

  async function forgot(identifier: string): Promise<IdxClient> {
    const client = org.signIn();
    await client.introspect();
    await client.send('recover');
    assert.deepEqual(client.names, ['identify-recovery']);
    await client.send('identify-recovery', { identifier });
    return client;
  }

  async function proved(identifier: string): Promise<IdxClient> {
    const client = await forgot(identifier);
    await client.passcode('challenge-authenticator', org.mailbox.messages(identifier).at(-1)!.code!);
    return client;
  }

  it('sends a code, takes a new password and signs in', async () => {
    const client = await forgot('sally@example.com');
    const mail = await org.mailbox.waitFor('sally@example.com');
    assert.match(mail.text, /new password was asked for/);
    await client.passcode('challenge-authenticator', mail.code!);
    assert.deepEqual(client.names, ['reset-authenticator']);
    assert.equal(client.answer.currentAuthenticator.value.settings.age.historyCount, 4);
    await client.passcode('reset-authenticator', 'Porridge4all');
    assert.ok(client.interactionCode);
    const old = org.signIn();
    await old.password('sally@example.com', 'Crisps4all');
    assert.equal(old.status, 401);
    await old.identify('sally@example.com', 'Porridge4all');
    assert.ok(old.interactionCode);
  });

  it('refuses a password that is weak or was used lately', async () => {
    const client = await proved('sally@example.com');
    for (const refused of ['weak', 'Porridge4all', 'Crisps4all']) {
      await client.passcode('reset-authenticator', refused);
      assert.deepEqual([client.status, client.messages], [400, ['password.passwordRequirementsNotMet']], refused);
    }
    await client.passcode('reset-authenticator', 'Muesli4all');
    assert.ok(client.interactionCode);
  });

  it('answers the same for names nobody has, and for whoever may not recover', async () => {
    const known = await forgot('sally@example.com');
    for (const name of ['nobody@example.com', 'sue@example.com', 'just-a-name']) {
      const sent = org.mailbox.messages().length;
      const other = await forgot(name);
      assert.deepEqual(shape(other, name), shape(known, 'sally@example.com'), name);
      assert.equal(org.mailbox.messages().length, sent, 'nothing is sent');
    }
    const unknown = await forgot('nobody@example.com');
    for (const client of [known, unknown]) {
      await client.passcode('challenge-authenticator', '000000');
      assert.deepEqual([client.status, client.messages], [401, ['api.authn.error.PASSCODE_INVALID']]);
      await client.send('resend');
      assert.equal(client.status, 200);
    }
  });

  it('does not ask again whom the password page already names', async () => {
    const first = await startIdxOrg({ identifierFirst: true });
    try {
      const client = first.signIn();
      await client.introspect();
      await client.send('identify', { identifier: 'sally@example.com' });
      await client.send('recover');
      assert.deepEqual(client.names, ['challenge-authenticator']);
      assert.equal(first.mailbox.messages('sally@example.com').length, 1);
    } finally {
      await first.close();
    }
  });

  it('asks for the name when signing in with it failed', async () => {
    const client = org.signIn();
    await client.password('nick', 'wrong');
    const sent = org.mailbox.messages().length;
    await client.send('recover');
    assert.deepEqual(client.names, ['identify-recovery']);
    assert.equal(org.mailbox.messages().length, sent);
  });

  it('is not enough for whoever has an authenticator app', async () => {
    const client = await proved('tom@example.com');
    await client.passcode('reset-authenticator', 'Walnuts4all');
    assert.equal(client.interactionCode, undefined);
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'google_otp');
    assert.deepEqual(client.names, ['challenge-authenticator'], 'the mail cannot stand in for it');

    const next = org.signIn();
    await next.password('tom@example.com', 'Walnuts4all');
    assert.deepEqual(next.names, ['challenge-authenticator'], 'nor in a later sign-in');
    await next.passcode('challenge-authenticator', totpCode(TOTP_SECRET, totpCounter(org.clock.now())));
    assert.ok(next.interactionCode);

    const afterwards = org.signIn();
    await afterwards.password('tom@example.com', 'Walnuts4all');
    assert.deepEqual(afterwards.names, ['challenge-authenticator', 'select-authenticator-authenticate']);
  });

  it('counts the mailed code as the second factor of whoever has no other', async () => {
    org.decide = () => TWO_FACTORS;
    const client = await proved('nick@example.com');
    await client.passcode('reset-authenticator', 'Dates4all');
    assert.ok(client.interactionCode);
    assert.deepEqual(org.results.at(-1)?.amr, ['pwd', 'email', 'mfa']);
  });

  it('ends every sign-in under way that was begun with the old password', async () => {
    org.decide = () => TWO_FACTORS;
    const stale = org.signIn();
    await stale.password('sally@example.com', 'Muesli4all');
    const code = org.mailbox.messages('sally@example.com').at(-1)!.code!;
    const client = await proved('sally@example.com');
    await client.passcode('reset-authenticator', 'Granola4all');
    await stale.passcode('challenge-authenticator', code);
    assert.deepEqual([stale.status, stale.messages], [401, ['idx.session.expired']]);
    assert.equal(stale.interactionCode, undefined);
  });
});

describe('Locking an account', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ lockoutAttempts: 3 });
  });
  after(() => org.close());

  async function fail(identifier: string, times: number): Promise<(string | number)[]> {
    const outcomes: (string | number)[] = [];
    for (let i = 0; i < times; i++) {
      const client = org.signIn();
      await client.password(identifier, `wrong-${i}`);
      outcomes.push(client.status, ...client.messages);
    }
    return outcomes;
  }

  const LOCKED = [401, 'errors.E0000004', 401, 'errors.E0000004', 403, 'errors.E0000119', 403, 'errors.E0000119'];

  it('happens after the configured number of failures, and then the right password does not help', async () => {
    assert.deepEqual(await fail('sally@example.com', 4), LOCKED);
    const client = org.signIn();
    await client.password('sally@example.com', 'Crisps4all');
    assert.deepEqual([client.status, client.messages], [403, ['errors.E0000119']]);
    assert.equal(org.directory.findByLogin('sally@example.com')?.status, 'LOCKED_OUT');
    const [mail] = org.mailbox.messages('sally@example.com');
    assert.equal(mail?.subject, 'Your account is locked');
  });

  it('happens to names nobody has as well', async () => {
    assert.deepEqual(await fail('nobody@example.com', 4), LOCKED);
  });

  it('counts attempts made at the same time', async () => {
    const clients = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const client = org.signIn();
        await client.introspect();
        return client;
      }),
    );
    await Promise.all(clients.map((client, i) => client.identify('nick', i === 11 ? 'Figs4all' : `wrong-${i}`)));
    assert.equal(org.directory.findByLogin('nick')?.status, 'LOCKED_OUT');
    assert.equal(clients[11]?.interactionCode, undefined);
  });

  it('counts wrong codes of the authenticator app, and a right password between them does not help', async () => {
    const outcomes: number[] = [];
    for (let i = 0; i < 3; i++) {
      const client = org.signIn();
      await client.password('tom@example.com', 'Nuts4all!');
      await client.passcode('challenge-authenticator', '000000');
      outcomes.push(client.status);
    }
    assert.deepEqual(outcomes, [401, 401, 403]);
    assert.equal(org.directory.findByLogin('tom@example.com')?.status, 'LOCKED_OUT');
  });

  it('calls an account locked from the seed so only to whoever knows its password', async () => {
    assert.deepEqual(await fail('lock@example.com', 1), [401, 'errors.E0000004']);
    const client = org.signIn();
    await client.password('lock@example.com', 'Keys4all');
    assert.deepEqual([client.status, client.messages], [403, ['errors.E0000119']]);
  });

  it('never says that somebody is suspended', async () => {
    const client = org.signIn();
    await client.password('sue@example.com', 'Stop4all');
    assert.deepEqual([client.status, client.messages], [401, ['errors.E0000004']]);
  });

  it('starts counting again after a completed sign-in', async () => {
    org.directory.setStatus(org.directory.findByLogin('nick')!.id, 'ACTIVE');
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await fail('nick', 2), [401, 'errors.E0000004', 401, 'errors.E0000004']);
      const client = org.signIn();
      await client.password('nick', 'Figs4all');
      assert.ok(client.interactionCode);
    }
  });

  async function unlock(identifier: string): Promise<IdxClient> {
    const client = org.signIn();
    await client.introspect();
    await client.send('unlock-account');
    await client.choose('select-authenticator-unlock-account', 'Email', { identifier });
    return client;
  }

  it('is undone with a mailed code, which does not sign in', async () => {
    const client = await unlock('lock@example.com');
    await client.passcode('challenge-authenticator', org.mailbox.messages('lock@example.com').at(-1)!.code!);
    assert.equal(client.status, 200);
    assert.deepEqual(client.names, []);
    assert.equal(client.answer.messages.value[0].i18n.key, 'oie.selfservice.unlock_user.success.message');
    assert.equal(client.interactionCode, undefined);
    await client.send('cancel');
    await client.identify('lock@example.com', 'Keys4all');
    assert.ok(client.interactionCode);
  });

  it('is undone by choosing a new password', async () => {
    const client = org.signIn();
    await client.introspect();
    await client.send('recover');
    await client.send('identify-recovery', { identifier: 'sally@example.com' });
    await client.passcode('challenge-authenticator', org.mailbox.messages('sally@example.com').at(-1)!.code!);
    await client.passcode('reset-authenticator', 'Porridge4all');
    assert.ok(client.interactionCode);
    assert.equal(org.directory.findByLogin('sally@example.com')?.status, 'ACTIVE');
  });

  it('can be asked to be undone for any name, with the same answer', async () => {
    const known = await unlock('tom@example.com');
    const unknown = await unlock('nobody@example.com');
    assert.deepEqual(shape(known, 'tom@example.com'), shape(unknown, 'nobody@example.com'));
  });
});
