import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Directory, User } from '../directory.js';
import { escapeHtml, sendHtml, sendJson, urlOf } from '../http.js';
import type { Mail, Mailbox } from '../mailbox.js';
import { totpCode, totpCounter } from '../totp.js';
import { pageHtml } from './layout.js';

export interface AdminContext {
  origin: string;
  directory: Directory;
  mailbox: Mailbox;
  /** Milliseconds since the epoch on the org's clock. Default: the machine's. */
  now?: () => number;
}

/**
 * Answers the pages a developer looks things up on: `/mailbox`, `/mailbox.json?to=` and `/users`. They hide nothing, not
 * even secrets, because the org is an emulator that nobody else reaches.
 *
 * @returns false for any other path, with nothing answered
 */
export async function handleAdmin(req: IncomingMessage, res: ServerResponse, context: AdminContext): Promise<boolean> {
  const { pathname, searchParams } = urlOf(req);
  const to = searchParams.get('to') || undefined;
  if (!['/mailbox', '/mailbox.json', '/users'].includes(pathname)) return false;
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('Allow', 'GET, HEAD');
    sendJson(res, 405, { error: 'This page is only read.' });
    return true;
  }
  if (pathname === '/mailbox.json') {
    sendJson(res, 200, context.mailbox.messages(to));
    return true;
  }
  const page = pathname === '/mailbox' ? mailboxPage(context, to) : usersPage(context);
  sendHtml(res, 200, page.html, { csp: page.csp });
  return true;
}

function mailboxPage({ mailbox, origin }: AdminContext, to: string | undefined) {
  const mails = mailbox.messages(to).reverse();
  const shown = to === undefined ? '' : `<p class="meta">To ${escapeHtml(to)}. <a href="/mailbox">Show all</a></p>`;
  const list = mails.map((mail) => mailHtml(mail)).join('\n');
  const body =
    header('/mailbox', origin) +
    `<main><h1>Mailbox</h1>${shown}${list || '<p class="empty">No mail yet. It shows up here by itself.</p>'}</main>`;
  return pageHtml('Mailbox', body, { refreshSeconds: 5 });
}

function mailHtml({ to, subject, text, code, link, sentAt }: Mail): string {
  const time = new Date(sentAt).toISOString();
  return (
    `<article><h2>${escapeHtml(subject)}</h2>` +
    `<p class="meta">To <a href="/mailbox?to=${encodeURIComponent(to)}">${escapeHtml(to)}</a> ` +
    `<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></p>` +
    (code === undefined ? '' : `<p class="code">${escapeHtml(code)}</p>`) +
    (link === undefined ? '' : `<p><a href="${escapeHtml(link)}">Open the link in the mail</a></p>`) +
    `<p class="text">${escapeHtml(text)}</p></article>`
  );
}

function usersPage({ directory, origin, now = Date.now }: AdminContext) {
  const users = directory.list();
  const list = users.map((user) => userHtml(user, directory, now())).join('\n');
  const body =
    header('/users', origin) + `<main><h1>Users</h1>${list || '<p class="empty">Nobody is here yet.</p>'}</main>`;
  return pageHtml('Users', body, { refreshSeconds: 10 });
}

function userHtml(user: User, directory: Directory, now: number): string {
  const { id, status, profile, groups, created, emailVerified } = user;
  const password = directory.samplePassword(id);
  const secret = directory.totpSecret(id);
  const rows: [string, string][] = [
    ['Login', escapeHtml(profile.login)],
    [
      'Email',
      `<a href="/mailbox?to=${encodeURIComponent(profile.email)}">${escapeHtml(profile.email)}</a>` +
        (emailVerified ? '' : ' (not verified)'),
    ],
    ['Groups', groups.map((group) => `<span class="tag">${escapeHtml(group)}</span>`).join('')],
    ['Password', password === undefined ? passwordState(directory, id) : `<code>${escapeHtml(password)}</code>`],
    ['Authenticator app', secret === undefined ? 'not set up' : totpHtml(secret, now)],
    ['Id', `<code>${escapeHtml(id)}</code>`],
    ['Created', `<time datetime="${created}">${created.slice(0, 10)}</time>`],
  ];
  const name = profile.displayName ?? `${profile.firstName} ${profile.lastName}`;
  return (
    `<article><h2>${escapeHtml(name)} <span class="tag">${escapeHtml(status)}</span></h2>` +
    `<dl>${rows.map(([term, value]) => `<dt>${term}</dt><dd>${value}</dd>`).join('')}</dl></article>`
  );
}

function passwordState(directory: Directory, id: string): string {
  return directory.hasPassword(id) ? 'chosen by the user' : 'none';
}

function totpHtml(secret: string, now: number): string {
  return `<strong><code>${totpCode(secret, totpCounter(now))}</code></strong> now, from the secret <code>${escapeHtml(secret)}</code>`;
}

function header(current: string, origin: string): string {
  const link = (href: string, text: string) =>
    `<a href="${href}"${href === current ? ' aria-current="page"' : ''}>${text}</a>`;
  return (
    `<header><div><p>Local Okta org at ${escapeHtml(origin)}, for development only</p>` +
    `<nav>${link('/mailbox', 'Mailbox')} ${link('/users', 'Users')}</nav></div></header>`
  );
}
