import { OktaElementsError } from '../errors.js';
import type { ConfigInput } from '../session/config.js';
import { own } from '../session/own.js';

/** How long a file with the settings may take, milliseconds. */
const TIMEOUT = 10_000;

/**
 * Reads the file that `<okta-config src>` names. Its keys are those of `configure()` or the names of the attributes, and
 * `debug` does what that attribute does.
 * @param base against which its address is read
 * @throws OktaElementsError `config_invalid`, saying why it cannot be used
 */
export async function readSettings(src: string, base: string): Promise<ConfigInput> {
  try {
    const url = new URL(src, base);
    if (url.origin !== location.origin) throw new Error('it is on another origin');
    // Nor is a redirect to one followed.
    const response = await fetch(url, { mode: 'same-origin', signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw new Error(`it answers with status ${response.status}`);
    const file = (await response.json()) as object | null;
    const entries = Object.entries(file ?? {});
    for (const [name, value] of entries) {
      // As in markup. An object may do anything when it is taken for text.
      if ([value].flat().some((one) => one && typeof one === 'object')) throw new Error(`"${name}" is no text in it`);
    }
    const { debug, ...settings } = own(Object.fromEntries(entries.map(([name, value]) => [inCamelCase(name), value])));
    if (debug === true) void import('../debug.js').then(({ logEvents }) => logEvents()).catch(() => {});
    return settings;
  } catch (cause) {
    const why = (cause as Error).message;
    throw new OktaElementsError(
      'config_invalid',
      `<okta-config src="${src}">: the file cannot be used (${why}). Check src.`,
      { cause },
    );
  }
}

function inCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
