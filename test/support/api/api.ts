import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../../src/org/server.js';
import { DpopVerifier, Refusal } from './dpop-verifier.js';

/** A request that the API was sent, preflights left out. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  /** Media type of the body. */
  readonly type: string | undefined;
  readonly body: string;
  status: number;
  /** Why it was refused. */
  refusal?: string;
}

/** An API on an origin of its own, which lets pages of others call it and checks what they send. */
export interface Api {
  readonly origin: string;
  readonly requests: Received[];
  /** Asks for another nonce in proofs from now on. Default: none is asked for. */
  changeNonce(): void;
  /** Answers that come before anything else, by path: each once. */
  readonly answers: Map<string, { status: number; headers?: Record<string, string> }>;
  /** As it was when it started. */
  reset(): void;
  close(): Promise<void>;
}

/** What a page must be let send, and let read. */
const CORS = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, DPoP, Content-Type',
  'Access-Control-Expose-Headers': 'DPoP-Nonce, WWW-Authenticate, Retry-After',
};

/** @param issuer whose access tokens it takes */
export async function startApi(issuer: string): Promise<Api> {
  const verifier = new DpopVerifier(issuer);
  const requests: Received[] = [];
  const answers: Api['answers'] = new Map();

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = req;
    for (const [name, value] of Object.entries(CORS)) res.setHeader(name, value);
    res.setHeader('Access-Control-Allow-Origin', headers.origin ?? '*');
    if (method === 'OPTIONS') {
      res.writeHead(204).end();
      return;
    }
    const { authorization } = headers;
    const dpop = headers.dpop as string | undefined;
    const type = headers['content-type'];
    const received: Received = { method, path, authorization, dpop, type, body: await text(req), status: 200 };
    requests.push(received);
    const prepared = answers.get(path);
    if (prepared) {
      answers.delete(path);
      received.status = prepared.status;
      res.writeHead(prepared.status, prepared.headers).end();
      return;
    }
    try {
      const url = origin() + path.replace(/[?#].*/, '');
      const { sub } = await verifier.verify({ method, url }, authorization, dpop);
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ sub, body: received.body }));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      received.status = 401;
      received.refusal = `${refusal.error}: ${refusal.message}`;
      res.setHeader('WWW-Authenticate', `DPoP realm="shop, api", error="${refusal.error}", algs="ES256 RS256"`);
      if (verifier.nonce) res.setHeader('DPoP-Nonce', verifier.nonce);
      res.writeHead(401).end();
    }
  }

  const server = await listenOnLoopback((req, res) => {
    answer(req, res).catch((error: unknown) => res.destroy(error as Error));
  }, 0);
  const origin = () => `http://localhost:${server.port}`;
  return {
    origin: origin(),
    requests,
    answers,
    changeNonce: () => (verifier.nonce = randomUUID()),
    reset: () => {
      verifier.nonce = undefined;
      requests.length = 0;
      answers.clear();
    },
    close: () => server.close(),
  };
}
