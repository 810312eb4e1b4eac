import { preventable } from '../events.js';

/**
 * An API wants more proof of who the user is than the sign-in gave (RFC 9470); `client.fetch()` returns its answer as it
 * is. Cancel it to say that the page sees to it.
 */
export class OktaStepUpRequiredEvent extends Event {
  /**
   * @param acrValues authentication context classes, one of which will do; empty when the API names none
   * @param maxAge seconds since the user last signed in actively, at most; undefined when the API does not mind
   * @param url what was asked for
   */
  constructor(
    readonly acrValues: readonly string[],
    readonly maxAge: number | undefined,
    readonly url: string,
  ) {
    super('okta-step-up-required', preventable);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-step-up-required': OktaStepUpRequiredEvent;
  }
}
