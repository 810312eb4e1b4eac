import { OktaConfigElement } from '../elements/okta-config.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-config')) customElements.define('okta-config', OktaConfigElement);

declare global {
  interface HTMLElementTagNameMap {
    'okta-config': OktaConfigElement;
  }
}
