import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  connectMessage,
  HELLO,
  isHello,
  readConnect,
  readMessage,
  readPageMessage,
} from '../../../src/widget/frame/messages.js';

const request = {
  state: `okta-elements.embedded.${'0'.repeat(64)}`,
  nonce: 'n'.repeat(43),
  codeChallenge: 'c'.repeat(43),
  looks: {},
};
const said = (more: object) => readConnect({ ...connectMessage(request), ...more });

describe('what the frame reads of a page', () => {
  it('is the transaction and how the form is to look', () => {
    const whole = {
      ...request,
      resumed: true,
      acrValues: 'urn:okta:loa:2fa:any phr',
      maxAge: 0,
      prompt: 'login',
      flow: 'signup' as const,
      language: 'zh-Hant-TW',
      loginHint: 'ada@example.com',
      idp: '0oa1',
      looks: { '--okta-color-primary': '#123456' },
    };
    assert.deepEqual(readConnect(connectMessage(whole)), { request: whole });
  });

  it('has nothing that it is not asked for', () => {
    const more = { issuer: 'https://evil.example', clientId: 'x', redirectUri: 'https://evil.example/', scopes: ['x'] };
    assert.deepEqual(said({ ...more, widgetOptions: {}, parents: ['*'], looks: { color: 'red', n: 1 } }), {
      request: { ...request, looks: { color: 'red' } },
    });
  });

  const wrong: [string, object, field?: string][] = [
    ['no state', { state: undefined }, 'state'],
    ['a state of another kind', { state: `okta-elements.redirect.${'0'.repeat(64)}` }, 'state'],
    ['a short nonce', { nonce: 'n' }, 'nonce'],
    ['no challenge', { codeChallenge: undefined }, 'codeChallenge'],
    ['a challenge that is no SHA-256', { codeChallenge: 'c'.repeat(42) }, 'codeChallenge'],
    ['a flow that there is not', { flow: 'toString' }, 'flow'],
    ['a provider that is a path', { idp: '../x' }, 'idp'],
    ['an age below zero', { maxAge: -1 }, 'maxAge'],
    ['an age that is text', { maxAge: '1' }, 'maxAge'],
    ['an age that is no number', { maxAge: NaN }, 'maxAge'],
    ['another type', { type: HELLO }],
  ];
  for (const [name, more, field] of wrong) {
    it(`is nothing with ${name}${field ? `, and names ${field}` : ''}`, () => {
      assert.deepEqual(said(more), field && { wrong: field });
    });
  }

  for (const [name, more] of [
    ['a language with markup', { language: '<b>' }],
    ['a language in the spelling of POSIX', { language: 'en_US' }],
    ['a name with a line break', { loginHint: 'ada\nx' }],
    ['a name without end', { loginHint: 'a'.repeat(321) }],
  ] as const) {
    it(`is the rest with ${name}`, () => assert.deepEqual(said(more), { request }));
  }

  it('is read from own fields alone', () => {
    assert.equal(readConnect(Object.create(connectMessage(request))), undefined);
  });

  it('is later its looks, and that the focus is free', () => {
    assert.deepEqual(readPageMessage({ type: 'looks', looks: { 'color-scheme': 'dark', x: {} }, issuer: 'x' }), {
      type: 'looks',
      looks: { 'color-scheme': 'dark' },
    });
    assert.deepEqual(readPageMessage({ type: 'focus', more: 1 }), { type: 'focus' });
    assert.equal(readPageMessage({ type: 'done' }), undefined);
  });
});

describe('what a page reads of the frame', () => {
  it('is one of its messages, whole, and nothing else in it', () => {
    const done = { type: 'done', interactionCode: 'code', state: request.state };
    assert.deepEqual(readMessage({ ...done, accessToken: 'x' }), done);
    assert.deepEqual(readMessage({ type: 'ready', x: 1 }), { type: 'ready' });
    assert.deepEqual(readMessage({ type: 'view', form: 'identify', authenticator: '' }), {
      type: 'view',
      form: 'identify',
      authenticator: '',
    });
  });

  it('is what it is for, of an older frame without its scopes', () => {
    const welcome = {
      type: 'welcome',
      issuer: 'https://login.example.com/oauth2/default',
      clientId: '0oa1',
      redirectUri: 'https://app.example.com/',
    };
    assert.deepEqual(readMessage(welcome), welcome);
    const whole = { ...welcome, scopes: 'openid email' };
    assert.deepEqual(readMessage(whole), whole);
  });

  const wrong: [string, unknown][] = [
    [
      'a welcome that does not name a client',
      { type: 'welcome', issuer: 'https://a.example', redirectUri: 'https://b.example' },
    ],
    ['done without a code', { type: 'done', state: request.state }],
    ['done for a state that is not ours', { type: 'done', interactionCode: 'c', state: 'x' }],
    ['a height below zero', { type: 'height', height: -1 }],
    ['a height without end', { type: 'height', height: 1e9 }],
    ['a height that is text', { type: 'height', height: '1px; position: fixed' }],
    ['a way out that is a script', { type: 'leave', url: 'javascript:alert(1)' }],
    ['a failure of another code', { type: 'failed', code: 'network', message: '' }],
    ['a form with markup', { type: 'view', form: '<b>', authenticator: '' }],
    ['a type of Object.prototype', { type: 'constructor' }],
  ];
  for (const [name, data] of wrong) it(`is not ${name}`, () => assert.equal(readMessage(data), undefined));

  it('is nothing else, whatever is said', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        assert.equal(isHello(data), false);
        assert.equal(readConnect(data), undefined);
        assert.equal(readMessage(data), undefined);
        assert.equal(readPageMessage(data), undefined);
      }),
    );
  });

  it('greets with nothing but that it is there', () => {
    assert.equal(isHello({ type: HELLO }), true);
    assert.equal(isHello(HELLO), false);
  });
});
