import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { OktaElementsError, type ErrorCode } from '../../src/errors.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded } from '../support/session/page.js';
import { Provider, type Endpoint } from '../support/session/provider.js';

const clock = new FakeClock();

let provider: Provider;
let tab: Tab;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  tab = new FakeBrowser({ now: clock.now, fetch: provider.fetch }).openTab(`${shop}/`);
});

type Fault = (request: Request) => Response | Promise<Response>;

const secret = 'eyJzZWNyZXQ';
const faults: Record<string, Fault> = {
  refused: () => Promise.reject(new TypeError('Failed to fetch')),
  silent: ({ signal }) =>
    new Promise((_, reject) => {
      // The timer of the request does not keep Node running by itself.
      const waiting = setInterval(() => {}, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(waiting);
        reject(signal.reason as Error);
      });
    }),
  'status 500': () => new Response(`<html>You sent: ${secret}`, { status: 500, headers: { 'x-said': secret } }),
  'status 503 in OAuth’s words': () => Response.json({ error: 'invalid_grant' }, { status: 503 }),
  'status 429': () => Response.json({ errorCode: 'E0000047', errorSummary: 'Too many.' }, { status: 429 }),
  'status 404': () => Response.json({ errorCode: 'E0000022', errorSummary: 'No such server.' }, { status: 404 }),
  'a page of HTML': () => new Response('<!doctype html><title>Log in to the train</title>'),
  'cut short': () => new Response(`{"access_token":"${secret}`),
  'not quite JSON': () => new Response(`{"access_token":"${secret}",}`),
  empty: () => new Response(''),
  null: () => new Response('null'),
  'something else': () => Response.json({ hello: 'world' }),
  'an OAuth error': () => Response.json({ error: 'invalid_grant', error_description: 'Gone.' }, { status: 400 }),
  'an OAuth error without a description': () => Response.json({ error: 'invalid_client' }, { status: 401 }),
  'a refusal without a word': () => new Response(null, { status: 400 }),
  'a refusal by policy': () => Response.json({ error: 'access_denied', error_description: 'No.' }, { status: 400 }),
};

/** What becomes of a sign-in when an endpoint answers like that. */
const outcomes: Record<Exclude<Endpoint, 'api' | 'revoke' | 'userinfo'>, Record<string, ErrorCode>> = {
  discovery: {
    refused: 'network',
    silent: 'timeout',
    'status 500': 'server_error',
    'status 503 in OAuth’s words': 'server_error',
    'status 429': 'server_error',
    'status 404': 'discovery_failed',
    'a page of HTML': 'discovery_failed',
    'cut short': 'discovery_failed',
    'not quite JSON': 'discovery_failed',
    empty: 'discovery_failed',
    null: 'discovery_failed',
    'something else': 'discovery_failed',
    'an OAuth error': 'discovery_failed',
    'an OAuth error without a description': 'discovery_failed',
    'a refusal without a word': 'discovery_failed',
    'a refusal by policy': 'access_denied',
  },
  token: {
    refused: 'network',
    silent: 'timeout',
    'status 500': 'server_error',
    'status 503 in OAuth’s words': 'server_error',
    'status 429': 'server_error',
    'status 404': 'token_exchange_failed',
    'a page of HTML': 'token_exchange_failed',
    'cut short': 'token_exchange_failed',
    'not quite JSON': 'token_exchange_failed',
    empty: 'token_exchange_failed',
    null: 'token_exchange_failed',
    'something else': 'token_exchange_failed',
    'an OAuth error': 'token_exchange_failed',
    'an OAuth error without a description': 'token_exchange_failed',
    'a refusal without a word': 'token_exchange_failed',
    'a refusal by policy': 'access_denied',
  },
  keys: {
    refused: 'network',
    silent: 'timeout',
    'status 500': 'server_error',
    'status 503 in OAuth’s words': 'server_error',
    'status 429': 'server_error',
    'status 404': 'server_error',
    'a page of HTML': 'server_error',
    'cut short': 'server_error',
    'not quite JSON': 'server_error',
    empty: 'server_error',
    null: 'server_error',
    'something else': 'server_error',
    'an OAuth error': 'server_error',
    'an OAuth error without a description': 'server_error',
    'a refusal without a word': 'server_error',
    'a refusal by policy': 'access_denied',
  },
};

for (const [endpoint, codes] of Object.entries(outcomes) as [Endpoint, Record<string, ErrorCode>][]) {
  describe(`a sign-in while ${endpoint} answers`, () => {
    for (const [what, fault] of Object.entries(faults)) {
      it(`${what}: ${codes[what]}, nothing stored, and the next attempt works`, async () => {
        const page = loadPage(tab, provider, `${shop}/`, { requestTimeout: 500 });
        provider.faults[endpoint] = fault;
        const error = await signInEmbedded(page, provider).then(
          () => assert.fail('it signed in'),
          (caught: unknown) => caught,
        );
        assert.equal(error instanceof OktaElementsError, true, String(error));
        const { code, message, cause } = error as OktaElementsError;
        assert.equal(code, codes[what], message);
        assert.match(
          message,
          /^.+[;:] .*(check|try again|sign in again|ask|set|connect) ?.*\.$/,
          'a sentence that says what to do',
        );
        for (const said of [message, inspect(cause)]) assert.equal(said.includes(secret.slice(0, 6)), false, said);
        assert.equal(page.client.state.status, 'signed-out');
        assert.equal(await page.client.getAccessToken(), undefined);
        delete provider.faults[endpoint];
        await signInEmbedded(page, provider);
        assert.equal(page.client.state.status, 'signed-in');
      });
    }
  });
}
