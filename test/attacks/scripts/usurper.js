/*
 * Connects to the sign-in frame of a page, or of the page around it, as <okta-signin> would, and records the answers.
 * `<script src data-…>` sets: `to`, which windows; `after`, when: by default at once and then every 20 ms, else once, when
 * another window has made so many attempts since the frame said hello; `more`, JSON of further fields of the request.
 */
(() => {
  const { to = 'own', after, more = '{}' } = document.currentScript.dataset;
  const heard = (globalThis.heard = []);
  globalThis.attempts = 0;
  const hex = (length) => Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const request = {
    type: 'okta-elements:frame-connect',
    state: `okta-elements.embedded.${hex(64)}`,
    nonce: hex(43),
    codeChallenge: hex(43),
    looks: {},
    ...JSON.parse(more),
  };
  const around = to === 'own' ? window : parent;
  const connect = () => {
    for (let index = 0; index < around.length; index += 1) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard.push(data);
      around[index].postMessage(request, '*', [port2]);
    }
    globalThis.attempts += 1;
    if (around !== window) around.postMessage({ type: 'attempt' }, '*');
  };
  let others = 0;
  addEventListener('message', ({ data }) => {
    if (data?.type === 'okta-elements:frame-hello') heard.push(data);
    if (data?.type !== 'attempt' || heard.length === 0) return;
    others += 1;
    if (others === Number(after)) connect();
  });
  if (!after) setInterval(connect, 20);
})();
