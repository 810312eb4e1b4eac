import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transaction } from './transaction.js';

/** Who sends a call. */
export interface Caller {
  req: IncomingMessage;
  res: ServerResponse;
  /** Origin of the org as the browser sees it. */
  origin: string;
  /** Value of the browser-binding cookie; empty when none came. */
  browserId: string;
}

/**
 * Whether a transaction belongs to whoever calls. A handle alone is not enough.
 *
 * - It stays on the host name it was begun on.
 * - Hosted, it stays in its browser. Embedded, a call may come without the cookie, because the widget sends none for
 *   sign-up, recovery and unlocking, and browsers block those of other sites; a wrong one is still refused.
 * - It stays on the page it was first used on, by the `Origin` header, which scripts cannot set.
 */
export function belongsTo(tx: Transaction, { req, origin, browserId }: Caller): boolean {
  if (tx.request.origin !== origin) return false;
  const page = req.headers.origin ?? '';
  if (tx.pageOrigin !== undefined && tx.pageOrigin !== page) return false;
  const mayBeMissing = tx.request.kind === 'embedded' || tx.browserId === '';
  if (browserId === '' ? !mayBeMissing : tx.browserId !== '' && tx.browserId !== browserId) return false;
  tx.pageOrigin ??= page;
  if (tx.browserId === '') tx.browserId = browserId;
  return true;
}
