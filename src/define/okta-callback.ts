import { OktaCallbackElement } from '../elements/okta-callback.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-callback')) customElements.define('okta-callback', OktaCallbackElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-callback': OktaCallbackElement;
  }
}
