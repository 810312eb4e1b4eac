import type { OktaElementsError } from '../errors.js';
import { heard } from '../events.js';

/** The embedded widget shows its first form. */
export class OktaWidgetReadyEvent extends Event {
  constructor() {
    super('okta-widget-ready', heard);
  }
}

/** The embedded widget shows another form. */
export class OktaWidgetRenderEvent extends Event {
  constructor(readonly form: string) {
    super('okta-widget-render', heard);
  }
}

/** The embedded widget reports an error; it usually shows it, too. */
export class OktaWidgetErrorEvent extends Event {
  constructor(readonly error: OktaElementsError) {
    super('okta-widget-error', heard);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-widget-ready': OktaWidgetReadyEvent;
    'okta-widget-render': OktaWidgetRenderEvent;
    'okta-widget-error': OktaWidgetErrorEvent;
  }
}
