/* In a frame: says that it is the sign-in frame, again and again, and notes who answers. */
(() => {
  const heard = (globalThis.heard = []);
  addEventListener('message', ({ data }) => heard.push(data));
  setInterval(() => parent.postMessage({ type: 'okta-elements:frame-hello' }, '*'), 20);
})();
