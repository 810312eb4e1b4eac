import { randomUUID } from 'node:crypto';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { hashPassword } from '../../../src/org/passwords.js';
import { totpCode, totpCounter } from '../../../src/org/totp.js';
import type { Mail } from '../../../src/org/mailbox.js';
import { site, type Site, type SiteOptions } from '../../e2e/support/site.js';
import { bringWitness, type Witness } from './witness.js';

/* A sign-in through the embedded widget, step by step, as a person goes through it. */

/** How the widget is shown. */
export interface Variant {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly isolation: string;
}

/** Both generations in the document, and the third in a shadow root. */
export const variants: readonly Variant[] = [
  { name: 'generation 2', config: { 'widget-generation': '2' }, isolation: '' },
  { name: 'generation 3', config: { 'widget-generation': '3' }, isolation: '' },
  { name: 'generation 3 in a shadow root', config: { 'widget-generation': '3' }, isolation: 'isolation="shadow"' },
];

/** Somebody with a password, whom no other test knows. */
export interface Somebody {
  readonly login: string;
  readonly password: string;
  readonly id: string;
}

export interface Setting {
  /** Attributes of the tag. */
  tag?: string;
  /** Attributes of `<okta-config>`. */
  config?: Readonly<Record<string, string>>;
  /** Page that the form is on. Default the site's first. */
  path?: string;
  head?: string;
}

/** A browser profile at a page with the form and something guarded. */
export interface Visit {
  readonly profile: BrowserContext;
  readonly page: Page;
  readonly witness: Witness;
}

/** A site whose pages show the widget. */
export interface FlowSite extends Site {
  /** Puts the page at its path. */
  put(variant: Variant, setting?: Setting): void;
  /** Opens it in a browser that nobody has used yet. */
  visit(variant: Variant, setting?: Setting): Promise<Visit>;
  /** Creates a user. With `totpSecret`, an authenticator app is set up. */
  somebody(options?: { emailVerified?: boolean; totpSecret?: string }): Promise<Somebody>;
  /** What that authenticator app shows. */
  totp(secret: string): string;
  /** The latest mail to an address, later than `after`. */
  mail(to: string, after?: Mail): Promise<Mail & { code: string; link: string }>;
}

export function flowSite(options: SiteOptions = {}): FlowSite {
  const own = site({ embedded: true, ...options });
  const flows: FlowSite = Object.assign(Object.create(own) as Site, {
    put(variant: Variant, { tag = '', config, path = '/', head }: Setting = {}) {
      own.page(path, {
        config: { ...variant.config, ...config },
        head,
        body: `<okta-signin mode="embedded" ${variant.isolation} ${tag}></okta-signin>
          <okta-guard><p id="secret">For <okta-user claim="email"></okta-user> only</p></okta-guard>`,
      });
    },
    async visit(variant: Variant, setting: Setting = {}) {
      flows.put(variant, setting);
      const profile = await own.profile();
      const witness = await bringWitness(profile);
      return { profile, witness, page: await own.open(profile, setting.path ?? '/') };
    },
    async somebody({ emailVerified = true, totpSecret }: { emailVerified?: boolean; totpSecret?: string } = {}) {
      const name = randomUUID();
      const [login, password] = [`${name}@example.com`, `secret-${name}`];
      const { id } = own.org.directory.create({
        profile: { login, email: login, firstName: 'Some', lastName: 'Body' },
        passwordHash: await hashPassword(password),
        emailVerified,
      });
      if (totpSecret) own.org.directory.setTotp(id, totpSecret);
      return { login, password, id };
    },
    totp: (secret: string) => totpCode(secret, totpCounter(own.org.clock.now())),
    mail: (to: string, after?: Mail) => own.org.mailbox.waitFor(to, { after, timeoutMs: 15_000 }),
  }) as FlowSite;
  return flows;
}

const FIELDS = { name: 'identifier', password: 'credentials.passcode', code: 'credentials.passcode' } as const;

/** A field of the form that is shown. */
export function field(page: Page, name: keyof typeof FIELDS | (string & {})): Locator {
  const found = page.locator(`okta-signin input[name="${FIELDS[name as 'code'] ?? name}"]`);
  if (name === 'code') return found.and(page.locator(':not([type=password])'));
  return name === 'password' ? found.and(page.locator('[type=password]')) : found;
}

/** Types, and again when the widget rendered the form anew in between. */
export async function type(page: Page, name: string, text: string): Promise<void> {
  const target = field(page, name);
  await target.waitFor();
  for (let attempt = 0; attempt < 5 && (await target.inputValue()) !== text; attempt += 1) await target.fill(text);
}

/** Presses the button that sends the form. */
export async function submit(page: Page): Promise<void> {
  await page.locator('main#okta-sign-in :is([type=submit], .google-authenticator-verify):visible').click();
}

/** Fills in the form that is shown and sends it: again when the widget rendered it anew in between. */
export async function send(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    for (const [name, text] of Object.entries(values)) await type(page, name, text);
    const sent = page
      .waitForRequest((request) => request.method() === 'POST' && /\/idp\/idx\/(?!.*poll)/.test(request.url()), {
        timeout: 8000,
      })
      .then(
        () => true,
        () => false,
      );
    await submit(page);
    if (await sent) return;
  }
  throw new Error('The form was never sent.');
}

/** Types name and password and sends them. */
export async function givePassword({ page, witness }: Visit, { login, password }: Omit<Somebody, 'id'>): Promise<void> {
  witness.secret(password);
  await send(page, { name: login, password });
}

/** Types a code and sends it. */
export async function giveCode({ page, witness }: Visit, code: string): Promise<void> {
  witness.secret(code);
  await send(page, { code });
}

/** A link or button of the widget, by what is on it. */
export function action(page: Page, text: RegExp): Locator {
  return page.locator('main#okta-sign-in').getByText(text).first();
}

/** Waits until the guard shows what is guarded, and to whom. */
export async function opened(page: Page, { login }: Pick<Somebody, 'login'>): Promise<void> {
  await page.locator('#secret', { hasText: login }).waitFor();
}

/** Chooses from a list of authenticators. */
export async function chooseFactor({ page }: Visit, key: string): Promise<void> {
  const main = page.locator('main#okta-sign-in');
  const entry = page.locator(`[data-se="${key}"]`);
  await main
    .locator(entry)
    .locator('a')
    .or(main.locator('button').filter({ has: entry }))
    .first()
    .click();
}

/** Says whose account is to be unlocked, or given another password. */
export async function giveName(visit: Visit, login: string): Promise<void> {
  const { page } = visit;
  await type(page, 'name', login);
  // Generation 2 has the name and the ways to prove it in one form.
  const list = page.locator('main#okta-sign-in [data-se="okta_email"] a');
  if ((await list.count()) > 0) await list.click();
  else await send(page, { name: login });
}

/** Sets no authenticator app up. */
export async function skipEnrolment({ page }: Visit): Promise<void> {
  const skip = page.locator('main#okta-sign-in :is(a.skip-all, [data-se="skip"])');
  await skip
    .or(action(page, /^(remind me later|set up later|continue)$/i))
    .first()
    .click();
}

/** Generation 3 first says that there is a link in the mail. */
export async function enterCodeInstead({ page }: Visit): Promise<void> {
  await field(page, 'code')
    .or(action(page, /enter a (verification )?code/i))
    .first()
    .waitFor();
  if ((await field(page, 'code').count()) === 0) await action(page, /enter a (verification )?code/i).click();
}

/** The secret that is shown to who cannot scan. */
export async function sharedSecret({ page }: Visit): Promise<string> {
  const text = page
    .locator('main#okta-sign-in')
    .getByText(/^[A-Z2-7]{16,}$/)
    .first();
  return (await text.textContent())!.trim();
}

/** Chooses a new password, twice where the form asks twice. */
export async function choosePassword({ page, witness }: Visit, password: string): Promise<void> {
  witness.secret(password);
  await field(page, 'password').waitFor();
  const twice = (await field(page, 'confirmPassword').count()) > 0;
  await send(page, { password, ...(twice && { confirmPassword: password }) });
}
