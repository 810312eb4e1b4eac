/** Where a link or a form of the widget would lead, and what becomes of it. */
type Route = 'stay' | 'top' | 'window';

/**
 * Keeps the frame where it is. What leads to Okta, such as a button of an identity provider, needs the whole page: it
 * is handed to `leave`. Anything else, such as a help link, opens a window, as does what asks for one.
 */
export function watchWaysOut(issuer: string, leave: (url: string) => void): void {
  const okta = new URL(issuer).origin;
  const routeOf = (url: URL): Route => {
    if (!/^https?:$/.test(url.protocol)) return 'stay';
    if (url.origin === okta) return 'top';
    return url.origin === location.origin && url.pathname === location.pathname ? 'stay' : 'window';
  };
  const follow = (href: string): boolean => {
    const url = new URL(href, location.href);
    const route = routeOf(url);
    if (route === 'top') leave(url.href);
    return route === 'window' ? openWindow(url.href) : route !== 'stay';
  };

  addEventListener('click', (event) => {
    const link = (event.composedPath()[0] as Element | undefined)?.closest?.('a[href]');
    if (!link || event.defaultPrevented) return;
    const { href, target } = link as HTMLAnchorElement;
    const followed = target === '_blank' ? openWindow(href) : follow(href);
    if (followed) event.preventDefault();
  });
  // The widget sends forms by script, of which no event tells, and sets the address: as both work everywhere, and the
  // event of the navigation does not, both are taken.
  const { submit } = HTMLFormElement.prototype;
  HTMLFormElement.prototype.submit = function (this: HTMLFormElement) {
    const url = new URL(this.action, location.href);
    if (this.method === 'get') url.search = String(new URLSearchParams(new FormData(this) as unknown as string[][]));
    if (!follow(url.href)) submit.call(this);
  };
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener('navigate', (event) => {
    const { destination, cancelable } = event as Event & { destination: { url: string; sameDocument: boolean } };
    if (cancelable && !destination.sameDocument && follow(destination.url)) event.preventDefault();
  });
}

/** It has no way back to this one. */
function openWindow(href: string): boolean {
  const web = /^https?:$/.test(new URL(href, location.href).protocol);
  if (web) open(href, '_blank', 'noopener');
  return web;
}
