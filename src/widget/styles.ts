/** A stylesheet on its way. */
export interface Stylesheet {
  /** Resolves when its rules are in force. */
  loaded: Promise<void>;
  /** Takes it out of the page. */
  remove(): void;
}

/**
 * Adds a stylesheet to the page. As a `link`, because that is all `style-src 'self'` allows.
 *
 * @param nonce For pages whose policy names styles by nonce.
 */
export function addStylesheet(href: string, nonce?: string): Stylesheet {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  if (nonce) link.nonce = nonce;
  const loaded = new Promise<void>((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`The stylesheet ${href} could not be loaded.`));
  });
  document.head.append(link);
  return { loaded, remove: () => link.remove() };
}
