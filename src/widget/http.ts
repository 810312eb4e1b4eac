import { OktaElementsError } from '../errors.js';

/** A request as the widget's client describes it. */
export interface WidgetRequest {
  headers?: Record<string, string>;
  data?: string | Record<string, unknown>;
  withCredentials?: boolean;
}

/** An answer as the widget's client wants it: returned for a 2xx status, thrown for any other. */
export interface WidgetResponse {
  status: number;
  responseText: string;
  headers: Record<string, string>;
  responseType?: 'json';
  responseJSON?: { error?: unknown };
}

export type HttpRequestClient = (method: string, url: string, request: WidgetRequest) => Promise<WidgetResponse>;

/** Milliseconds, where nobody says otherwise. */
const TIMEOUT = 10_000;

/**
 * Sends the widget's requests, in place of its own client and to the same effect
 * (`authParams.httpRequestClient`, okta-auth-js), until `signal` aborts. From then on nothing is sent and nothing is
 * answered, so that a widget that has been removed does not go on. Each is given up after `timeout` milliseconds.
 *
 * @param nonce of the sign-in, which generation 3 does not hand on when it begins it
 */
export function httpRequestClient(signal: AbortSignal, nonce: string, timeout = TIMEOUT): HttpRequestClient {
  return async (method, url, request) => {
    // By hand: Firefox has AbortSignal.any since 124.
    const sending = new AbortController();
    const abort = () => sending.abort();
    const timer = setTimeout(abort, timeout);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await send(method, url, isInteract(url) ? withNonce(request, nonce) : request, sending.signal);
    } catch (error) {
      if (signal.aborted) return new Promise(() => {});
      if (sending.signal.aborted) throw late(url, timeout);
      const { status } = error as Partial<WidgetResponse>;
      throw isInteract(url) && (status === 404 || status === 405) ? withoutEngine(url, status) : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  };
}

function late(url: string, timeout: number): OktaElementsError {
  return new OktaElementsError(
    'timeout',
    `${new URL(url).origin} did not answer within ${timeout / 1000} s; try again.`,
  );
}

function withoutEngine(url: string, status: number): OktaElementsError {
  return new OktaElementsError(
    'widget_load_failed',
    `${url} answered with status ${status}: this issuer has no Okta Identity Engine, which the embedded form needs; set mode="hosted".`,
  );
}

/** Whether a sign-in begins with this request (Interaction Code grant). */
function isInteract(url: string): boolean {
  return new URL(url).pathname.endsWith('/v1/interact');
}

function withNonce(request: WidgetRequest, nonce: string): WidgetRequest {
  const { data = {} } = request;
  if (typeof data !== 'string') return { ...request, data: { ...data, nonce } };
  const fields = new URLSearchParams(data);
  fields.set('nonce', nonce);
  return { ...request, data: fields.toString() };
}

async function send(
  method: string,
  url: string,
  { headers = {}, data, withCredentials }: WidgetRequest,
  signal: AbortSignal,
): Promise<WidgetResponse> {
  const response = await fetch(url, {
    method,
    headers,
    body: data && encode(data, headers['Content-Type'] ?? ''),
    credentials: withCredentials ? 'include' : 'omit',
    signal,
  });
  const result: WidgetResponse = {
    status: response.status,
    responseText: await response.text(),
    headers: Object.fromEntries(response.headers),
  };
  if (response.headers.get('Content-Type')?.toLowerCase().includes('application/json')) {
    result.responseType = 'json';
    result.responseJSON = parse(result.responseText);
  }
  // The widget's client wants the answer itself thrown, not an error.
  if (!response.ok || result.responseJSON?.error) throw result;
  return result;
}

function encode(data: string | Record<string, unknown>, contentType: string): string {
  if (typeof data === 'string') return data;
  if (contentType !== 'application/x-www-form-urlencoded') return JSON.stringify(data);
  return Object.entries(data)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
}

function parse(text: string): { error?: unknown } {
  try {
    return JSON.parse(text) as { error?: unknown };
  } catch (error) {
    return { error };
  }
}
