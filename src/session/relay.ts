/**
 * How an authorization response gets from the window it came back to, a popup or a hidden frame, to the page that
 * asked for it. Both ends speak over two lines at once, since neither serves always: `postMessage` is lost when a
 * Cross-Origin-Opener-Policy has cut the popup from its opener, a BroadcastChannel where the browser keeps apart what
 * frames of other sites store. Nothing leaves the origin by either.
 *
 * The window says `here`; whoever asked says `give`; only then the answer is handed over, and `taken` confirms it. So
 * one side and not two exchanges the code, though the page may be slow: providers take a code that is used twice for
 * stolen, and revoke what it gave (RFC 6749 section 4.1.2).
 */
import { OktaElementsError } from '../errors.js';
import { withoutResponse } from './callback.js';
import type { Environment } from './environment.js';
import { stateKind } from './state-kind.js';
import { dropTransaction } from './transaction.js';

type Word = 'here' | 'give' | 'answer' | 'taken';

/** How long a page that still wants the answer may take to say so, milliseconds. */
const PATIENCE = 600;
/** How long the answer may be on its way to a page that has said so, milliseconds. */
const DELIVERY = 3000;
/** How long a window takes to close that can be closed, milliseconds. */
const CLOSING = 500;

interface Line {
  say(word: Word, answer?: string): void;
  hangUp(): void;
}

/**
 * @param state names the line; nobody else can guess it
 * @param peer the window at the other end; null when it cannot be reached
 */
function openLine(state: string, peer: Window | null, hear: (word: unknown, answer: unknown) => void): Line {
  const { origin } = location;
  const channel = new BroadcastChannel(`okta-elements:${state}`);
  const take = (data: unknown) => {
    const said = Object(data) as Record<string, unknown>;
    if (said.state === state) hear(said.word, said.answer);
  };
  const onMessage = (event: MessageEvent) => {
    if (peer && event.source === peer && event.origin === origin) take(event.data);
  };
  addEventListener('message', onMessage);
  channel.onmessage = ({ data }) => take(data);
  return {
    say(word, answer) {
      const message = { state, word, answer };
      peer?.postMessage(message, origin);
      channel.postMessage(message);
    },
    hangUp() {
      removeEventListener('message', onMessage);
      channel.close();
    },
  };
}

/**
 * Waits for the answer to a transaction from the window it was sent to.
 * @param signal ends the waiting; the promise then stays open
 * @returns the address that the authorization response came to
 */
export function receiveAnswer(state: string, from: Window, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const line = openLine(state, from, (word, answer) => {
      if (word === 'here') line.say('give');
      if (word !== 'answer' || typeof answer !== 'string' || !URL.canParse(answer, location.origin)) return;
      const { href, searchParams } = new URL(answer, location.origin);
      if (searchParams.get('state') !== state) return;
      line.say('taken');
      resolve(href);
    });
    signal.addEventListener('abort', () => line.hangUp());
  });
}

/** Fails with `timeout`, unless the signal comes first. */
export function timeoutAfter(milliseconds: number, signal: AbortSignal, message: string): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new OktaElementsError('timeout', message)), milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

/**
 * Hands the answer in this window's address to the page that asked for it, and closes the window.
 * @returns whether it was handed over; if not, it is this page's own to handle
 */
export function relayAnswer(href: string, environment: Environment): Promise<boolean> {
  const { history } = environment;
  const { pathname, search, searchParams } = new URL(href);
  const state = searchParams.get('state')!;
  const isPopup = stateKind(state) === 'popup';
  const asker = isPopup ? (window.opener as Window | null) : window.parent;
  if (asker === window) return Promise.resolve(false);
  return new Promise((resolve) => {
    let timer = setTimeout(() => end(false), PATIENCE);
    let given = false;
    const line = openLine(state, asker, (word) => {
      if (word === 'give' && !given) {
        given = true;
        clearTimeout(timer);
        timer = setTimeout(() => {
          say('This sign-in was interrupted. Close this window, and sign in again.');
          end(true);
        }, DELIVERY);
        // From here on it is no longer this window's.
        dropTransaction(state, environment);
        history.replaceState(history.state, '', withoutResponse(href));
        line.say('answer', pathname + search);
      } else if (word === 'taken' && given) {
        end(true);
        if (isPopup) void closeWindow().then(() => say('You can close this window.'));
      }
    });
    const end = (relayed: boolean) => {
      clearTimeout(timer);
      line.hangUp();
      resolve(relayed);
    };
    line.say('here');
  });
}

/** Closes this window. What is done after that is done only where the browser refuses. */
export function closeWindow(): Promise<void> {
  window.close();
  return new Promise((resolve) => setTimeout(resolve, CLOSING));
}

/** In place of the page, which is not meant for this window. */
function say(text: string): void {
  const message = document.createElement('p');
  message.setAttribute('role', 'status');
  message.lang = 'en';
  message.dir = 'ltr';
  message.textContent = text;
  document.body.replaceChildren(message);
}
