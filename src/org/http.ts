import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that is refused with this status before anything has been answered. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

/** Path and query of a request. The host is never taken from here: it is checked once, where the request comes in. */
export function urlOf(req: IncomingMessage): URL {
  return new URL(req.url ?? '/', 'http://host.invalid');
}

export interface JsonOptions {
  /** Default `application/json`. */
  contentType?: string;
  headers?: Record<string, string>;
}

/** Answers with JSON that no cache keeps. */
export function sendJson(res: ServerResponse, status: number, body: unknown, options: JsonOptions = {}): void {
  res.writeHead(status, {
    'Content-Type': options.contentType ?? 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...options.headers,
  });
  res.end(JSON.stringify(body));
}

/** For pages that run no script: their own styles, nothing from elsewhere, never in a frame. */
export const PLAIN_PAGE_CSP =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface HtmlOptions {
  /** Content-Security-Policy. Default {@link PLAIN_PAGE_CSP}. */
  csp?: string;
  headers?: Record<string, string>;
}

/** Answers with a page that no cache keeps, under a content security policy. */
export function sendHtml(res: ServerResponse, status: number, html: string, options: HtmlOptions = {}): void {
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': options.csp ?? PLAIN_PAGE_CSP,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...options.headers,
  });
  res.end(html);
}

export function redirect(res: ServerResponse, location: string, status: 302 | 303 = 302): void {
  res.writeHead(status, { Location: location, 'Cache-Control': 'no-store' });
  res.end();
}

export function sendEmpty(res: ServerResponse, status: 204 | 404 = 204): void {
  res.writeHead(status, { 'Cache-Control': 'no-store' });
  res.end();
}

/**
 * Reads a request body as UTF-8.
 *
 * @param limit bytes, default 64 KiB
 * @throws HttpError 413 when the body is longer
 */
export async function readBody(req: IncomingMessage, limit = 65_536): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new HttpError(413, 'The request body is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Reads a JSON object.
 *
 * @throws HttpError 400 when the body is not a JSON object, 413 when it is too long
 */
export async function readJson(req: IncomingMessage, limit?: number): Promise<Record<string, unknown>> {
  const text = await readBody(req, limit);
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The request body is not well-formed JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'The request body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** Fields of a form post. The first value of a repeated field counts. */
export function parseForm(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

/** Cookies of a request. The first of a repeated name counts; names are kept apart from `Object.prototype`. */
export function cookies(req: IncomingMessage): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    if (!found.has(name)) found.set(name, pair.slice(equals + 1).trim());
  }
  return found;
}

export interface CookieOptions {
  /** Seconds. Left out: the cookie goes when the browser closes. 0 removes it. */
  maxAge?: number;
  /** Default `/`. */
  path?: string;
}

/** Adds a `Set-Cookie`: HttpOnly, SameSite=Lax, for this host only. Later calls for the same name replace it. */
export function setCookie(res: ServerResponse, name: string, value: string, options: CookieOptions = {}): void {
  const parts = [`${name}=${value}`, `Path=${options.path ?? '/'}`, 'HttpOnly', 'SameSite=Lax'];
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`);
  const others = ([] as string[])
    .concat((res.getHeader('Set-Cookie') as string | string[] | undefined) ?? [])
    .filter((cookie) => !cookie.startsWith(`${name}=`));
  res.setHeader('Set-Cookie', [...others, parts.join('; ')]);
}

/** Text made safe for HTML content and quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON made safe for the inside of a `<script>` element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
