/*
 * Connects to the sign-in frame of a page, or of the page around it, as <okta-signin> would, and tells what comes back.
 * `<script src data-…>` says how: `to`, which windows; `from`, when: at once and again and again, or so many milliseconds
 * after the frame has said hello; `more`, JSON of further things that it asks for.
 */
(() => {
  const { to = 'own', after, more = '{}' } = document.currentScript.dataset;
  const heard = (globalThis.heard = []);
  const hex = (length) => Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const request = {
    type: 'okta-elements:frame-connect',
    state: `okta-elements.embedded.${hex(64)}`,
    nonce: hex(43),
    codeChallenge: hex(43),
    looks: {},
    ...JSON.parse(more),
  };
  const connect = () => {
    const around = to === 'own' ? window : parent;
    for (let index = 0; index < around.length; index += 1) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard.push(data);
      around[index].postMessage(request, '*', [port2]);
    }
  };
  addEventListener('message', ({ data }) => {
    if (data?.type !== 'okta-elements:frame-hello') return;
    heard.push(data);
    if (after) setTimeout(connect, Number(after));
  });
  if (!after) setInterval(connect, 20);
})();
