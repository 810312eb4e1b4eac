/* In a frame: says that it is the sign-in frame, every 20 ms, and records the answers. */
(() => {
  const heard = (globalThis.heard = []);
  globalThis.attempts = 0;
  addEventListener('message', ({ data }) => heard.push(data));
  setInterval(() => {
    globalThis.attempts += 1;
    parent.postMessage({ type: 'okta-elements:frame-hello' }, '*');
  }, 20);
})();
