import { SigningKey } from '../support/session/jwt.js';
import type { Lies } from './provider.js';

/** What must come of it. `by` is the check that refuses, as the error names it. */
export type Expected =
  | { readonly is: 'signed in' }
  | { readonly is: 'refused'; readonly code: string; readonly by: string }
  | { readonly is: 'signed in, userinfo refused'; readonly code: string; readonly by: string }
  | { readonly is: 'session ended' };

/** A module of the OpenID Foundation's conformance suite for relying parties, under its own name. */
export interface Module {
  readonly name: string;
  /** The certification profiles it is part of; other test plans of the suite for what is there besides. */
  readonly plan: string;
  /** What the provider does. */
  readonly provider: string;
  readonly lies?: Lies;
  /** What the user does. Default: signs in. */
  readonly steps?: 'signs in twice' | 'signs in and renews';
  readonly expected: Expected;
  /** The module would let the client sign in as well: it is about what is optional. */
  readonly optional?: true;
}

/** A module that does not concern a public client in a browser, and why. */
export interface OtherModule {
  readonly name: string;
  readonly plan: string;
  readonly reason: string;
}

const signedIn: Expected = { is: 'signed in' };
const refused = (by: string, code = 'id_token_invalid'): Expected => ({ is: 'refused', code, by });
/** A key that could have signed, too. */
const second = new SigningKey('second');
const withoutKid = (key: object) => ({ ...key, kid: undefined });

/**
 * The modules of `oidcc-client-basic-certification-test-plan` and `oidcc-client-config-certification-test-plan`, in
 * the order of the suite, and some of its other plans.
 */
export const modules: readonly Module[] = [
  {
    name: 'oidcc-client-test',
    plan: 'Basic',
    provider: 'does everything as it should',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-invalid-iss',
    plan: 'Basic',
    provider: 'names another issuer in the ID token',
    lies: { claims: (claims) => ({ ...claims, iss: `${String(claims.iss)}/other` }) },
    expected: refused('foreignIssuer'),
  },
  {
    name: 'oidcc-client-test-missing-sub',
    plan: 'Basic',
    provider: 'names no user in the ID token',
    lies: { claims: (claims) => ({ ...claims, sub: undefined }) },
    expected: refused('malformedSubject'),
  },
  {
    name: 'oidcc-client-test-invalid-aud',
    plan: 'Basic',
    provider: 'makes the ID token out to another client',
    lies: { claims: (claims) => ({ ...claims, aud: `${String(claims.aud)}-other` }) },
    expected: refused('foreignAudience'),
  },
  {
    name: 'oidcc-client-test-missing-iat',
    plan: 'Basic',
    provider: 'does not say when the ID token was issued',
    lies: { claims: (claims) => ({ ...claims, iat: undefined }) },
    expected: refused('withoutTimes'),
  },
  {
    name: 'oidcc-client-test-kid-absent-single-jwks',
    plan: 'Basic',
    provider: 'names no key, and has one of each kind',
    lies: { header: { kid: undefined }, keys: (signing, others) => [signing, ...others].map(withoutKid) },
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-kid-absent-multiple-jwks',
    plan: 'Basic',
    provider: 'names no key, and has several that could have signed',
    lies: {
      header: { kid: undefined },
      keys: (signing, others) => [second.jwk, signing, ...others].map(withoutKid),
    },
    expected: refused('ambiguousKey'),
    optional: true,
  },
  {
    name: 'oidcc-client-test-idtoken-sig-rs256',
    plan: 'Basic',
    provider: 'signs with RS256',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-idtoken-sig-none',
    plan: 'Basic, Config',
    provider: 'does not sign',
    lies: { header: { alg: 'none', kid: undefined }, idToken: (jwt) => jwt.replace(/[^.]*$/, '') },
    expected: refused('otherAlgorithm'),
    optional: true,
  },
  {
    name: 'oidcc-client-test-invalid-sig-rs256',
    plan: 'Basic',
    provider: 'signs with RS256, wrongly',
    lies: { idToken: (jwt) => jwt.replace(/[^.]*$/, (signature) => [...signature].reverse().join('')) },
    expected: refused('wrongSignature'),
  },
  {
    name: 'oidcc-client-test-userinfo-invalid-sub',
    plan: 'Basic',
    provider: 'tells of another user at the userinfo endpoint',
    lies: { userInfo: (claims) => ({ ...claims, sub: 'user-2' }) },
    expected: { is: 'signed in, userinfo refused', code: 'userinfo_failed', by: 'otherSubject' },
  },
  {
    name: 'oidcc-client-test-nonce-invalid',
    plan: 'Basic',
    provider: 'answers with the nonce of another sign-in',
    lies: { claims: (claims) => ({ ...claims, nonce: `${String(claims.nonce)}-other` }) },
    expected: refused('foreignNonce'),
  },
  {
    name: 'oidcc-client-test-scope-userinfo-claims',
    plan: 'Basic',
    provider: 'has name and email at the userinfo endpoint alone',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-discovery-openid-config',
    plan: 'Config',
    provider: 'has its endpoints where only the discovery document says',
    lies: { elsewhere: ['authorize', 'token', 'userinfo', 'revoke', 'logout'] },
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-discovery-jwks-uri-keys',
    plan: 'Config',
    provider: 'has its keys where only the discovery document says',
    lies: { elsewhere: ['keys'] },
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-discovery-issuer-mismatch',
    plan: 'Config',
    provider: 'calls itself otherwise in the discovery document',
    lies: { discovery: (document) => ({ ...document, issuer: `${String(document.issuer)}/other` }) },
    expected: refused('foreignIssuer', 'issuer_mismatch'),
  },
  {
    name: 'oidcc-client-test-signing-key-rotation-just-before-signing',
    plan: 'Config',
    provider: 'changes its key before every signature',
    lies: { rotates: 'before every signature' },
    steps: 'signs in twice',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-signing-key-rotation',
    plan: 'Config',
    provider: 'changes its key between two sign-ins',
    lies: { rotates: 'before the second sign-in' },
    steps: 'signs in twice',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-missing-aud',
    plan: 'comprehensive',
    provider: 'makes the ID token out to nobody',
    lies: { claims: (claims) => ({ ...claims, aud: undefined }) },
    expected: refused('foreignAudience'),
  },
  {
    name: 'oidcc-client-test-userinfo-bearer-header',
    plan: 'comprehensive',
    provider: 'takes the access token in a header only',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-refresh-token',
    plan: 'refresh token',
    provider: 'takes a refresh token',
    steps: 'signs in and renews',
    expected: signedIn,
  },
  {
    name: 'oidcc-client-test-refresh-token-invalid-issuer',
    plan: 'refresh token',
    provider: 'names another issuer in a renewed ID token',
    lies: {
      claims: (claims, grant) =>
        grant === 'refresh_token' ? { ...claims, iss: `${String(claims.iss)}/other` } : claims,
    },
    steps: 'signs in and renews',
    expected: { is: 'session ended' },
  },
  {
    name: 'oidcc-client-test-refresh-token-invalid-sub',
    plan: 'refresh token',
    provider: 'names another user in a renewed ID token',
    lies: { claims: (claims, grant) => (grant === 'refresh_token' ? { ...claims, sub: 'user-2' } : claims) },
    steps: 'signs in and renews',
    expected: { is: 'session ended' },
  },
];

export const otherModules: readonly OtherModule[] = [
  {
    name: 'oidcc-client-test-client-secret-basic',
    plan: 'Basic',
    reason: 'a page cannot keep a client secret; PKCE protects the code in its place',
  },
  {
    name: 'oidcc-client-test-userinfo-bearer-body',
    plan: 'comprehensive',
    reason: 'the other way to the userinfo endpoint; one of the two is enough, and the header is the safer one',
  },
  {
    name: 'oidcc-client-test-discovery-webfinger-acct',
    plan: 'dynamic',
    reason: 'the issuer is configured; nobody types an address to find it by',
  },
  {
    name: 'oidcc-client-test-discovery-webfinger-url',
    plan: 'dynamic',
    reason: 'the same',
  },
  {
    name: 'oidcc-client-test-dynamic-registration',
    plan: 'dynamic',
    reason: 'the application is registered in Okta by a person',
  },
];
