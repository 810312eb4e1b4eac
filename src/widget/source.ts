import { OktaElementsError } from '../errors.js';
import { isSecure, type ConfigInput } from '../session/config.js';

/** The two designs of Okta's widget. */
export type WidgetGeneration = 2 | 3;

/** How the widget and the page are kept apart. */
export type WidgetIsolation = 'page' | 'shadow' | 'frame';

/** A file that the author named. */
export interface WidgetFile {
  readonly url: string;
  /** Subresource Integrity. */
  readonly integrity?: string;
}

/** Where the widget comes from. What is left out comes with this package. */
export interface WidgetSource {
  readonly generation: WidgetGeneration;
  readonly script?: WidgetFile;
  readonly stylesheet?: WidgetFile;
}

/** A hash that browsers know (Subresource Integrity, section 3.4). One that they do not know they ignore, unsaid. */
const HASHES = /^sha(256|384|512)-[\w+/-]+={0,2}(\?\S*)?(\s+sha(256|384|512)-[\w+/-]+={0,2}(\?\S*)?)*$/;

/**
 * Checks where an author wants the widget from.
 * @param page address of the page, against which relative addresses are read
 * @param isInShadow whether the tag is in the shadow tree of another component, where generation 2 does not find its form
 * @throws OktaElementsError `config_invalid`, saying which setting and what it should be
 */
export function widgetSource(
  said: ConfigInput,
  isolation: 'page' | 'shadow',
  page: string,
  isInShadow = false,
): WidgetSource {
  if (!['page', 'shadow'].includes(isolation)) {
    throw invalid(`isolation is one of page, shadow, frame; not "${String(isolation)}".`);
  }
  const script = widgetFile('widget-src', said.widgetSrc, 'widget-integrity', said.widgetIntegrity, page);
  const stylesheet = widgetFile('widget-css', said.widgetCss, 'widget-css-integrity', said.widgetCssIntegrity, page);
  const generation = widgetGeneration(said.widgetGeneration, isolation, script, isInShadow);
  return { generation, script, stylesheet };
}

function widgetGeneration(
  said: unknown,
  isolation: WidgetIsolation,
  script: WidgetFile | undefined,
  isInShadow: boolean,
): WidgetGeneration {
  const generation = text(said);
  if (!['', '2', '3'].includes(generation)) throw invalid(`widget-generation is 2 or 3; not "${generation}".`);
  if (isolation === 'shadow' && generation === '2') {
    throw invalid('Generation 2 of the widget cannot be shown in a shadow root; set widget-generation="3".');
  }
  if (generation) return generation === '3' ? 3 : 2;
  if (isolation === 'shadow' || (isInShadow && !script)) return 3;
  // Okta names its builds of generation 3 okta-sign-in.next….js.
  return /\.next\.[^/]*$/.test(new URL(script?.url ?? 'about:blank').pathname) ? 3 : 2;
}

function widgetFile(
  name: string,
  said: unknown,
  integrityName: string,
  saidIntegrity: unknown,
  page: string,
): WidgetFile | undefined {
  const address = text(said);
  const integrity = text(saidIntegrity);
  if (!address) {
    if (integrity) throw invalid(`${integrityName} is the hash of the file at ${name}; set ${name} too.`);
    return undefined;
  }
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  if (!url || !isAllowed(url, new URL(page).origin)) {
    throw invalid(`${name} is an https address, or one on this page's own origin; "${address}" is not.`);
  }
  if (integrity && !HASHES.test(integrity)) {
    throw invalid(`${integrityName} is a hash such as sha384-…, as integrity in HTML; "${integrity}" is not.`);
  }
  return { url: url.href, integrity: integrity || undefined };
}

function isAllowed(url: URL, own: string): boolean {
  const safe = isSecure(url) || (url.protocol === 'http:' && url.origin === own);
  return safe && !url.username && !url.password;
}

/** A JSON file may hold anything. */
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function invalid(message: string): OktaElementsError {
  return new OktaElementsError('config_invalid', message);
}
