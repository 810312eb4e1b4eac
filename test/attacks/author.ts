import type { Page } from 'playwright-core';
import { App, REDIRECT_URI } from '../org/support/app.js';
import { configuration, jsonConfiguration } from '../support/pages/configuration.js';
import { decryptStored, plant, plantable, type PlantedSession } from '../support/pages/planted-session.js';
import type { Attack, Catch } from './attack.js';
import type { AttackFixture } from './fixture.js';
import { firstAnswer, isSignedIn, victim } from './victim.js';
import type { Weakness } from './weaken.js';

/* A page of the owner into which an author writes tags, but no script. */

/** How the owner configures the page: by JSON in a script element, which seals it, or by a tag. */
export type Kind = 'sealed' | 'unsealed';

const KINDS: Readonly<Record<Kind, string>> = { sealed: 'sealed page', unsealed: 'page with tags' };

/** A page, and who wrote what of it. */
export interface AuthorPage {
  readonly kind: Kind;
  /** HTML of the author, who may know the address of the page. */
  readonly author: string | ((address: string) => string);
  /** Where it is: before all that the owner wrote in the body, or after it (default). */
  readonly place?: 'first' | 'last';
  /** Settings of the owner, besides issuer, client id and redirect URI. */
  readonly settings?: Readonly<Record<string, string>>;
  /** JSON of the owner on a sealed page, in place of those. */
  readonly json?: object;
  /** Tags of the owner. Default: a button to sign in. */
  readonly tags?: string;
  /** Content security policy. A nonce in it is also that of the owner's script. */
  readonly policy?: string;
  readonly weaknesses?: readonly Weakness[];
}

/** An attack of an author, on each kind of page that it is tried on. */
export interface AuthorAttack {
  readonly name: string;
  readonly aim: string;
  /** Kinds of page. Default: both. */
  readonly kinds?: readonly Kind[];
  /** What the control lacks. Missing: not stopped, as documented. */
  readonly without?: string | Readonly<Record<Kind, string>>;
  readonly defence?: string | Readonly<Record<Kind, string>>;
  run(fixture: AttackFixture, kind: Kind, guarded: boolean): Promise<Catch>;
}

/** A row for each kind of page. */
export function rowsOf({ name, aim, kinds = ['sealed', 'unsealed'], run, ...more }: AuthorAttack): Attack[] {
  const textFor = (kind: Kind, text?: string | Readonly<Record<Kind, string>>) =>
    typeof text === 'object' ? text[kind] : text;
  return kinds.map((kind) => ({
    name: `${name}, ${KINDS[kind]}`,
    aim,
    without: textFor(kind, more.without),
    defence: textFor(kind, more.defence),
    run: (fixture, guarded) => run(fixture, kind, guarded),
  }));
}

export const OWNER_BUTTON = '<okta-signin id="owner"></okta-signin>';

/** A tag with these attributes. */
export function tag(name: string, attributes: Readonly<Record<string, string>>, content = ''): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${value.replaceAll('"', '&quot;')}"`);
  return `<${name}${given.join('')}>${content}</${name}>`;
}

/** Issuer and client id of the owner. */
export const ownerOf = ({ org: { issuer } }: AttackFixture) => ({ issuer, 'client-id': 'app' });

/** Issuer and client id of the attacker. */
export const evilOf = ({ falseOrg: { issuer } }: AttackFixture) => ({ issuer, 'client-id': 'app' });

/** Puts the page on the application's host. @returns its address */
export function write(fixture: AttackFixture, page: AuthorPage): string {
  const { kind, author, place = 'last', settings, json, tags = OWNER_BUTTON, policy, weaknesses = [] } = page;
  const files = fixture.packageFiles(weaknesses);
  const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
  const headers: Record<string, string> = policy ? { 'Content-Security-Policy': policy } : {};
  const html = (address: string) => {
    const owner = { ...ownerOf(fixture), 'redirect-uri': new URL(address).pathname, ...settings };
    const theirs = typeof author === 'string' ? author : author(address);
    return `
      <title>Blog</title>
      <style>okta-guard:not(:defined) { display: none }</style>
      ${kind === 'sealed' ? jsonConfiguration(json ?? owner) : ''}
      <script type="module" ${nonce ? `nonce="${nonce}"` : ''} src="${files}okta-elements.js"></script>
      <body>
      ${place === 'first' ? theirs : ''}
      ${kind === 'sealed' ? '' : configuration(owner)}
      ${tags}
      <okta-guard><p id="secret">For <okta-user></okta-user> only</p></okta-guard>
      ${place === 'last' ? theirs : ''}`;
  };
  return fixture.page('app', html, headers);
}

/** What the visitor begins with: tokens of the owner's issuer in this browser, a session at that issuer, or nothing. */
export type Visitor = 'signed in' | 'known to the issuer' | 'new';

/** The visitor opens the page. */
export async function visit<T>(
  fixture: AttackFixture,
  address: string,
  visitor: Visitor,
  look: (tab: Page) => Promise<T>,
): Promise<T> {
  const session = visitor === 'signed in' ? await sessionOf(fixture) : undefined;
  const cookies = visitor === 'known to the issuer' ? await cookiesOf(fixture) : [];
  return fixture.open(address, look, async (tab) => {
    await tab.context().addCookies(cookies);
    await tab.addInitScript(recordErrors);
    if (session) await tab.addInitScript(plantOnce(fixture.origin('app'), session));
  });
}

/** As text: the compiler gives functions a helper that pages lack. */
const recordErrors = `
  globalThis.__name = (value) => value;
  globalThis.codes = [];
  addEventListener('okta-error', ({ code }) => codes.push(code));`;

const plantOnce = (origin: string, session: PlantedSession): string => `
  if (location.origin === '${origin}' && !sessionStorage.getItem('began')) {
    sessionStorage.setItem('began', 'true');
    (${plant.toString()})(${JSON.stringify(session)});
  }`;

/** Codes of the errors that the page has reported. */
export const codesOf = (tab: Page): Promise<string[]> =>
  tab.evaluate(() => (globalThis as unknown as { codes?: string[] }).codes ?? []);

/** Whether a script of the author ran. */
export const hasRun = (tab: Page): Promise<boolean> => tab.evaluate(() => 'ran' in globalThis);

function cookiesOf(fixture: AttackFixture) {
  return fixture.once('cookies of the visitor', async () => {
    const { org } = fixture;
    const app = new App(org, org.origin);
    await app.signIn(victim.login, { redirect_uri: REDIRECT_URI });
    return ['idx', 'idx.sig'].map((name) => ({
      name,
      value: app.agent.cookie(org.origin, name)!.value,
      url: org.origin,
    }));
  });
}

function sessionOf(fixture: AttackFixture): Promise<PlantedSession> {
  return fixture.once('session of the visitor', () => {
    const page = write(fixture, { kind: 'sealed', author: '' });
    return visit(fixture, page, 'known to the issuer', async (tab) => {
      await tab.locator('#owner').getByRole('button').click();
      await isSignedIn(tab);
      const items = await tab.evaluate(() => ({ ...localStorage }));
      return plantable(items, await tab.evaluate(decryptStored));
    });
  });
}

/** Uses the button of a sign-in element. @returns the authorization request; undefined when the element has no client */
export async function click(tab: Page, id: 'owner' | 'theirs'): Promise<URL | undefined> {
  const element = tab.locator(`#${id}`);
  const button = element.getByRole('button');
  const isReady = await firstAnswer(tab, async () => {
    if (id === 'theirs' && (await tab.evaluate(lacksClient))) return false;
    if ((await element.getAttribute('state')) === 'error') return false;
    return (await button.isVisible()) && (await button.isEnabled()) ? true : undefined;
  });
  if (!isReady) return undefined;
  const [request] = await Promise.all([tab.waitForRequest(/\/v1\/authorize\?/), button.click()]);
  return new URL(request.url());
}

/** Whether the page has the element's configuration by name, and does not follow it. As text, as above. */
const lacksClient = `(() => {
  const name = document.querySelector('#theirs').getAttribute('config');
  const config = name && document.querySelector('okta-config[name="' + name + '"]');
  return Boolean(config && customElements.get('okta-user') && document.readyState === 'complete' && !config.client);
})()`;

/** Why nobody can sign in, in the words of a table. */
export async function noSignIn(tab: Page): Promise<string> {
  const codes = new Set(await codesOf(tab));
  return codes.size > 0 ? `nobody can sign in there: ${[...codes].join(', ')}` : 'the page has no such configuration';
}

/** Where a sign-in element leads, as the outcome of an attack. */
export async function leads(fixture: AttackFixture, tab: Page, id: 'owner' | 'theirs', loot: string): Promise<Catch> {
  const address = await click(tab, id);
  if (!address) return { instead: await noSignIn(tab) };
  return address.href.startsWith(fixture.org.issuer) ? { instead: 'it leads to the owner’s issuer' } : { loot };
}
