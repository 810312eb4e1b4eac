import { OktaElementsError } from '../errors.js';
import { loadTexts } from '../report.js';
import { authorize } from './authorize.js';
import { completeHosted, type Completed } from './completion.js';
import type { Environment } from './environment.js';
import type { LiveSession } from './live-session.js';
import { receiveAnswer, timeoutAfter } from './relay.js';
import { safeReturnTo } from './return-to.js';
import type { Session } from './session.js';
import type { SignInOptions } from './sign-in.js';
import { dropTransaction, saveTransaction, type Transaction } from './transaction.js';

/** How often a window is looked at, milliseconds. */
const LOOK = 100;
/** How many looks in a row must find it closed: an answer may be on its way. */
const LOOKS = 6;

/** A window that was given up while somebody may still be signing in there. */
let abandoned: Window | undefined;

/**
 * Signs in on Okta's own page in a window of its own; this page stays as it is.
 * @param popup as `environment.openWindow()` gave it, in the click itself: browsers block what comes later
 * @throws OktaElementsError `popup_blocked` when there is no window, `popup_closed` within a second of it being closed,
 * `timeout` after `popup-timeout`, and whatever else keeps a hosted sign-in from ending well
 */
export async function signInWithPopup(
  session: LiveSession,
  options: SignInOptions,
  popup: Window | null,
): Promise<Completed> {
  // A web view in another app may have one window only, and give that.
  if (!popup || popup === window.top) {
    throw new OktaElementsError(
      'popup_blocked',
      globalThis.top === globalThis.self
        ? 'The browser blocked the sign-in window; try again to sign in on this page instead, or allow pop-ups for this site.'
        : 'The browser blocked the sign-in window. This page is in a frame, where Okta does not show its sign-in page: open the page outside the frame, add allow-popups and allow-popups-to-escape-sandbox to the sandbox attribute of the frame, or allow pop-ups for this site.',
    );
  }
  const { environment, store } = session;
  const page = environment.location.href;
  const before = store.read();
  let answer;
  try {
    answer = await askIn(popup, session, options);
  } catch (error) {
    const tokens = store.read();
    // It was finished in the window itself, or in another tab.
    if (!tokens || before) throw error;
    return { tokens, returnTo: safeReturnTo(options.returnTo || page, page) };
  }
  return completeHosted(session, answer.href, answer.state).finally(() => dropTransaction(answer.state, environment));
}

/** Sends the window to Okta, and waits for what it comes back with. */
async function askIn(
  popup: Window,
  session: Session,
  options: SignInOptions,
): Promise<{ readonly href: string; readonly state: string }> {
  const { config, environment } = session;
  // What is finished in the window after this page has gone counts only where tabs share their tokens.
  const lastsLonger = config.storage === 'local' && !session.store.isInMemory;
  const leave = () => {
    if (!lastsLonger) popup.close();
  };
  const waiting = new AbortController();
  let transaction: Transaction | undefined;
  let givenUp = false;

  const ask = async () => {
    const begun = await authorize(session, options, 'popup');
    waiting.signal.throwIfAborted();
    ({ transaction } = begun);
    keep(transaction, environment, popup);
    const answer = receiveAnswer(transaction.state, popup, waiting.signal);
    popup.location.replace(begun.url);
    return answer;
  };

  abandoned?.close();
  showWaiting(popup);
  void translateWaiting(popup, options.language);
  environment.events.addEventListener('pagehide', leave);
  try {
    const limit = config.popupTimeout;
    const late = `The sign-in window did not come back within ${limit / 1000} s (popup-timeout); finish there, or try again.`;
    const href = await Promise.race([
      ask(),
      whenClosed(popup, waiting.signal),
      timeoutAfter(limit, waiting.signal, late),
    ]);
    return { href, state: transaction!.state };
  } catch (error) {
    givenUp = lastsLonger && transaction !== undefined && (error as OktaElementsError).code === 'timeout';
    if (transaction) dropTransaction(transaction.state, environment);
    throw error;
  } finally {
    waiting.abort();
    environment.events.removeEventListener('pagehide', leave);
    // Nobody is thrown out while typing a password: it is then finished in the window, and heard of through the storage.
    if (givenUp) abandoned = popup;
    else popup.close();
  }
}

/** While it is asked where to go: a window that stays white looks broken. */
function showWaiting(popup: Window): void {
  try {
    // To the middle of this one, at the size it was opened with. Phones have no windows to move.
    popup.moveTo(screenX + outerWidth / 2 - 240, screenY + outerHeight / 2 - 340);
    const { document } = popup;
    document.title = 'Sign in';
    document.documentElement.lang = 'en';
    document.documentElement.style.colorScheme = 'light dark';
    document.body.style.font = '1rem system-ui';
    document.body.textContent = 'One moment…';
  } catch {
    // It is of another origin where this page is in a sandbox. That changes nothing.
  }
}

/** In the language of the page, if the window is still there to be written to. */
async function translateWaiting(popup: Window, tag = 'en'): Promise<void> {
  if (tag.startsWith('en')) return;
  try {
    const { language, labels } = await (await loadTexts()).loadWords(tag);
    const { document } = popup;
    document.title = labels['Sign in'];
    document.documentElement.lang = language;
    document.body.dir = 'auto';
    document.body.textContent = labels['One moment…'];
  } catch {
    // It has left for Okta already, or the texts cannot be loaded.
  }
}

/** Keeps a transaction here, and in the window, which has to finish alone when this page is gone by then. */
function keep(transaction: Transaction, environment: Environment, popup: Window): void {
  saveTransaction(transaction, { ...environment, sessionStorage: undefined });
  try {
    saveTransaction(transaction, { ...environment, sessionStorage: popup.sessionStorage });
  } catch {
    // As above: it then cannot finish alone.
  }
}

function whenClosed(popup: Window, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    let looks = 0;
    const timer = setInterval(() => {
      // A window that Cross-Origin-Opener-Policy has cut off says that it is closed, too; but then the user is there.
      looks = popup.closed && Document.prototype.hasFocus.call(document) ? looks + 1 : 0;
      if (looks < LOOKS) return;
      reject(new OktaElementsError('popup_closed', 'The sign-in window was closed; open it again to sign in.'));
    }, LOOK);
    signal.addEventListener('abort', () => clearInterval(timer));
  });
}
