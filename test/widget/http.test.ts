import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { httpRequestClient } from '../../src/widget/http.js';

let received: { method: string; headers: IncomingMessage['headers']; body: string };
let respond: (response: ServerResponse) => void;

const server = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received = { method: request.method ?? '', headers: request.headers, body };
    respond(response);
  })();
});
const answer = (status: number, type: string, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'Content-Type': type, 'X-Rate': '7' }).end(body);

before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => {
  server.closeAllConnections();
  server.close();
});
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/idp/idx/identify`;
const never = () => new AbortController().signal;

describe('httpRequestClient', () => {
  it('sends JSON and returns status, text, headers and the value', async () => {
    respond = answer(200, 'application/json; charset=utf-8', '{"a":1}');
    const headers = { 'Content-Type': 'application/json' };
    const result = await httpRequestClient(never(), 'the nonce')('POST', url(), {
      headers,
      data: { identifier: 'ada' },
    });
    assert.equal(received.method, 'POST');
    assert.equal(received.body, '{"identifier":"ada"}');
    assert.equal(result.status, 200);
    assert.equal(result.responseText, '{"a":1}');
    assert.deepEqual(result.responseJSON, { a: 1 });
    assert.equal(result.headers['x-rate'], '7');
  });

  it('sends a form as a form', async () => {
    respond = answer(200, 'application/json', '{}');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const data = { scope: 'openid email', redirect_uri: 'https://a.example/?b&c' };
    await httpRequestClient(never(), 'the nonce')('POST', url(), { headers, data });
    assert.equal(received.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(received.body, 'scope=openid%20email&redirect_uri=https%3A%2F%2Fa.example%2F%3Fb%26c');
  });

  it('sends a text as it is', async () => {
    respond = answer(200, 'application/json', '{}');
    await httpRequestClient(never(), 'the nonce')('POST', url(), { data: '{"stateHandle":"s"}' });
    assert.equal(received.body, '{"stateHandle":"s"}');
  });

  it('returns an Identity Engine answer as text, though it says error inside', async () => {
    respond = answer(200, 'application/ion+json; okta-version=1.0.0', '{"error":"x"}');
    const result = await httpRequestClient(never(), 'the nonce')('GET', url(), {});
    assert.equal(result.responseText, '{"error":"x"}');
    assert.equal(result.responseJSON, undefined);
  });

  it('throws the answer when the status is not a good one', async () => {
    respond = answer(401, 'application/ion+json', '{"version":"1.0.0"}');
    await assert.rejects(httpRequestClient(never(), 'the nonce')('GET', url(), {}), {
      status: 401,
      responseText: '{"version":"1.0.0"}',
    });
  });

  it('throws the answer when it is an OAuth error', async () => {
    respond = answer(200, 'application/json', '{"error":"invalid_client"}');
    await assert.rejects(httpRequestClient(never(), 'the nonce')('GET', url(), {}), {
      responseJSON: { error: 'invalid_client' },
    });
  });

  it('throws the answer when what calls itself JSON is none', async () => {
    respond = answer(200, 'application/json', '<html>');
    await assert.rejects(httpRequestClient(never(), 'the nonce')('GET', url(), {}), { responseText: '<html>' });
  });

  it('throws when the network fails', async () => {
    await assert.rejects(httpRequestClient(never(), 'the nonce')('GET', 'http://127.0.0.1:1/', {}), TypeError);
  });

  for (const [what, how] of [
    ['that is not answered', () => {}],
    ['whose answer does not end', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ] as const) {
    it(`gives up a request ${what} in time`, async () => {
      respond = how;
      await assert.rejects(httpRequestClient(never(), 'the nonce', 100)('GET', url(), {}), {
        code: 'timeout',
        message: /^http:\S+ did not answer within 0\.1 s; try again\.$/,
      });
    });
  }

  it('stops the request when aborted, and never answers again', async () => {
    const controller = new AbortController();
    const stopped = new Promise<void>((resolve) => {
      respond = (response) => {
        response.on('close', resolve);
        controller.abort();
      };
    });
    const client = httpRequestClient(controller.signal, 'the nonce');
    let settled = false;
    const note = () => (settled = true);
    client('GET', url(), {}).then(note, note);
    await stopped;
    client('GET', url(), {}).then(note, note);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(settled, false);
  });
});
