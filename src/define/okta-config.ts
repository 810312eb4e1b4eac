import { OktaConfigElement } from '../elements/okta-config.js';
import { readPageConfiguration } from '../session/page-configuration.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-config')) customElements.define('okta-config', OktaConfigElement);

// A page may have JSON and no tag, such as that of the redirect URI.
readPageConfiguration();
if (document.readyState === 'loading') {
  document.addEventListener('DOMContentLoaded', readPageConfiguration, { once: true });
}

declare global {
  interface HTMLElementTagNameMap {
    'okta-config': OktaConfigElement;
  }
}
