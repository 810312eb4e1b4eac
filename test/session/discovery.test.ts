import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../src/errors.js';
import { belongsToIssuer, parseDiscovery } from '../../src/session/discovery.js';

const issuer = 'https://shop.okta.com/oauth2/default';
const required = {
  issuer,
  authorization_endpoint: `${issuer}/v1/authorize`,
  token_endpoint: `${issuer}/v1/token`,
  jwks_uri: `${issuer}/v1/keys`,
};
const optional = {
  userinfo_endpoint: `${issuer}/v1/userinfo`,
  end_session_endpoint: `${issuer}/v1/logout`,
  revocation_endpoint: `${issuer}/v1/revoke`,
};
const unsaid = {
  dpop_signing_alg_values_supported: undefined,
  response_modes_supported: undefined,
  authorization_response_iss_parameter_supported: false,
};
const document = { ...required, ...optional };
const parse = (change: object, configured = issuer) => parseDiscovery({ ...document, ...change }, configured);

describe('a discovery document that was kept in the browser', () => {
  it('belongs to the issuer when every endpoint is below its address', () => {
    assert.equal(belongsToIssuer(parse({})), true);
    const org = 'https://shop.okta.com';
    const ofOrg = Object.fromEntries(Object.keys(document).map((name) => [name, `${org}/oauth2/v1/${name}`]));
    assert.equal(belongsToIssuer(parseDiscovery({ ...ofOrg, issuer: org }, org)), true);
  });

  for (const name of Object.keys(document).filter((member) => member !== 'issuer')) {
    for (const address of [
      'https://evil.example/v1/token',
      `${issuer}.evil.example/v1/token`,
      `${issuer}-2/v1/token`,
      `${issuer}/../other/v1/token`,
      'https://shop.okta.com:8443/oauth2/default/v1/token',
    ]) {
      it(`does not belong to the issuer when its ${name} is ${address}`, () => {
        assert.equal(belongsToIssuer(parse({ [name]: address })), false);
      });
    }
  }
});

describe('a discovery document', () => {
  it('is taken when it is the issuer’s own', () => {
    assert.deepEqual(parse({}), { ...document, ...unsaid });
  });

  it('need not offer userinfo, sign-out or revocation', () => {
    assert.deepEqual(parseDiscovery(required, issuer), { ...required, ...unsaid });
  });

  it('may have endpoints on other hosts, and on this machine without https', () => {
    const token_endpoint = 'https://tokens.example/t?tenant=1';
    assert.equal(parse({ token_endpoint }).token_endpoint, token_endpoint);
    const local = 'http://localhost:7100/oauth2/default';
    assert.equal(parse({ issuer: local, jwks_uri: `${local}/keys` }, local).jwks_uri, `${local}/keys`);
  });

  it('may offer PKCE with S256, among others', () => {
    parse({ code_challenge_methods_supported: ['plain', 'S256'] });
  });

  it('says whether every answer names the issuer, with true alone', () => {
    for (const [said, is] of [
      [true, true],
      ['true', false],
      [1, false],
      [null, false],
    ]) {
      const parsed = parse({ authorization_response_iss_parameter_supported: said });
      assert.equal(parsed.authorization_response_iss_parameter_supported, is);
    }
  });

  it('says how an answer can come back, in words', () => {
    const parsed = parse({ response_modes_supported: ['query', 7, 'okta_post_message'] });
    assert.deepEqual(parsed.response_modes_supported, ['query', 'okta_post_message']);
    assert.equal(parse({ response_modes_supported: 'query' }).response_modes_supported, undefined);
  });

  it('is taken for what it says itself, not for what the page has put on every object', () => {
    const polluted = Object.prototype as { jwks_uri?: string };
    polluted.jwks_uri = 'https://evil.example/keys';
    try {
      const { jwks_uri: _, ...rest } = document;
      assert.throws(() => parseDiscovery(rest, issuer), { code: 'discovery_failed', message: /missingEndpoint/ });
    } finally {
      delete polluted.jwks_uri;
    }
  });
});

const malformed = [
  'javascript:alert(1)',
  'data:text/html,x',
  '/v1/x',
  '',
  'https://',
  'https:shop.okta.com/x',
  'https://ada:secret@shop.okta.com/x',
  `${issuer}/v1/x#fragment`,
  7,
  null,
  [`${issuer}/v1/x`],
];

/** What each check refuses. Its own name in the message: no other got there first. */
const refusals: Record<string, { code: ErrorCode; documents: unknown[] }> = {
  missingEndpoint: {
    code: 'discovery_failed',
    documents: [
      ...Object.keys(required)
        .filter((name) => name !== 'issuer')
        .map((name) => ({ ...document, [name]: undefined })),
      ...[null, undefined, '', '<html>', 7, [], {}],
    ],
  },
  malformedEndpoint: {
    code: 'discovery_failed',
    documents: Object.keys(document)
      .filter((name) => name !== 'issuer')
      .flatMap((name) => malformed.map((value) => ({ ...document, [name]: value }))),
  },
  insecureEndpoint: {
    code: 'discovery_failed',
    documents: Object.keys(document)
      .filter((name) => name !== 'issuer')
      .map((name) => ({ ...document, [name]: 'http://shop.okta.com/v1/x' })),
  },
  withoutPkce: {
    code: 'discovery_failed',
    documents: [[], ['plain'], 'S256', null].map((methods) => ({
      ...document,
      code_challenge_methods_supported: methods,
    })),
  },
  foreignIssuer: {
    code: 'issuer_mismatch',
    documents: ['https://evil.example', `${issuer}/`, 'https://shop.okta.com', undefined, [issuer]].map((other) => ({
      ...document,
      issuer: other,
    })),
  },
};

for (const [name, { code, documents }] of Object.entries(refusals)) {
  describe(`the check "${name}" of a discovery document`, () => {
    for (const answer of documents) {
      const differs = Object.entries(answer ?? {}).find(
        ([member, value]) => value !== (document as Record<string, unknown>)[member],
      );
      it(`refuses ${differs ? `${differs[0]} ${JSON.stringify(differs[1])}` : JSON.stringify(answer)}`, () => {
        assert.throws(() => parseDiscovery(answer, issuer), {
          code,
          message: new RegExp(`\\(${name}\\): .+; .+\\.$`),
        });
      });
    }
  });
}
