import { loadTexts } from '../report.js';
import type { OktaClient } from '../session/client.js';
import { showFrame, type FrameWords } from '../widget/frame/embed.js';
import { languageAt } from '../widget/page-language.js';
import type { EmbeddedHost, Show } from './embedded-sign-in.js';

/** While the form is on its way, the sign of work is above the room for it, and not before it. */
const OVERLAY = `
  [part='container']:not([hidden]) { display: grid; grid-template-columns: minmax(0, 1fr); }
  [part='spinner'], ::slotted(*) { grid-area: 1 / 1 !important; }
  [part='spinner'] { place-self: start center; margin-block-start: 2em; }`;

/** The widget in a frame of the sign-in origin. */
export async function inFrame(address: URL, { config }: OktaClient, host: EmbeddedHost): Promise<Show> {
  const frame = {
    address,
    label: labelOf(host) || (await defaultLabel(host)),
    timeout: config.requestTimeout,
    words: () => wordsOf(host),
    watch: (changed: () => void, signal: AbortSignal) => watchHost(host, changed, signal),
    leave: (url: string) => location.assign(url),
  };
  return async (form) => {
    const overlay = new CSSStyleSheet();
    overlay.replaceSync(OVERLAY);
    const root = host.shadowRoot!;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, overlay];
    try {
      return await showFrame({ ...form, ...frame });
    } finally {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== overlay);
    }
  };
}

async function defaultLabel(host: EmbeddedHost): Promise<string> {
  const label = 'Sign in';
  const language = languageAt(host) ?? 'en';
  if (language.startsWith('en')) return label;
  return loadTexts().then(
    async ({ loadWords }) => (await loadWords(language)).labels[label],
    () => label,
  );
}

/** Name of the form for screen readers: the label that the page gives the button. */
function labelOf(host: EmbeddedHost): string {
  const label = [...host.childNodes].filter((node) => !(node instanceof Element && node.slot));
  const text = label.map(({ textContent }) => textContent ?? '').join('');
  return host.ariaLabel || text.replace(/\s+/g, ' ').trim();
}

function wordsOf(host: EmbeddedHost): FrameWords {
  // The spelling of POSIX is on many pages.
  const language = languageAt(host)?.replaceAll('_', '-');
  return { language, loginHint: host.loginHint || undefined };
}

function watchHost(host: EmbeddedHost, changed: () => void, signal: AbortSignal): void {
  const controller = { hostUpdated: changed };
  host.addController(controller);
  signal.addEventListener('abort', () => host.removeController(controller));
}
