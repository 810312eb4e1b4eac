import { OktaElementsError } from '../errors.js';
import { inCamelCase, type ConfigInput } from './config.js';
import { own } from './own.js';

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Reads the settings file that `"src"` of `<script data-okta-config>` names. Its keys are those of `configure()` or the
 * names of the attributes.
 * @param src same-origin address, relative to the page
 * @throws OktaElementsError `config_invalid`, saying why it cannot be used
 */
export async function readSettings(src: string): Promise<ConfigInput> {
  try {
    const url = new URL(src, location.href);
    if (url.origin !== location.origin) throw new Error('it is on another origin');
    // `same-origin` also rejects a redirect to another origin.
    const response = await fetch(url, { mode: 'same-origin', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const file = (await response.json()) as object | null;
    for (const [name, value] of Object.entries(file ?? {})) {
      const isText = ![value].flat().some((one) => one && typeof one === 'object');
      if (!isText && name !== 'widgetOptions')
        throw new Error(`its "${name}" is not a text, a number or a list of texts`);
    }
    return own(inCamelCase(file));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new OktaElementsError('config_invalid', `The settings file "${src}" cannot be used: ${why}; check "src".`, {
      cause,
    });
  }
}
