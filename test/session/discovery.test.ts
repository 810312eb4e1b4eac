import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDiscovery } from '../../src/session/discovery.js';

const issuer = 'https://shop.okta.com/oauth2/default';
const document = {
  issuer,
  authorization_endpoint: `${issuer}/v1/authorize`,
  token_endpoint: `${issuer}/v1/token`,
  end_session_endpoint: `${issuer}/v1/logout`,
  revocation_endpoint: `${issuer}/v1/revoke`,
};

describe('a discovery document', () => {
  it('is taken when it is the issuer’s own', () => assert.equal(parseDiscovery(document, issuer), document));

  it('need not offer sign-out or revocation', () => {
    const { end_session_endpoint: _, revocation_endpoint: __, ...rest } = document;
    assert.equal(parseDiscovery(rest, issuer), rest);
  });

  for (const name of ['authorization_endpoint', 'token_endpoint', 'end_session_endpoint', 'revocation_endpoint']) {
    for (const value of ['javascript:alert(1)', 'data:text/html,x', '/v1/x', '', 'https://', 7, [`${issuer}/v1/x`]]) {
      it(`is refused with the ${name} ${JSON.stringify(value)}`, () => {
        assert.throws(() => parseDiscovery({ ...document, [name]: value }, issuer), { code: 'discovery_failed' });
      });
    }
  }

  for (const name of ['authorization_endpoint', 'token_endpoint']) {
    it(`is refused without ${name}`, () => {
      assert.throws(() => parseDiscovery({ ...document, [name]: undefined }, issuer), { code: 'discovery_failed' });
    });
  }

  for (const answer of [null, undefined, '', '<html>', 7, [], {}]) {
    it(`is not ${JSON.stringify(answer) ?? 'nothing'}`, () => {
      assert.throws(() => parseDiscovery(answer, issuer), { code: 'discovery_failed' });
    });
  }

  for (const other of ['https://evil.example', `${issuer}/`, 'https://shop.okta.com', undefined]) {
    it(`is refused when it speaks for ${other ?? 'nobody'}`, () => {
      assert.throws(() => parseDiscovery({ ...document, issuer: other }, issuer), { code: 'issuer_mismatch' });
    });
  }
});
