import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpRequestClient, WidgetRequest } from '../../src/widget/http.js';
import { withCodeToType, withMailedCode } from '../../src/widget/mailed-code.js';
import { watchForSuccess } from '../../src/widget/success.js';

const okta = 'https://example.okta.com';
const introspect = `${okta}/idp/idx/introspect`;

/** Okta, which answers these in turn. */
function answering(...bodies: object[]): { client: HttpRequestClient; asked: [string, WidgetRequest][] } {
  const asked: [string, WidgetRequest][] = [];
  const client: HttpRequestClient = (_, url, request) => {
    asked.push([url, request]);
    return Promise.resolve({ status: 200, responseText: JSON.stringify(bodies.shift() ?? {}), headers: {} });
  };
  return { client, asked };
}

const asksForCode = (href = `${okta}/idp/idx/challenge/answer`, key = 'okta_email') => ({
  stateHandle: 'h1',
  remediation: { value: [{ name: 'challenge-authenticator', href }] },
  currentAuthenticatorEnrollment: { value: { key } },
});

describe('the code of a mailed link', () => {
  it('is sent to Okta once, when the first step asks for it', async () => {
    const { client, asked } = answering(asksForCode(), { after: true }, asksForCode());
    const send = withMailedCode(client, '123456');
    assert.equal((await send('POST', introspect, { headers: { A: 'b' } })).responseText, '{"after":true}');
    await send('POST', introspect, {});
    assert.deepEqual(
      asked.map(([url]) => url),
      [introspect, `${okta}/idp/idx/challenge/answer`, introspect],
    );
    assert.deepEqual(asked[1]![1].data, { stateHandle: 'h1', credentials: { passcode: '123456' } });
    assert.equal(asked[1]![1].headers?.A, 'b');
  });

  for (const [what, step] of [
    ['for a code of another authenticator', asksForCode(undefined, 'google_otp')],
    ['for it on another origin', asksForCode('https://elsewhere.example/idp/idx/challenge/answer')],
    ['for nothing', {}],
  ] as const) {
    it(`is kept back when the step asks ${what}`, async () => {
      const { client, asked } = answering(step);
      await withMailedCode(client, '123456')('POST', introspect, {});
      assert.equal(asked.length, 1);
    });
  }

  it('is shown, where it is to be typed elsewhere, without a question to Okta', async () => {
    const { client, asked } = answering();
    const send = withCodeToType(client, '123456');
    await send('POST', `${okta}/oauth2/default/v1/interact`, {});
    assert.match((await send('POST', introspect, {})).responseText, /"otp":"123456"/);
    assert.deepEqual(asked, []);
  });
});

describe('a first answer that is the last', () => {
  const last = { successWithInteractionCode: { value: [{ name: 'interaction_code', value: 'c1' }] } };

  it('ends the sign-in, and the widget does not hear of it', async () => {
    const { client, succeeded } = watchForSuccess(answering(last).client, 's1');
    let heard = false;
    void client('POST', introspect, {}).then(() => (heard = true));
    assert.deepEqual(await succeeded, { status: 'SUCCESS', interaction_code: 'c1', state: 's1' });
    await new Promise(setImmediate);
    assert.equal(heard, false);
  });

  it('is the widget’s to handle when it is not the first', async () => {
    const { client } = watchForSuccess(answering(last).client, 's1');
    assert.equal((await client('POST', `${okta}/idp/idx/challenge/answer`, {})).status, 200);
  });
});
