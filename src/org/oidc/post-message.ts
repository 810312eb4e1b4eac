import { createHash } from 'node:crypto';
import type Provider from 'oidc-provider';
import { scriptJson } from '../http.js';

/**
 * Okta's response mode for silent sign-in and popups: the answer is a page that posts it to the page which opened it,
 * and to no other origin than the redirect URI's.
 */
export function addPostMessage(provider: Provider): void {
  provider.registerResponseMode('okta_post_message', (ctx, redirectUri, payload) => {
    const origin = new URL(redirectUri).origin;
    const script =
      `(window.opener && window.opener !== window ? window.opener : window.parent)` +
      `.postMessage(${scriptJson(payload)}, ${scriptJson(origin)});`;
    const hash = createHash('sha256').update(script).digest('base64');
    ctx.status = 200;
    ctx.type = 'html';
    ctx.set({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': `default-src 'none'; script-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors ${origin}`,
    });
    ctx.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Okta</title></head><body><script>${script}</script></body></html>`;
  });
}
