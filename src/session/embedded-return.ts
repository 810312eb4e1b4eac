import type { Environment } from './environment.js';
import { safeReturnTo } from './return-to.js';
import { stateKind } from './state-kind.js';
import { findTransaction, takeOverTransaction, type Transaction } from './transaction.js';

/** What leads back to a sign-in that is not over: its form is to be shown again. */
export interface EmbeddedReturn {
  /** The sign-in to go on with. None when another browser began it. */
  readonly transaction?: Transaction;
  /** The code of a mailed link. */
  readonly otp?: string;
}

/** Longer than any code that Okta mails. */
const OTP = /^\w{1,64}$/;

/**
 * Reads an address that leads back to the widget (okta-signin-widget, "Redirect callbacks"): a link from a mail, with
 * `otp`, or the way back from an identity provider where Okta needs more of the user, with `interaction_required`.
 * @returns undefined for any other answer
 */
export function readEmbeddedReturn(href: string, environment: Environment): EmbeddedReturn | undefined {
  const { searchParams } = new URL(href);
  const [state = '', ...otherStates] = searchParams.getAll('state');
  const [otp = '', ...otherCodes] = searchParams.getAll('otp');
  if (stateKind(state) !== 'embedded' || otherStates.length > 0 || otherCodes.length > 0) return undefined;
  if (OTP.test(otp)) return { transaction: takeOverTransaction(state, environment), otp };
  const transaction = findTransaction(state, environment);
  return transaction && searchParams.get('error') === 'interaction_required' ? { transaction } : undefined;
}

/**
 * Where the form of a sign-in is shown, with what led back to it, when that is not this page.
 * @param from the address that led back
 */
export function formElsewhere({ transaction }: EmbeddedReturn, from: string): string | undefined {
  const here = new URL(from);
  const page = new URL(safeReturnTo(transaction?.page ?? from, from), from);
  if (page.pathname === here.pathname) return undefined;
  for (const name of ['otp', 'error', 'state']) {
    const value = here.searchParams.get(name);
    if (value !== null) page.search += `${page.search ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
  }
  return page.href;
}
