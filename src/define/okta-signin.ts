import { OktaSigninElement } from '../elements/okta-signin.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-signin')) customElements.define('okta-signin', OktaSigninElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-signin': OktaSigninElement;
  }
}
