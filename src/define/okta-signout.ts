import { OktaSignoutElement } from '../elements/okta-signout.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-signout')) customElements.define('okta-signout', OktaSignoutElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-signout': OktaSignoutElement;
  }
}
