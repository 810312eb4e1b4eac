import type { MountOptions, MountResult } from '../mount.js';
import { converse } from './conversation.js';

/** What the tag says of the form, and may say otherwise while it is shown. */
export interface FrameWords {
  readonly language?: string;
  readonly loginHint?: string;
}

export interface FrameOptions extends Omit<
  MountOptions,
  'source' | 'isolation' | 'widgetOptions' | 'cspNonce' | 'theme' | keyof FrameWords
> {
  /** Of the frame page, as `frameAddress` has checked it. */
  address: URL;
  /** Name of the form for who cannot see it. */
  label: string;
  /** Milliseconds until a frame that says nothing is given up. */
  timeout: number;
  /** As the tag says it now. */
  words(): FrameWords;
  /** Calls `changed` when they may be others. */
  watch(changed: () => void, signal: AbortSignal): void;
  /** Leaves the page for an address of Okta's own. */
  leave(url: string): void;
}

/**
 * What the frame may do. Not: leave with the whole page. Its help links open windows, which are outside the sandbox.
 */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox';
const PERMISSIONS = ['publickey-credentials-get', 'publickey-credentials-create', 'clipboard-write'];

/**
 * Shows the sign-in form in a frame of another origin and waits until the user has signed in. What is typed there this
 * page cannot see; it gets the code, which is of use only with the verifier that this page keeps.
 *
 * @throws OktaElementsError `widget_load_failed`: the frame is refused or silent. `config_invalid`: it is set up for
 * another application. `state_mismatch`, `access_denied`, `widget_failed`: what the form itself ended with.
 * @throws DOMException `AbortError` after `signal` aborted.
 */
export async function showFrame(options: FrameOptions): Promise<MountResult> {
  const { host, address, signal } = options;
  const ended = new AbortController();
  const frame = createFrame(options);
  try {
    return await new Promise<MountResult>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('The sign-in form was removed.', 'AbortError')), {
        signal: ended.signal,
      });
      signal.throwIfAborted();
      converse(frame, options, ended.signal, resolve, reject);
      frame.src = address.href;
      host.append(frame);
    });
  } finally {
    ended.abort();
    keepPlace(frame, host);
    frame.remove();
  }
}

/** With the frame the focus would go, and Tab begin again at the top of the page. */
function keepPlace(frame: HTMLElement, host: HTMLElement): void {
  if ((host.getRootNode() as Document | ShadowRoot).activeElement !== frame) return;
  host.tabIndex = -1;
  host.focus({ preventScroll: true });
}

function createFrame({ label, host, address }: FrameOptions): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = label;
  frame.setAttribute('sandbox', SANDBOX);
  frame.allow = PERMISSIONS.map((name) => `${name} ${address.origin}`).join('; ');
  // The frame checks the origins around it and needs no path. With `no-referrer`, Firefox hides the origin as well.
  frame.referrerPolicy = 'strict-origin';
  const room = getComputedStyle(host).getPropertyValue('--okta-frame-height').trim() || '40rem';
  // Room enough for most forms from the beginning: what is below does not move.
  frame.style.cssText = `display: block; inline-size: 100%; border: 0; color-scheme: inherit; min-block-size: ${room}`;
  return frame;
}
