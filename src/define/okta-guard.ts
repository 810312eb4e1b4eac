import { OktaGuardElement } from '../elements/okta-guard.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-guard')) customElements.define('okta-guard', OktaGuardElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-guard': OktaGuardElement;
  }
}
