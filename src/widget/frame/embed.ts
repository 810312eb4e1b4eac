import { OktaElementsError } from '../../errors.js';
import type { MountOptions, MountResult } from '../mount.js';
import { looksAt } from './looks.js';
import { connectMessage, isHello, readMessage, type FrameMessage, type FrameRequest } from './messages.js';

export interface FrameOptions extends Omit<MountOptions, 'source' | 'isolation' | 'widgetOptions' | 'cspNonce'> {
  /** Of the frame page, as `frameAddress` has checked it. */
  address: URL;
  /** Name of the form for who cannot see it. */
  label: string;
  /** Milliseconds until a frame that says nothing is given up. */
  timeout: number;
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
    frame.remove();
  }
}

function createFrame({ label, host, address }: FrameOptions): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = label;
  frame.setAttribute('sandbox', SANDBOX);
  frame.allow = PERMISSIONS.map((name) => `${name} ${address.origin}`).join('; ');
  // The frame learns where it is shown from the browser; the address of the page is none of its business.
  frame.referrerPolicy = 'no-referrer';
  const room = getComputedStyle(host).getPropertyValue('--okta-frame-height').trim() || '40rem';
  // Room enough for most forms from the beginning: what is below does not move.
  frame.style.cssText = `display: block; inline-size: 100%; border: 0; color-scheme: inherit; min-block-size: ${room}`;
  return frame;
}

/** Answers the frame, and goes by what it says, until it ends. */
function converse(
  frame: HTMLIFrameElement,
  options: FrameOptions,
  ended: AbortSignal,
  resolve: (result: MountResult) => void,
  reject: (error: OktaElementsError) => void,
): void {
  const { address, transaction, timeout } = options;
  let port: MessagePort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Every document in the frame is loaded once and says hello once, in either order.
  let loads = 0;
  let connections = 0;

  const wait = () => {
    clearTimeout(timer);
    if (connections > 0 && connections >= loads) return;
    timer = setTimeout(() => reject(silent(address, timeout)), timeout);
  };
  const connect = () => {
    // One that is loaded again goes on where it was.
    const resumed = transaction.resumed || connections > 0 || undefined;
    connections += 1;
    wait();
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    let known = false;
    port.onmessage = ({ data }) => {
      const message = readMessage(data);
      // Until it has said what it is for, nothing else counts.
      if (message?.type === 'welcome') known = assertFor(message, options, reject);
      else if (message && known) act(message, frame, options, resolve, reject);
    };
    const request = connectMessage({ ...requestOf(options), resumed });
    frame.contentWindow!.postMessage(request, address.origin, [channel.port2]);
  };

  wait();
  const listening = { signal: ended };
  frame.addEventListener('load', () => ((loads += 1), wait()), listening);
  const listen = ({ source, origin, data }: MessageEvent) => {
    if (source === frame.contentWindow && origin === address.origin && isHello(data)) connect();
  };
  addEventListener('message', listen, listening);
  ended.addEventListener('abort', () => {
    clearTimeout(timer);
    port?.close();
  });
}

function act(
  message: FrameMessage,
  frame: HTMLIFrameElement,
  options: FrameOptions,
  resolve: (result: MountResult) => void,
  reject: (error: OktaElementsError) => void,
): void {
  switch (message.type) {
    case 'ready':
      options.onReady();
      break;
    case 'view':
      options.onRender({ form: message.form, authenticator: message.authenticator || undefined });
      break;
    case 'problem':
      options.onError(new OktaElementsError('widget_failed', message.message));
      break;
    case 'height':
      frame.style.blockSize = `${message.height}px`;
      break;
    case 'leave':
      if (new URL(message.url).origin === new URL(options.transaction.issuer).origin) options.leave(message.url);
      break;
    case 'done':
      if (message.state === options.transaction.state) resolve(message);
      else
        reject(new OktaElementsError('state_mismatch', 'The sign-in form answered for another sign-in; start again.'));
      break;
    case 'failed':
      reject(new OktaElementsError(message.code, message.message));
  }
}

/** A frame of another application would take the user's password for that one. */
function assertFor(
  { issuer, clientId, redirectUri }: FrameMessage & { type: 'welcome' },
  { transaction, address }: FrameOptions,
  reject: (error: OktaElementsError) => void,
): boolean {
  const differs = (
    [
      ['issuer', issuer, transaction.issuer],
      ['clientId', clientId, transaction.clientId],
      ['redirectUri', redirectUri, transaction.redirectUri],
    ] as const
  ).find(([, there, here]) => there !== here);
  if (!differs) return true;
  const [name, there, here] = differs;
  reject(
    new OktaElementsError(
      'config_invalid',
      `The sign-in frame at ${address.origin} is set up with another ${name} (${there}) than this page (${here}); make them the same.`,
    ),
  );
  return false;
}

function requestOf({ host, transaction, flow, language, loginHint, idp, theme }: FrameOptions): FrameRequest {
  const { state, nonce, codeChallenge, acrValues, maxAge, prompt, otp, elsewhere } = transaction;
  const bound = { state, nonce, codeChallenge, acrValues, maxAge, prompt, otp, elsewhere: elsewhere || undefined };
  return { ...bound, flow, language, loginHint, idp, theme, looks: looksAt(host) };
}

function silent({ origin }: URL, timeout: number): OktaElementsError {
  return new OktaElementsError(
    'widget_load_failed',
    `The sign-in frame at ${origin} said nothing within ${timeout / 1000} s; check frame-src, and that "parents" of its okta-frame.json and its frame-ancestors name ${location.origin}.`,
  );
}
