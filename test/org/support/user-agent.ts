import { request } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON. */
  json: Json;
  /** Where it redirects to. */
  location: string;
}

/* What comes over the wire is looked at as it is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  /** A form. */
  form?: Record<string, string>;
  json?: unknown;
}

interface Cookie {
  value: string;
  path: string;
  expires: number;
  attributes: string;
}

/** As much of a browser as HTTP shows of one: cookies by host and path. It follows no redirect by itself. */
export class UserAgent {
  readonly #cookies = new Map<string, Map<string, Cookie>>();

  async send(address: string, { method, headers = {}, form, json }: Sending = {}): Promise<Answer> {
    const url = new URL(address);
    const body = form ? new URLSearchParams(form).toString() : json === undefined ? undefined : JSON.stringify(json);
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const cookie = this.#cookieHeader(url);
    return new Promise((resolve, reject) => {
      const req = request(
        {
          // Whatever the name, it is this machine: no resolver is asked.
          host: '127.0.0.1',
          port: url.port,
          path: url.pathname + url.search,
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: {
            Host: url.host,
            ...(cookie && { Cookie: cookie }),
            ...(body !== undefined && { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }),
            ...headers,
          },
          agent: false,
        },
        (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('error', reject);
          res.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            this.#keep(url, res.headers['set-cookie'] ?? []);
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              text,
              get json() {
                return JSON.parse(text);
              },
              location: res.headers.location ?? '',
            });
          });
        },
      );
      req.on('error', reject);
      req.end(body);
    });
  }

  get(address: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send(address, { headers });
  }

  /** Value and attributes of a cookie it keeps. */
  cookie(origin: string, name: string): Cookie | undefined {
    return this.#cookies.get(new URL(origin).hostname)?.get(`${name} /`);
  }

  setCookie(origin: string, name: string, value: string): void {
    this.#jar(new URL(origin)).set(`${name} /`, { value, path: '/', expires: Infinity, attributes: '' });
  }

  #jar({ hostname }: URL): Map<string, Cookie> {
    const jar = this.#cookies.get(hostname) ?? new Map<string, Cookie>();
    this.#cookies.set(hostname, jar);
    return jar;
  }

  #cookieHeader(url: URL): string {
    return [...this.#jar(url)]
      .filter(([, { path, expires }]) => url.pathname.startsWith(path) && expires > Date.now())
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
  }

  #keep(url: URL, headers: string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
      const attribute = (name: string): string | undefined =>
        attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const maxAge = attribute('max-age');
      const until = attribute('expires');
      const expires = maxAge ? Date.now() + Number(maxAge) * 1000 : until ? Date.parse(until) : Infinity;
      const name = pair.slice(0, pair.indexOf('='));
      const path = attribute('path') ?? '/';
      this.#jar(url).set(`${name} ${path}`, {
        value: pair.slice(pair.indexOf('=') + 1),
        path,
        expires,
        attributes: attributes.join('; '),
      });
    }
  }
}
