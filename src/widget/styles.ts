/** A stylesheet on its way. */
export interface Stylesheet {
  /** Resolves when its rules are in force. */
  loaded: Promise<void>;
  /** Takes it out of the page. */
  remove(): void;
}

/** What a stylesheet is loaded with. */
export interface StylesheetOptions {
  /** Subresource Integrity. */
  integrity?: string;
  /** For pages whose policy names styles by nonce. */
  nonce?: string;
}

/**
 * Adds a stylesheet to the page, or to one shadow tree of it. As a `link`, because that is all `style-src 'self'`
 * allows.
 */
export function addStylesheet(
  root: Document | ShadowRoot,
  href: string,
  { integrity, nonce }: StylesheetOptions = {},
): Stylesheet {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  if (integrity) link.integrity = integrity;
  // Without it the browser can check no hash.
  if (integrity && new URL(link.href).origin !== location.origin) link.crossOrigin = 'anonymous';
  if (nonce) link.nonce = nonce;
  const loaded = new Promise<void>((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`The stylesheet ${href} could not be loaded, or its hash is another.`));
  });
  (root === document ? document.head : root).append(link);
  return { loaded, remove: () => link.remove() };
}
