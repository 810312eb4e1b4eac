import { OktaConfigElement } from '../elements/okta-config.js';
import { readPageConfiguration, watchResponses } from '../session/page-configuration.js';
import { settle } from '../session/registry.js';

// Another bundle on the page may have come first.
if (!customElements.get('okta-config')) customElements.define('okta-config', OktaConfigElement);

// A page may have JSON and no tag, such as that of the redirect URI.
readPageConfiguration();
watchResponses();
// JSON may stand after the script, and tags wait for it. Does nothing in a document that has been parsed.
document.addEventListener('DOMContentLoaded', () => {
  readPageConfiguration();
  settle();
});

declare global {
  interface HTMLElementTagNameMap {
    'okta-config': OktaConfigElement;
  }
}
