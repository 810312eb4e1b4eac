import { OktaUserElement } from '../elements/okta-user.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-user')) customElements.define('okta-user', OktaUserElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-user': OktaUserElement;
  }
}
