/** Settings that only a script may set. */
const SCRIPT_ONLY = /^(src|allowed-origins|frame-src|widget-(src|css|integrity|css-integrity))$/;

/**
 * Writes the configuration of a page: `<okta-config>`, or the JSON in a script element where a setting extends trust.
 * @param settings by the names of the attributes; undefined leaves one out
 */
export function configuration(settings: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (given.some(([name]) => SCRIPT_ONLY.test(name))) {
    // The tag configures nothing then; scripts of the page find the client at it.
    return `${jsonConfiguration(Object.fromEntries(given))}<okta-config></okta-config>`;
  }
  const attributes = given.map(([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;')}"`);
  return `<okta-config${attributes.join('')}></okta-config>`;
}

/** Writes the script element that configures and seals a page: one configuration, or a list of named ones. */
export function jsonConfiguration(settings: object): string {
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return `<script type="application/json" data-okta-config>${json}</script>`;
}
