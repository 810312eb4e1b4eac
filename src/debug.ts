import type * as Events from './events.js';

const TYPES: readonly (keyof GlobalEventHandlersEventMap & `okta-${string}`)[] = [
  'okta-ready',
  'okta-state-change',
  'okta-signin-start',
  'okta-signin-success',
  'okta-callback-complete',
  'okta-guard-change',
  'okta-guard-redirect',
  'okta-session-expiring',
  'okta-session-expired',
  'okta-step-up-required',
  'okta-signout-start',
  'okta-signout-complete',
  'okta-widget-ready',
  'okta-widget-render',
  'okta-widget-error',
  'okta-error',
];

/* Loaded once, however many configurations ask: writes every event of this package to the console. No event has a token. */
for (const type of TYPES) {
  document.addEventListener(type, (event) =>
    // eslint-disable-next-line no-console -- that is what was asked for
    console.debug(type, { ...(event as Events.OktaErrorEvent) }, event.target),
  );
}
