import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';

const READABLE = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/**
 * A door to the org for auth0-spa-js, which asks for no discovery document: it knows where its server's endpoints are,
 * `/authorize` and `/oauth/token`, and that its issuer ends in a slash. So the ID token gets the issuer of the door, and
 * with that a signature that is wrong, which auth0-spa-js does not look at.
 */
export class Auth0Door {
  readonly #server: Loopback;
  readonly origin: string;

  private constructor(server: Loopback) {
    this.#server = server;
    this.origin = `http://localhost:${server.port}`;
  }

  static async open(issuer: () => string): Promise<Auth0Door> {
    const server = await listenOnLoopback((req, res) => {
      door.#answer(req, res, issuer()).catch(() => res.destroy());
    }, 0);
    const door = new Auth0Door(server);
    return door;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #answer(req: IncomingMessage, res: ServerResponse, issuer: string): Promise<void> {
    const { pathname, search } = new URL(req.url!, this.origin);
    if (pathname === '/authorize') res.writeHead(302, { Location: `${issuer}/v1/authorize${search}` }).end();
    else if (pathname !== '/oauth/token') res.writeHead(404).end();
    else if (req.method === 'OPTIONS') res.writeHead(204, READABLE).end();
    else {
      const answer = await fetch(`${issuer}/v1/token`, {
        method: 'POST',
        headers: { 'Content-Type': req.headers['content-type']! },
        body: await text(req),
      });
      const tokens = (await answer.json()) as { id_token?: string };
      if (tokens.id_token) tokens.id_token = this.#reissue(tokens.id_token);
      res.writeHead(answer.status, { 'Content-Type': 'application/json', ...READABLE }).end(JSON.stringify(tokens));
    }
  }

  #reissue(jwt: string): string {
    const [header, body, signature] = jwt.split('.');
    const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, iss: `${this.origin}/` })).toString('base64url');
    return [header, changed, signature].join('.');
  }
}
