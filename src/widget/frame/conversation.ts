import { OktaElementsError } from '../../errors.js';
import type { MountResult } from '../mount.js';
import type { FrameOptions } from './embed.js';
import { looksAt } from './looks.js';
import {
  connectMessage,
  isHello,
  readMessage,
  type FrameMessage,
  type FrameRequest,
  type PageMessage,
} from './messages.js';
import { watchPage } from './page-changes.js';

/** Answers the frame, and goes by what it says, until it ends. */
export function converse(
  frame: HTMLIFrameElement,
  options: FrameOptions,
  ended: AbortSignal,
  resolve: (result: MountResult) => void,
  reject: (error: OktaElementsError) => void,
): void {
  const { address, transaction, timeout, host } = options;
  let port: MessagePort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Every document in the frame is loaded once and says once what it is for, in either order.
  let loads = 0;
  let welcomes = 0;
  let told: FrameRequest | undefined;

  const wait = () => {
    clearTimeout(timer);
    if (welcomes > 0 && welcomes >= loads) return;
    timer = setTimeout(() => reject(silent(address, timeout)), timeout);
  };
  const heard = () => {
    // It is of the document that is there now. One that another replaced before it had said a word owes none any more.
    welcomes = Math.max(welcomes, loads);
    wait();
  };
  const tell = (message: PageMessage) => port?.postMessage(message);
  const connect = () => {
    told = told ? again(requestOf(options)) : { ...requestOf(options), resumed: transaction.resumed || undefined };
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    let known = false;
    port.onmessage = ({ data }) => {
      const message = readMessage(data);
      if (message?.type === 'welcome') {
        if (welcomes === 0) compareScopes(message, options);
        welcomes += 1;
        heard();
        known = assertFor(message, options, reject);
        // Until it has said what it is for, nothing else counts.
      } else if (message && known) {
        heard();
        act(message, frame, options, tell, resolve, reject);
      }
    };
    frame.contentWindow!.postMessage(connectMessage(told), address.origin, [channel.port2]);
  };
  const changed = () => {
    if (!told) return;
    const { looks, language, loginHint } = requestOf(options);
    const others = told.language !== language || told.loginHint !== loginHint;
    const looksOther = JSON.stringify(told.looks) !== JSON.stringify(looks);
    told = { ...told, looks, language, loginHint };
    // The widget takes texts only when it starts. It goes on where it was.
    if (others) frame.src = address.href;
    else if (looksOther) tell({ type: 'looks', looks });
  };

  wait();
  const listening = { signal: ended };
  frame.addEventListener('load', () => ((loads += 1), wait()), listening);
  const listen = ({ source, origin, data }: MessageEvent) => {
    if (source === frame.contentWindow && origin === address.origin && isHello(data)) connect();
  };
  addEventListener('message', listen, listening);
  watchPage(host, ended, changed);
  options.watch(changed, ended);
  ended.addEventListener('abort', () => {
    clearTimeout(timer);
    port?.close();
  });
}

function act(
  message: FrameMessage,
  frame: HTMLIFrameElement,
  options: FrameOptions,
  tell: (message: PageMessage) => void,
  resolve: (result: MountResult) => void,
  reject: (error: OktaElementsError) => void,
): void {
  switch (message.type) {
    case 'ready':
      options.onReady();
      if ((document.activeElement ?? document.body) === document.body) tell({ type: 'focus' });
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

/** The frame's count, so the tokens lack what only the page asks for. */
function compareScopes({ scopes }: FrameMessage & { type: 'welcome' }, { transaction, address }: FrameOptions): void {
  if (scopes === undefined) return;
  const there = new Set(scopes.split(' '));
  const here = new Set(transaction.scopes);
  if (there.size === here.size && [...here].every((scope) => there.has(scope))) return;
  // eslint-disable-next-line no-console -- a sign-in works without, and its author should know
  console.warn(
    `The sign-in frame at ${address.origin} asks for the scopes "${scopes}", which count, and <okta-config> names "${transaction.scopes.join(' ')}"; make them the same.`,
  );
}

function requestOf({ host, transaction, flow, words, idp }: FrameOptions): FrameRequest {
  const { state, nonce, codeChallenge, acrValues, maxAge, prompt, otp, elsewhere } = transaction;
  const bound = { state, nonce, codeChallenge, acrValues, maxAge, prompt, otp, elsewhere: elsewhere || undefined };
  // Attributes that are gone are null.
  return { ...bound, flow: flow || undefined, idp: idp || undefined, ...words(), looks: looksAt(host) };
}

/** One that is loaded again goes on where it was, and a mailed code is sent once. */
function again(request: FrameRequest): FrameRequest {
  return { ...request, resumed: true, otp: request.elsewhere ? request.otp : undefined };
}

function silent({ origin }: URL, timeout: number): OktaElementsError {
  return new OktaElementsError(
    'widget_load_failed',
    `The sign-in frame at ${origin} said nothing within ${timeout / 1000} s; check frame-src, and that "parents" of its okta-frame.json and its frame-ancestors name ${location.origin}.`,
  );
}
