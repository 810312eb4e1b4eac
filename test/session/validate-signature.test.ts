import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Members } from '../../src/session/validate/check.js';
import { parseJwt } from '../../src/session/validate/jwt.js';
import { verifyAccessTokenHash, verifySignature } from '../../src/session/validate/signature.js';
import { accessTokenHash, SigningKey } from '../support/session/jwt.js';

const ours = new SigningKey('k1');
const next = new SigningKey('k2');
const foreign = new SigningKey('k1');
const short = new SigningKey('short', 1024);
const token = ours.sign({ sub: 'u1' });

/** A key as it is published, with changes; `undefined` takes a member away. */
const publish = ({ jwk }: SigningKey, change: Members = {}): Members =>
  JSON.parse(JSON.stringify({ ...jwk, ...change })) as Members;

/** Keys of others, which a provider publishes beside its own, and which are nothing to us. */
const unusable: Members[] = [
  { kty: 'AKP', kid: 'k1', alg: 'ML-DSA-1000', pub: 'x' },
  { kty: 'made-up', kid: 'k1' },
  { kty: 'EC', kid: 'k1', crv: 'P-256', x: 'x', y: 'y' },
  { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid: 'k1' },
  { kty: 'oct', kid: 'k1', k: 'c2VjcmV0' },
  publish(next, { kid: 'k1', alg: 'RS999' }),
  publish(next, { kid: 'k1', use: 'enc' }),
  publish(next, { kid: 'k1', key_ops: ['encrypt'] }),
  {},
];

/** Verifies with these keys: the first set is what is remembered, the last what the provider has now. */
async function verify(jwt: string, ...sets: Members[][]): Promise<number> {
  let fetched = 0;
  await verifySignature(parseJwt(jwt), (anew) => {
    fetched += 1;
    return Promise.resolve(anew ? sets.at(-1)! : sets[0]!);
  });
  return fetched;
}

describe('the signature of an ID token', () => {
  it('is verified with the key that the header names', async () => {
    assert.equal(await verify(token, [publish(next), publish(ours)]), 1);
  });

  it('is verified with a key that says no more of itself than it must', async () => {
    await verify(token, [publish(ours, { use: undefined, alg: undefined })]);
    await verify(token, [publish(ours, { use: undefined, key_ops: ['verify'] })]);
  });

  it('is verified with the only key there is, when neither says which', async () => {
    await verify(ours.sign({}, { kid: undefined }), [publish(ours, { kid: undefined })]);
  });

  it('is verified among keys that are of no use', async () => {
    await verify(token, [...unusable, publish(ours)]);
    await verify(ours.sign({}, { kid: undefined }), [...unusable, publish(ours)]);
  });

  it('is verified with the second of two keys of one name', async () => {
    await verify(token, [publish(foreign), publish(ours)]);
  });

  for (const [what, remembered] of Object.entries({
    'the keys have changed': [publish(next)],
    'a key has changed under its name': [publish(foreign)],
    'no key was published yet': [],
  })) {
    it(`is verified when ${what} since they were fetched`, async () => {
      assert.equal(await verify(token, remembered, [publish(ours)]), 2);
    });
  }

  it('is verified without a name when the only key has changed, or there was another besides', async () => {
    const nameless = ours.sign({}, { kid: undefined });
    await verify(nameless, [publish(next)], [publish(ours)]);
    await verify(nameless, [publish(next), publish(ours)], [publish(ours)]);
  });
});

/** What each check refuses, though the keys are fetched anew. */
const refusals: Record<string, Record<string, readonly [jwt: string, keys: Members[]]>> = {
  unknownKey: {
    'a key nobody knows': [token, [publish(next)]],
    'no key at all': [token, []],
    'a key for something else': [token, unusable],
    'a key that it brings along': [foreign.sign({}, { kid: 'mine', jwk: foreign.jwk }), [publish(ours)]],
    'a key from an address of its own': [foreign.sign({}, { kid: 'x', jku: 'https://evil.example' }), [publish(ours)]],
  },
  ambiguousKey: {
    'no name among several keys': [ours.sign({}, { kid: undefined }), [publish(ours), publish(next)]],
    'no name among several without one': [
      ours.sign({}, { kid: undefined }),
      [publish(next, { kid: undefined }), publish(ours, { kid: undefined })],
    ],
  },
  weakKey: { 'a key of 1024 bits': [short.sign({}), [publish(short)]] },
  wrongSignature: {
    'another key of that name': [token, [publish(foreign)]],
    'a changed signature': [token.replace(/.(?=.{9}$)/, (c) => (c === 'A' ? 'B' : 'A')), [publish(ours)]],
    'changed claims': [
      token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"u2"}').toString('base64url')}.`),
      [publish(ours)],
    ],
    'no signature': [token.replace(/[^.]*$/, ''), [publish(ours)]],
    'a key that cannot be read': [token, [{ kty: 'RSA', kid: 'k1', e: 'AQAB' }]],
    'an embedded key of the same name': [foreign.sign({}, { jwk: foreign.jwk }), [publish(ours)]],
  },
};

for (const [name, cases] of Object.entries(refusals)) {
  describe(`the check "${name}" of an ID token`, () => {
    for (const [what, [jwt, keys]] of Object.entries(cases)) {
      it(`refuses ${what}`, async () => {
        await assert.rejects(verify(jwt, keys), {
          code: 'id_token_invalid',
          message: new RegExp(`\\(${name}\\): .+; .+\\.$`),
        });
      });
    }
  });
}

it('keys that cannot be fetched are not a wrong signature', async () => {
  const unreachable = new Error('offline');
  await assert.rejects(
    verifySignature(parseJwt(token), () => Promise.reject(unreachable)),
    unreachable,
  );
});

describe('the hash of the access token', () => {
  it('is verified', () => verifyAccessTokenHash({ at_hash: accessTokenHash('a1') }, 'a1'));
  it('may be left out', () => verifyAccessTokenHash({}, 'a1'));

  for (const at_hash of [accessTokenHash('a2'), '', null, [accessTokenHash('a1')], `${accessTokenHash('a1')}=`]) {
    it(`is refused when it is ${JSON.stringify(at_hash)}`, async () => {
      await assert.rejects(verifyAccessTokenHash({ at_hash }, 'a1'), {
        code: 'id_token_invalid',
        message: /\(foreignAccessToken\): .+; .+\.$/,
      });
    });
  }
});
