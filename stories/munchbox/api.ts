import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { escapeHtml, HttpError, readBody } from '../../src/org/http.js';
import { Refusal, requireGroup, requireProof, type AccessTokens, type Claims } from './access-token.js';

/** What an address is made of. */
type Address = Record<'street' | 'town' | 'note', string>;

const USUAL: Address = { street: '7 Crumb Lane', town: 'Snackville', note: 'Leave it with the neighbour' };
const LONGEST = 80;

/** What changing the address takes: the same as the guard on the page says, as the page only shows. */
const TWO_FACTORS = 'urn:okta:loa:2fa:any';
const QUARTER_OF_AN_HOUR = 900;

/** What comes of a request that was let through. */
interface Answer {
  status?: number;
  type?: 'text/html; charset=utf-8' | 'application/json';
  body?: string;
}

export interface ApiOptions {
  tokens: AccessTokens;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * What the shop hands out to whoever brings an access token, and to nobody else: fragments of pages, and the address.
 * True when it has answered.
 */
export function createApi({ tokens, now }: ApiOptions) {
  const addresses = new Map<string, Address>();
  const addressOf = ({ uid = '' }: Claims): Address => addresses.get(uid) ?? USUAL;

  const routes: Record<string, (claims: Claims, req: IncomingMessage) => Promise<Answer>> = {
    'GET /fragments/address.html': async (claims) => fragment('address', addressOf(claims)),
    'GET /fragments/vans.html': async (claims) => {
      requireGroup(claims, 'Warehouse staff');
      return fragment('vans', {});
    },
    'PUT /api/address': async (claims, req) => {
      requireProof(claims, TWO_FACTORS, QUARTER_OF_AN_HOUR, now());
      addresses.set(claims.uid!, readAddress(await readBody(req)));
      return { status: 204 };
    },
  };

  return async (req: IncomingMessage, res: ServerResponse, headers: Record<string, string>): Promise<boolean> => {
    const path = (req.url ?? '/').replace(/[?#].*$/s, '');
    if (!/^\/(api|fragments)\//.test(path)) return false;
    const common = {
      ...headers,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      Vary: 'Authorization',
    };
    const route = Object.hasOwn(routes, `${req.method} ${path}`) ? routes[`${req.method} ${path}`] : undefined;
    try {
      // Who brings no token is not told what there is.
      const claims = await tokens.verify(req);
      const { status = 200, type, body } = route ? await route(claims, req) : { status: 404 };
      res.writeHead(status, { ...common, ...(type && { 'Content-Type': type }) }).end(body);
    } catch (error) {
      if (error instanceof Refusal) {
        res.writeHead(error.status, { ...common, 'WWW-Authenticate': error.header, 'Content-Type': 'text/plain' });
        res.end(error.message);
      } else if (error instanceof HttpError) {
        res.writeHead(error.status, { ...common, 'Content-Type': 'text/plain' }).end(error.message);
      } else {
        console.error('The shop failed:', error);
        res.writeHead(500, common).end();
      }
    }
    return true;
  };
}

/** A file of `fragments/`, with values in place of `{{names}}`. */
async function fragment(name: string, values: Record<string, string>): Promise<Answer> {
  const html = await readFile(fileURLToPath(new URL(`fragments/${name}.html`, import.meta.url)), 'utf8');
  const body = html.replace(/\{\{(\w+)\}\}/g, (_, key: string) => escapeHtml(values[key] ?? ''));
  return { type: 'text/html; charset=utf-8', body };
}

/** @throws HttpError 400 */
function readAddress(body: string): Address {
  let given: Partial<Record<keyof Address, unknown>> | null;
  try {
    given = JSON.parse(body) as typeof given;
  } catch {
    given = null;
  }
  const read = (name: keyof Address): string => {
    const value = given?.[name];
    if (typeof value !== 'string' || value.length > LONGEST || (name !== 'note' && value.trim() === ''))
      throw new HttpError(400, `The ${name} is missing or too long.`);
    return value.trim();
  };
  return { street: read('street'), town: read('town'), note: read('note') };
}
