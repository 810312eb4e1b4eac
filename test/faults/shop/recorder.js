/*
 * Reports to the test, because pages come and go: the events of the package, and in every frame whether guarded content
 * is shown. The test provides `window.report`.
 */
const report = (entry) => window.report({ at: Date.now(), ...entry });

const reported = [
  'okta-error',
  'okta-state-change',
  'okta-guard-change',
  'okta-signin-success',
  'okta-signout-complete',
  'okta-session-expired',
];
for (const type of reported) {
  document.addEventListener(type, ({ code, message, state }) => {
    report({ type, code, message, state: state?.status ?? state });
  });
}

const isOnScreen = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

/** How late the timer of an expiry may be. */
const EXPIRY_GRACE_MS = 1500;

let before = '';

/** Looks for secrets that are shown, and for secrets stamped from their template, shown or not. */
function look() {
  const secrets = [...document.querySelectorAll('[data-secret]')];
  const shown = secrets.filter(isOnScreen).map(({ dataset }) => dataset.secret);
  const stamped = secrets.some(({ dataset }) => dataset.secret === 'template');
  const now = JSON.stringify([shown, stamped]);
  if (now !== before) report({ type: 'secrets', shown, stamped });
  before = now;
  return shown.length > 0;
}

/** Reports guarded content that the next frame will show and must not. */
function check(isSecond = false) {
  const { status, expiresAt } = document.querySelector('okta-config')?.client?.state ?? {};
  const isExpired = Date.now() >= expiresAt * 1000 + EXPIRY_GRACE_MS;
  if (!look() || (status === 'signed-in' && !isExpired)) return;
  // A browser that stood still fires the timers that are due first.
  if (status === 'signed-in' && !isSecond) setTimeout(() => check(true));
  else report({ type: 'leak', state: status });
}

// A frame shows something else only after a change. And time passes without any.
const changes = new MutationObserver(() => {
  look();
  requestAnimationFrame(() => check());
});
changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
setInterval(() => check(), 100);

addEventListener('click', () => report({ type: 'click' }), true);
addEventListener('pageshow', ({ persisted }) => persisted && report({ type: 'restored' }));
