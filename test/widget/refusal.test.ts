import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusalIn } from '../../src/widget/refusal.js';
import { watchFailures } from '../../src/widget/watch-failures.js';

/** As Okta answers, from the widget's own samples. */
const refusal = {
  version: '1.0.0',
  messages: { type: 'array', value: [{ message: 'You are not allowed to access this app.', class: 'ERROR' }] },
  failure: { name: 'failure-redirect', href: 'https://example.okta.com/login/error/redirect' },
};

describe('an answer of the Identity Engine', () => {
  it('that ends the sign-in is access_denied, in its own words', () => {
    const error = refusalIn(JSON.stringify(refusal));
    assert.equal(error?.code, 'access_denied');
    assert.match(error.message, /You are not allowed to access this app;/);
  });

  it('needs no words for that', () => {
    assert.equal(refusalIn(JSON.stringify({ failure: refusal.failure }))?.code, 'access_denied');
    assert.equal(
      refusalIn(JSON.stringify({ ...refusal, messages: { value: [{ message: 7 }] } }))?.code,
      'access_denied',
    );
  });

  for (const [name, text] of [
    ['with a mistake to mend', JSON.stringify({ messages: refusal.messages, remediation: {} })],
    ['that only speaks of one', JSON.stringify({ messages: { value: [{ message: '"failure-redirect"' }] } })],
    ['that is cut off', '{"failure":{"name":"failure-redirect"'],
    ['that is no text', undefined],
  ] as const) {
    it(`${name} is none`, () => assert.equal(refusalIn(text), undefined));
  }
});

describe('watching for what ends a sign-in', () => {
  it('hands every answer on but the one that ends the sign-in, and tells of that', async () => {
    const thrown = Object.assign(new Error('403'), { status: 403, responseText: JSON.stringify(refusal) });
    const passed = { status: 200, responseText: '{}', headers: {} };
    const answers = [() => passed, () => Promise.reject(new TypeError('offline')), () => Promise.reject(thrown)];
    const { client, failed } = watchFailures(
      async () => answers.shift()!(),
      (failure) => refusalIn((failure as { responseText?: unknown }).responseText),
    );
    assert.equal(await client('POST', '/idp/idx/introspect', {}), passed);
    await assert.rejects(client('POST', '/idp/idx/identify', {}), TypeError);
    let heard = false;
    client('POST', '/idp/idx/identify', {})
      .finally(() => (heard = true))
      .catch(() => {});
    await assert.rejects(failed, { code: 'access_denied' });
    await new Promise(setImmediate);
    assert.equal(heard, false);
  });
});
