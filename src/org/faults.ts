import type { IncomingMessage, ServerResponse } from 'node:http';

/** Endpoints that can be made to fail. */
export const FAULT_NAMES = [
  'discovery',
  'keys',
  'authorize',
  'token',
  'userinfo',
  'revoke',
  'logout',
  'introspect',
  'interact',
  'idx',
  'sessions',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

export interface Fault {
  /** HTTP status of the answer. Without `body`, the body is Okta's error for it. 429 carries `Retry-After`. */
  status?: number;
  /** Seconds in `Retry-After`. Default 1. */
  retryAfter?: number;
  /** Milliseconds to wait first. Alone, the answer after that is the usual one. */
  delayMs?: number;
  /** `html`: a proxy's error page. `truncated`: JSON that breaks off. `empty`: nothing. Else the body itself. */
  body?: 'html' | 'truncated' | 'empty' | (string & {});
  /** Closes the connection without an answer. */
  drop?: boolean;
  /** Never answers. The connection is closed with the org. */
  hang?: boolean;
  /** `false`: the usual answer, without the headers that let a page read it. */
  cors?: boolean;
  /** How many requests fail, preflights not counted. Default: all, until cleared. */
  times?: number;
}

/** The switchboard of a running org: which endpoints fail, and how. */
export class Faults {
  readonly #faults = new Map<FaultName, Fault & { left: number }>();

  /** Makes an endpoint fail from the next request on. Replaces the fault it had. */
  set(name: FaultName, fault: Fault): void {
    if (!FAULT_NAMES.includes(name))
      throw new RangeError(`No endpoint is called "${name}": one of ${FAULT_NAMES.join(', ')}.`);
    this.#faults.set(name, { ...fault, left: fault.times ?? Infinity });
  }

  /** Mends one endpoint, or all. */
  clear(name?: FaultName): void {
    if (name) this.#faults.delete(name);
    else this.#faults.clear();
  }

  /** The fault for a request to this endpoint, which then counts as used. */
  take(name: FaultName | undefined): Fault | undefined {
    const fault = name && this.#faults.get(name);
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.#faults.delete(name);
    return fault;
  }
}

/** Applies a fault. True when it has answered, or never will; false when the usual answer follows. */
export async function applyFault(fault: Fault, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  if (fault.hang) {
    req.resume();
    return true;
  }
  if (fault.delayMs) await wait(fault.delayMs, res);
  if (fault.drop) {
    req.socket.destroy();
    return true;
  }
  if (fault.status === undefined && fault.body === undefined) return false;
  const status = fault.status ?? 200;
  if (status === 429) res.setHeader('Retry-After', String(fault.retryAfter ?? 1));
  const { type, text } = bodyOf(fault, status);
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  res.end(text);
  return true;
}

function bodyOf({ body }: Fault, status: number): { type: string; text: string } {
  switch (body) {
    case undefined:
      return { type: 'application/json', text: JSON.stringify(status === 429 ? TOO_MANY : INTERNAL) };
    case 'html':
      return {
        type: 'text/html',
        text: `<!doctype html><title>${status}</title><h1>${status}</h1><p>The proxy says no.</p>`,
      };
    case 'truncated':
      return { type: 'application/json', text: '{"access_token":"eyJraWQiOiJ' };
    case 'empty':
      return { type: 'application/json', text: '' };
    default:
      return { type: 'application/json', text: body };
  }
}

const TOO_MANY = {
  errorCode: 'E0000047',
  errorSummary: 'API call exceeded rate limit due to too many requests.',
  errorCauses: [],
};
const INTERNAL = { errorCode: 'E0000009', errorSummary: 'Internal Server Error', errorCauses: [] };

/** Waits, and no longer than the client does: a timer must not keep a closed org alive. */
function wait(milliseconds: number, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      res.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    res.on('close', done);
  });
}
