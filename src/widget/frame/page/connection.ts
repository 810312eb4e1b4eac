import { HELLO, readConnect, readPageMessage, type Asked, type FrameMessage, type PageMessage } from '../messages.js';

/** The page around this frame, once it has connected. */
export interface Connection {
  readonly asked: Asked;
  tell(message: FrameMessage): void;
  /** Calls `listener` with everything that the page says from now on. */
  hear(listener: (message: PageMessage) => void): void;
}

/**
 * Waits for the page around this frame. Three things keep others out: the header `frame-ancestors`, which the server
 * sends; the list of ancestors, where the browser has one; and that the first word goes to the allowed origins alone
 * and counts from no other.
 *
 * @param parents allowed origins
 * @throws Error in a sentence for who sees the frame: it is shown by a page that may not
 */
export function connect(parents: readonly string[]): Promise<Connection> {
  const { parent } = window;
  const ancestors = location.ancestorOrigins ? [...location.ancestorOrigins] : undefined;
  if (parent === window)
    throw new Error('This form is shown inside a page of its own application; go there to sign in.');
  if (ancestors && !ancestors.every((origin) => parents.includes(origin))) {
    throw new Error('This sign-in form is not meant for the page it is shown in.');
  }
  return new Promise((resolve) => {
    const listen = ({ source, origin, data, ports: [port] }: MessageEvent) => {
      if (source !== parent || !parents.includes(origin) || !port) return;
      const asked = readConnect(data);
      if (!asked) return;
      // Once: who comes later is too late.
      removeEventListener('message', listen);
      resolve({
        asked,
        tell: (message) => port.postMessage(message),
        hear: (listener) => {
          port.onmessage = (event) => {
            const message = readPageMessage(event.data);
            if (message) listener(message);
          };
        },
      });
    };
    addEventListener('message', listen);
    const expected = ancestors ? ancestors.slice(0, 1) : parents;
    for (const origin of expected) parent.postMessage({ type: HELLO }, origin);
  });
}
