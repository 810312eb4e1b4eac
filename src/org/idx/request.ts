import type { IncomingMessage } from 'node:http';
import { HttpError, readBody } from '../http.js';
import { IdxError, messages } from './messages.js';

export type JsonObject = Record<string, unknown>;

/** Longest body in bytes. The longest form is a few hundred. */
const BODY_LIMIT = 16_384;

const PATHS = new Set([
  'introspect',
  'identify',
  'identify/select',
  'enroll',
  'enroll/new',
  'challenge',
  'challenge/answer',
  'challenge/resend',
  'challenge/poll',
  'credential/enroll',
  'recover',
  'unlock-account',
  'skip',
  'cancel',
]);

/**
 * Reads the JSON object a call carries.
 *
 * @throws IdxError 404, 405, 413, 415 or 400
 */
export async function readRequest(req: IncomingMessage, path: string): Promise<JsonObject> {
  if (!PATHS.has(path)) throw new IdxError(404, messages.notFound);
  if (req.method !== 'POST') throw new IdxError(405, messages.wrongMethod);
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'application/ion+json') throw new IdxError(415, messages.wrongMediaType);
  let body: unknown;
  try {
    body = JSON.parse(await readBody(req, BODY_LIMIT));
  } catch (error) {
    throw new IdxError(error instanceof HttpError ? error.status : 400, messages.malformed);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new IdxError(400, messages.malformed);
  return body as JsonObject;
}
