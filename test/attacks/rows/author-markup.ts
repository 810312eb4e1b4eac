import type { Attack, Catch } from '../attack.js';
import { click, evilOf, hasRun, leads, ownerOf, rowsOf, tag, visit, write, type Kind } from '../author.js';
import type { AttackFixture } from '../fixture.js';
import { firstAnswer } from '../victim.js';

/* An author writes attributes, names and addresses that the code might take for its own. */

/** The victim signs in, or out, by an element of the author that says where to go next. */
async function sentOn(fixture: AttackFixture, kind: Kind, guarded: boolean, returnTo: string): Promise<Catch> {
  const page = write(fixture, {
    kind,
    author: tag('okta-signin', { id: 'theirs', 'return-to': returnTo }),
    weaknesses: guarded ? [] : ['no look at return-to'],
  });
  return visit(fixture, page, 'known to the issuer', async (tab) => {
    await click(tab, 'theirs');
    return firstAnswer<Catch>(tab, async () => {
      if (returnTo.startsWith('http') && tab.url().startsWith(returnTo)) return { loot: 'the user, on another origin' };
      if (tab.url() === `${fixture.origin('app')}/`) return { instead: 'the user is on the first page of the site' };
      return (await hasRun(tab).catch(() => false)) ? { loot: 'a script in the page' } : undefined;
    });
  });
}

async function signedOutTo(fixture: AttackFixture, kind: Kind, guarded: boolean): Promise<Catch> {
  const evil = fixture.attacker(fixture.path('page')).address;
  const page = write(fixture, {
    kind,
    author: tag('okta-signout', { id: 'theirs', scope: 'local', 'return-to': evil }),
    weaknesses: guarded ? [] : ['no look at return-to'],
  });
  return visit(fixture, page, 'signed in', async (tab) => {
    await tab.locator('#secret').waitFor();
    await tab.locator('#theirs').getByRole('button').click();
    return firstAnswer<Catch>(tab, () => {
      if (tab.url() === evil) return Promise.resolve({ loot: 'the user, on another origin' });
      const isHome = tab.url() === `${fixture.origin('app')}/`;
      return Promise.resolve(isHome ? { instead: 'the user is on the first page of the site' } : undefined);
    });
  });
}

async function parameters(fixture: AttackFixture, kind: Kind, guarded: boolean): Promise<Catch> {
  const said = { evil: 'true' };
  const json = JSON.stringify(said);
  const author = tag('okta-signin', {
    id: 'theirs',
    authorizeparams: json,
    'authorize-params': json,
    widgetoptions: json,
    'widget-options': json,
    'onokta-signin-start': 'globalThis.ran = true',
    'onokta-error': 'globalThis.ran = true',
  });
  return visit(fixture, write(fixture, { kind, author }), 'new', async (tab) => {
    if (!guarded)
      await tab.locator('#theirs').evaluate((element, authorizeParams) => {
        Object.assign(element, { authorizeParams });
      }, said);
    const address = await click(tab, 'theirs');
    if (address?.searchParams.has('evil')) return { loot: 'a parameter of the authorization request' };
    return { instead: 'the authorization request has the parameters of the package' };
  });
}

/** Names that an author can put into the way of what the code reads from the document, its elements and the window. */
const HIDING = `
  <form name="scripts"></form>
  ${['readyState', 'baseURI', 'currentScript', 'body', 'head', 'documentElement', 'visibilityState', 'cookie', 'fonts']
    .map((name) => `<img name="${name}" alt="">`)
    .join('')}
  ${['okta-config', 'document', 'location', 'Document', 'Reflect', 'client', 'registry', 'trustedTypes', 'OktaSignIn']
    .map((id) => `<a id="${id}" href="https://evil.example/"></a><form id="${id}"></form>`)
    .join('')}`;

/** Elements whose properties are hidden stand around the elements of this package. */
const around = (html: string) => `
  <form>${['getRootNode', 'closest', 'isConnected', 'parentElement', 'lang', 'dataset', 'hasAttribute', 'getAttribute']
    .map((name) => `<input name="${name}" hidden>`)
    .join('')}${html}</form>`;

async function hidden(fixture: AttackFixture, kind: Kind, guarded: boolean, names: string): Promise<Catch> {
  const page = write(fixture, {
    kind,
    author: names + around(tag('okta-config', evilOf(fixture))),
    place: 'first',
    weaknesses: guarded ? [] : ['the document as markup names it'],
  });
  return visit(fixture, page, 'new', (tab) => leads(fixture, tab, 'owner', 'the sign-in of the owner’s button'));
}

/** `<base>` of the author. */
async function moved(fixture: AttackFixture, kind: Kind, guarded: boolean): Promise<Catch> {
  const page = write(fixture, {
    kind,
    author: `<base href="${fixture.origin('stranger')}/">`,
    place: 'first',
    weaknesses: guarded ? [] : ['addresses by base'],
  });
  return visit(fixture, page, 'new', async (tab) => {
    const address = await click(tab, 'owner');
    const redirectUri = address?.searchParams.get('redirect_uri') ?? '';
    if (redirectUri.startsWith(fixture.origin('stranger'))) return { loot: 'the redirect URI' };
    return redirectUri === page ? { instead: 'the redirect URI is the owner’s' } : {};
  });
}

async function otherFile(fixture: AttackFixture, guarded: boolean): Promise<Catch> {
  const folder = fixture.path('');
  const json = (settings: object) => ({ type: 'application/json', text: JSON.stringify(settings) });
  const name = `${folder.replaceAll('/', '')}.json`;
  fixture.file('app', `/${name}`, json(ownerOf(fixture)));
  fixture.file('app', `${folder}${name}`, json(evilOf(fixture)));
  const page = write(fixture, {
    kind: 'sealed',
    json: { src: name },
    author: `<base href="${folder}">`,
    place: 'first',
    weaknesses: guarded ? [] : ['settings file by base'],
  });
  return visit(fixture, page, 'new', (tab) => leads(fixture, tab, 'owner', 'the sign-in of the owner’s button'));
}

export const authorMarkupRows: readonly Attack[] = [
  ...rowsOf({
    name: 'return-to on another origin',
    aim: 'the user, on another origin',
    without: 'the check of return-to',
    defence: 'the check of return-to',
    run: (fixture, kind, guarded) => sentOn(fixture, kind, guarded, fixture.attacker(fixture.path('page')).address),
  }),
  ...rowsOf({
    name: 'return-to with javascript:',
    aim: 'a script in the page',
    without: 'the check of return-to',
    defence: 'the check of return-to',
    run: (fixture, kind, guarded) => sentOn(fixture, kind, guarded, 'javascript:void(globalThis.ran=true)'),
  }),
  ...rowsOf({
    name: 'return-to of a button to sign out',
    aim: 'the user, on another origin',
    kinds: ['sealed'],
    without: 'the check of return-to',
    defence: 'the check of return-to',
    run: signedOutTo,
  }),
  ...rowsOf({
    name: 'attributes with the names of authorizeParams, widgetOptions and events',
    aim: 'a parameter of the authorization request',
    without: 'an owner’s script that sets the property',
    defence: 'they are properties only',
    run: parameters,
  }),
  ...rowsOf({
    name: 'form name="scripts", and a second okta-config for another issuer',
    aim: 'the sign-in of the owner’s button',
    kinds: ['sealed'],
    without: 'reading the prototype of the document',
    defence: 'reading the prototype of the document',
    run: (fixture, kind, guarded) => hidden(fixture, kind, guarded, '<form name="scripts"></form>'),
  }),
  ...rowsOf({
    name: 'names that hide properties of document, window and elements, and a second okta-config',
    aim: 'the sign-in of the owner’s button',
    kinds: ['sealed'],
    without: 'reading the prototype of the document',
    defence: 'reading the prototype of the document',
    run: (fixture, kind, guarded) => hidden(fixture, kind, guarded, HIDING),
  }),
  ...rowsOf({
    name: 'base on another origin',
    aim: 'the redirect URI',
    without: 'addresses relative to the page',
    defence: 'addresses relative to the page',
    run: moved,
  }),
  ...rowsOf({
    name: 'base in the uploads folder, and a settings file with a relative address',
    aim: 'the sign-in of the owner’s button',
    kinds: ['sealed'],
    without: 'addresses relative to the page',
    defence: 'addresses relative to the page',
    run: (fixture, _, guarded) => otherFile(fixture, guarded),
  }),
  ...rowsOf({
    name: 'an okta-config of another name for another issuer, with a redirect URI of its own, and a button',
    aim: 'a sign-in at another issuer',
    kinds: ['unsealed'],
    run(fixture, kind) {
      const author =
        tag('okta-config', { name: 'theirs', 'redirect-uri': '/elsewhere', ...evilOf(fixture) }) +
        tag('okta-signin', { id: 'theirs', config: 'theirs' });
      const page = write(fixture, { kind, author });
      return visit(fixture, page, 'new', (tab) => leads(fixture, tab, 'theirs', 'a sign-in at another issuer'));
    },
  }),
  ...rowsOf({
    name: 'a guard on a claim around an image of the author’s server',
    aim: 'that the visitor has the claim',
    kinds: ['sealed'],
    run(fixture, kind) {
      const evil = fixture.attacker(fixture.path('pixel.gif'));
      const image = `<template><img alt="" src="${evil.address}"></template>`;
      const author = tag('okta-guard', { claim: 'email', value: 'ada@example.com' }, image);
      const page = write(fixture, { kind, author });
      return visit(fixture, page, 'signed in', (tab) =>
        firstAnswer<Catch>(tab, () =>
          Promise.resolve(evil.received.length > 0 ? { loot: 'that the visitor has the claim' } : undefined),
        ),
      );
    },
  }),
];
