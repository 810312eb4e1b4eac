import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import { withoutResponse } from './callback.js';
import type { OktaClient } from './client.js';
import { browserEnvironment } from './environment.js';
import { ofDocument } from './of-document.js';
import { clientsInForce, onConfigured } from './registry.js';
import { stateKind } from './state-kind.js';
import { findTransaction } from './transaction.js';

const OF_NO_CONFIGURATION =
  'no configuration of this page is for it; configure the page of the redirect URI with that issuer and client id';
const WITHOUT_CALLBACK = 'callback="manual" leaves it to <okta-callback>, which is not on this page; add the element';
const WITHOUT_TAGS =
  'that page has no okta-elements tags; add the script and the configuration to it, or set redirect-uri to a page that has them';

/** Waits until this page has a client, then looks at the addresses. */
export function watchLostResponses(): void {
  const look = () => {
    const clients = clientsInForce();
    if (clients.length === 0) return;
    stop();
    reportLostResponse(clients).catch(() => {});
  };
  const stop = onConfigured(look);
  look();
}

/**
 * Reports an authorization response that no configuration of this page handles, and takes it out of the address; or one
 * that came to the page before, which had no tags.
 * @param clients all clients of this page
 */
async function reportLostResponse(clients: readonly OktaClient[]): Promise<void> {
  const { location, history } = browserEnvironment();
  await Promise.all(clients.map(({ ready }) => ready));
  const { href } = location;
  const state = stateIn(href);
  if (state) {
    const isManual = clients.some(({ config }) => config.callback === 'manual');
    history.replaceState(history.state, '', withoutResponse(href));
    await report(state, href, isManual ? WITHOUT_CALLBACK : OF_NO_CONFIGURATION);
    return;
  }
  const before = ofDocument('referrer');
  const lost = before.startsWith(`${location.origin}/`) ? stateIn(before) : undefined;
  if (lost) await report(lost, before, WITHOUT_TAGS);
}

/** The state of the response in an address, if this package began the sign-in. */
function stateIn(address: string): string | undefined {
  const state = new URL(address).searchParams.get('state');
  return state && stateKind(state) ? state : undefined;
}

function report(state: string, address: string, why: string): Promise<void> {
  const transaction = findTransaction(state, browserEnvironment());
  const whose = transaction ? ` of issuer "${transaction.issuer}" and client id "${transaction.clientId}"` : '';
  const message = `The authorization response${whose} came to ${new URL(address).pathname}, and ${why}.`;
  return reportError(document, new OktaElementsError('transaction_missing', message));
}
