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
export function inFrame(address: URL, { config }: OktaClient, host: EmbeddedHost): Show {
  const frame = {
    address,
    label: labelOf(host),
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

/** Name of the form for who cannot see it: what the button would say. */
function labelOf(host: EmbeddedHost): string {
  const label = [...host.childNodes].filter((node) => !(node instanceof Element && node.slot));
  const text = label.map(({ textContent }) => textContent ?? '').join('');
  return host.ariaLabel || text.replace(/\s+/g, ' ').trim() || 'Sign in';
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
