import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { OktaElementsError } from '../../src/errors.js';
import { withAdvice } from '../../src/session/config-advice.js';
import { parseConfig } from '../../src/session/config.js';
import { readSettings } from '../../src/session/settings-file.js';

const page = 'https://shop.example/basket';

/** Reads a file with this text and validates its settings, as `"src"` of the JSON does. */
async function configOf(text: string, src = '/okta.json') {
  globalThis.fetch = () => Promise.resolve(new Response(text));
  try {
    return parseConfig(await readSettings(src), page);
  } catch (error) {
    // As a page does it, when the error is explained.
    (error as OktaElementsError).message = withAdvice(error as OktaElementsError);
    throw error;
  }
}

describe('a configuration file', () => {
  const { fetch, location } = globalThis;
  before(() => Object.assign(globalThis, { location: new URL(page) }));
  afterEach(() => Object.assign(globalThis, { fetch }));
  after(() => Object.assign(globalThis, { location }));

  it('is accepted when its settings are valid', async () => {
    const config = await configOf('{"issuer":"https://shop.okta.com","client-id":"app","scopes":["openid"]}');
    assert.equal(config.clientId, 'app');
    assert.deepEqual(config.scopes, ['openid']);
  });

  const needed = '"issuer":"https://shop.okta.com","clientId":"app"';
  for (const [what, text] of [
    ['is HTML', '<!doctype html><p>Not found'],
    ['is empty', ''],
    ['is null', 'null'],
    ['is a list', '[]'],
    ['is a string', '"https://evil.example"'],
    ['has a number as issuer', '{"issuer":5,"clientId":"app"}'],
    ['has an object as issuer', '{"issuer":{"toString":1},"clientId":"app"}'],
    ['has a list as client id', '{"issuer":"https://evil.example","clientId":["app"]}'],
    ['has an issuer in its prototype', '{"__proto__":{"issuer":"https://evil.example","clientId":"app"}}'],
    ['has a redirect URI on another origin', `{${needed},"redirectUri":"https://evil.example/"}`],
    ['has an object as redirect URI', `{${needed},"redirectUri":{}}`],
    ['has a list as storage', `{${needed},"storage":["local"]}`],
    ['has an object as timeout', `{${needed},"requestTimeout":{}}`],
    ['has an object as scopes', `{${needed},"scopes":{"length":1}}`],
    ['has an object that cannot become text', `{${needed},"storage":{"toString":1,"valueOf":1}}`],
    ['has a list with such an object', `{${needed},"scopes":["openid",{"toString":1}]}`],
    ['has numbers as origins', `{${needed},"allowedOrigins":[1,null]}`],
  ] as const) {
    it(`is rejected with a message when it ${what}`, async () => {
      await assert.rejects(configOf(text), { code: 'config_invalid', message: /^.{30,}\.$/s });
    });
  }

  for (const src of [
    'https://evil.example/okta.json',
    '//evil.example/okta.json',
    'data:application/json,{}',
    'javascript:1',
  ]) {
    it(`is not loaded from ${src}`, async () => {
      await assert.rejects(configOf(`{${needed}}`, src), { code: 'config_invalid', message: /another origin/ });
    });
  }

  it('is loaded in a mode that does not follow redirects to another origin', async () => {
    let mode: string | undefined;
    globalThis.fetch = (_input, init) => {
      mode = init?.mode;
      return Promise.resolve(new Response(`{${needed}}`));
    };
    await readSettings('/okta.json');
    assert.equal(mode, 'same-origin');
  });
});
