import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, redirect, sendHtml, urlOf } from '../http.js';
import { pageHtml } from '../admin/layout.js';
import type { Services } from './services.js';

/**
 * Answers the link in a mail.
 *
 * In the browser that asked for it, the waiting page goes on by itself. In another browser it must not: opening a link
 * would let whoever began the sign-in finish it. There the code is shown, to be typed where it was asked for. A link of
 * an embedded sign-in leads to the app, which does the same with `otp` and `state`.
 */
export function openEmailLink(req: IncomingMessage, res: ServerResponse, browserId: string, services: Services): void {
  const query = urlOf(req).searchParams;
  const link = services.links.find(query.get('state') ?? '');
  const otp = query.get('otp') ?? '';
  if (!link?.code.matches(otp)) {
    show(
      res,
      410,
      'This link no longer works',
      'It was used already, or is too old. Ask for a new one where you signed in.',
    );
    return;
  }
  const { request, browserId: owner } = link.transaction;
  if (request.kind === 'embedded' && request.state !== undefined) {
    const target = new URL(request.redirectUri);
    target.searchParams.set('otp', otp);
    target.searchParams.set('state', request.state);
    redirect(res, target.href);
    return;
  }
  if (request.kind === 'hosted' && owner !== '' && owner === browserId) {
    link.approved = link.code.use(otp);
    show(res, 200, 'Thank you', 'Go back to the page where you signed in. It goes on by itself.');
    return;
  }
  const label = services.host.clientLabel(request.clientId);
  show(res, 200, 'Your verification code', `Type this code where you asked for it, signing in to ${label}.`, otp);
}

function show(res: ServerResponse, status: number, title: string, text: string, code?: string): void {
  const body =
    `<main class="narrow"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>` +
    `${code === undefined ? '' : `<p class="code">${escapeHtml(code)}</p>`}</main>`;
  const { html, csp } = pageHtml(title, body);
  sendHtml(res, status, html, { csp });
}
