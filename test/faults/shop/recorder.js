/*
 * What a page's author can know of it, told to the test as it happens, because pages come and go: the package's events,
 * and whether guarded content is there, frame by frame. `tell` is the test's.
 */
const tell = (entry) => window.tell({ at: Date.now(), ...entry });

const told = [
  'okta-error',
  'okta-state-change',
  'okta-guard-change',
  'okta-signin-success',
  'okta-signout-complete',
  'okta-session-expired',
];
for (const type of told) {
  document.addEventListener(type, ({ code, message, state }) => {
    tell({ type, code, message, state: state?.status ?? state });
  });
}

const isOnScreen = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

/** How late the timer of an expiry may be on a busy machine, milliseconds. */
const LATE = 1500;

let before = '';

/** Secrets that are shown, and secrets that were stamped from their template, shown or not. */
function look() {
  const secrets = [...document.querySelectorAll('[data-secret]')];
  const shown = secrets.filter(isOnScreen).map(({ dataset }) => dataset.secret);
  const stamped = secrets.some(({ dataset }) => dataset.secret === 'template');
  const now = JSON.stringify([shown, stamped]);
  if (now !== before) tell({ type: 'secrets', shown, stamped });
  before = now;
  return shown.length > 0;
}

/** What the next frame will show, if it is what nobody should see. */
function check() {
  const { status, expiresAt } = document.querySelector('okta-config')?.client?.state ?? {};
  const isGood = status === 'signed-in' && Date.now() < expiresAt * 1000 + LATE;
  if (look() && !isGood) tell({ type: 'leak', state: status });
}

// A frame shows something else only after a change. And time passes without any.
const changes = new MutationObserver(() => {
  look();
  requestAnimationFrame(check);
});
changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
setInterval(check, 100);

addEventListener('click', () => tell({ type: 'click' }), true);
addEventListener('pageshow', ({ persisted }) => persisted && tell({ type: 'restored' }));
