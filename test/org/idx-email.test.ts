import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { SignInRequest } from '../../src/org/sign-in.js';
import type { IdxClient } from './idx-client.js';
import { startIdxOrg, TWO_FACTORS, type IdxOrg } from './idx-org.js';

describe('A mailed code', () => {
  let org: IdxOrg;
  before(async () => {
    org = await startIdxOrg({ lockoutAttempts: 1000 });
    org.decide = () => TWO_FACTORS;
    for (const { id } of org.directory.list()) org.directory.declineEnrollment(id);
  });
  after(() => org.close());
  beforeEach(() => org.clock.advance(3_600_000));

  async function toCode(request: Partial<SignInRequest> = {}): Promise<IdxClient> {
    const client = org.signIn(request);
    await client.password('sally@example.com', 'Crisps4all');
    assert.equal(client.answer.currentAuthenticatorEnrollment.value.key, 'okta_email');
    return client;
  }

  const last = () => org.mailbox.messages('sally@example.com').at(-1)!;
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('is good for five minutes', async () => {
    const client = await toCode();
    org.clock.advance(5 * 60_000);
    await client.passcode('challenge-authenticator', last().code!);
    assert.deepEqual([client.status, client.messages], [401, ['api.authn.error.PASSCODE_INVALID']]);
    await client.send('resend');
    org.clock.advance(5 * 60_000 - 1000);
    await client.passcode('challenge-authenticator', last().code!);
    assert.ok(client.interactionCode);
  });

  it('is good for five tries', async () => {
    const client = await toCode();
    const { code } = last();
    const outcomes: number[] = [];
    for (let i = 0; i < 5; i++) {
      await client.passcode('challenge-authenticator', wrong(code!));
      outcomes.push(client.status);
    }
    assert.deepEqual(outcomes, [401, 401, 401, 401, 429]);
    await client.passcode('challenge-authenticator', code!);
    assert.deepEqual([client.status, client.messages], [429, ['tooManyRequests']]);
  });

  it('belongs to one sign-in and is replaced by the next one sent', async () => {
    const other = await toCode();
    const othersCode = last().code!;
    const client = await toCode();
    const first = last().code!;
    await client.send('resend');
    const second = last().code!;
    assert.notEqual(second, first);
    for (const bad of [othersCode, first]) {
      await client.passcode('challenge-authenticator', bad);
      assert.equal(client.status, 401);
    }
    await client.passcode('challenge-authenticator', second);
    assert.ok(client.interactionCode);
    await other.passcode('challenge-authenticator', othersCode);
    assert.ok(other.interactionCode);
  });

  it('cannot be guessed by starting again and again', async () => {
    let refused = 0;
    let client = await toCode();
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 4; j++) {
        await client.passcode('challenge-authenticator', wrong(last().code!));
        if (client.status === 429) refused += 1;
      }
      client = await toCode();
    }
    assert.ok(refused > 0);
    await client.passcode('challenge-authenticator', last().code!);
    assert.equal(client.status, 429, 'not even the right one, for a while');
    org.clock.advance(3_600_000);
    client = await toCode();
    await client.passcode('challenge-authenticator', last().code!);
    assert.ok(client.interactionCode);
  });

  it('is not sent without end', async () => {
    const client = await toCode();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      await client.send('resend');
      statuses.push(client.status);
    }
    assert.deepEqual(statuses, [...Array(9).fill(200), 429]);
    await client.passcode('challenge-authenticator', last().code!);
    assert.ok(client.interactionCode, 'the last one is good');
  });

  describe('and its link', () => {
    const open = (link: string, browserId: string) =>
      fetch(link, { redirect: 'manual', headers: browserId ? { Cookie: `browser=${browserId}` } : {} });

    it('lets the hosted page go on, opened in the same browser', async () => {
      const client = await toCode({ kind: 'hosted' });
      assert.equal(client.form('poll').refresh, 4000);
      await client.send('poll');
      assert.deepEqual(client.names, ['challenge-authenticator']);
      const page = await open(last().link!, 'browser-1');
      assert.equal(page.status, 200);
      assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
      assert.doesNotMatch(await page.text(), new RegExp(last().code!));
      await client.send('poll');
      assert.ok(client.redirectToken);
      assert.equal((await open(last().link!, 'browser-1')).status, 410, 'once');
    });

    it('only shows the code, opened in another browser', async () => {
      const client = await toCode({ kind: 'hosted' });
      for (const browser of ['browser-2', '']) {
        const page = await open(last().link!, browser);
        assert.match(await page.text(), new RegExp(`<p class="code">${last().code}</p>`));
      }
      await client.send('poll');
      assert.equal(client.redirectToken, undefined);
      await client.passcode('challenge-authenticator', last().code!);
      assert.ok(client.redirectToken);
    });

    it('leads to the app of an embedded sign-in, with code and state', async () => {
      await toCode({ state: 'state of the app' });
      const answer = await open(last().link!, 'browser-1');
      assert.equal(answer.status, 302);
      const target = new URL(answer.headers.get('location')!);
      assert.equal(target.origin + target.pathname, 'http://app.example/callback');
      assert.equal(target.searchParams.get('otp'), last().code);
      assert.equal(target.searchParams.get('state'), 'state of the app');
    });

    it('does not give away the state handle', async () => {
      const client = await toCode();
      assert.ok(!last().link!.includes(client.answer.stateHandle));
    });

    it('does nothing with a wrong code, an old one or an unknown link', async () => {
      await toCode({ kind: 'hosted' });
      const link = new URL(last().link!);
      const otp = link.searchParams.get('otp')!;
      link.searchParams.set('otp', wrong(otp));
      assert.equal((await open(link.href, 'browser-1')).status, 410);
      link.searchParams.set('otp', otp);
      link.searchParams.set('state', 'another');
      assert.equal((await open(link.href, 'browser-1')).status, 410);
      org.clock.advance(5 * 60_000);
      assert.equal((await open(last().link!, 'browser-1')).status, 410);
    });
  });
});
