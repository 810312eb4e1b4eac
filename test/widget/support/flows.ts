import { randomUUID } from 'node:crypto';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { hashPassword } from '../../../src/org/passwords.js';
import { totpCode, totpCounter } from '../../../src/org/totp.js';
import type { Mail } from '../../../src/org/mailbox.js';
import { pageFixture, type PageFixture, type PageFixtureOptions } from '../../e2e/support/page-fixture.js';
import { reusedTab } from './reused-tab.js';
import { detectLeaks, type LeakDetector } from './leak-detector.js';

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

export const [generation2, generation3, generation3InShadow] = variants as [Variant, Variant, Variant];

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
  /** In a profile of its own: for a test that changes the clock. Default false. */
  fresh?: boolean;
}

/** A browser profile at a page with the form and something guarded. */
export interface FlowPage {
  readonly profile: BrowserContext;
  readonly page: Page;
  readonly leaks: LeakDetector;
  /** Where the form is, when it is in a frame of the page. */
  readonly form?: Place;
}

/** Where a form is: in a page, or in a frame of it. */
export type Place = Page | FrameLocator;

const pageOf = (place: Place): Page => ('owner' in place ? place.owner().page() : place);

/** A site that knows new people, and what they get in the mail. */
export interface PeopleFixture extends PageFixture {
  /** Creates a user. With `totpSecret`, an authenticator app is set up. */
  somebody(options?: { emailVerified?: boolean; totpSecret?: string }): Promise<Somebody>;
  /** What that authenticator app shows. */
  totp(secret: string): string;
  /** The latest mail to an address, later than `after`. */
  mail(to: string, after?: Mail): Promise<Mail & { code: string; link: string }>;
}

/** A site whose pages show the widget. */
export interface FlowFixture extends PeopleFixture {
  /** Puts the page at its path. */
  put(variant: Variant, setting?: Setting): void;
  /** Opens it in a browser that nobody has used yet. */
  visit(variant: Variant, setting?: Setting): Promise<FlowPage>;
}

/**
 * A new password for somebody. It has no four hexadecimal digits in a row, so no part of a login here, which Okta
 * takes in no password.
 */
export function newPassword(): string {
  return `Secret1-${randomUUID().replace(/[0-9a-f]/g, (digit) => 'ghijklmnopqrstuv'[parseInt(digit, 16)]!)}`;
}

/** What makes a site one that knows people. */
export function peopleOf(fixture: PageFixture): Omit<PeopleFixture, keyof PageFixture> {
  return {
    async somebody({ emailVerified = true, totpSecret }: { emailVerified?: boolean; totpSecret?: string } = {}) {
      const name = randomUUID();
      const [login, password] = [`${name}@example.com`, `secret-${name}`];
      const { id } = fixture.org.directory.create({
        profile: { login, email: login, firstName: 'Some', lastName: 'Body' },
        passwordHash: await hashPassword(password),
        emailVerified,
      });
      if (totpSecret) fixture.org.directory.setTotp(id, totpSecret);
      return { login, password, id };
    },
    totp: (secret: string) => totpCode(secret, totpCounter(fixture.org.clock.now())),
    mail: async (to: string, after?: Mail) => {
      const mail = await fixture.org.mailbox.waitFor(to, { after, timeoutMs: 15_000 });
      return mail as Mail & { code: string; link: string };
    },
  };
}

export function flowFixture(options: PageFixtureOptions = {}): FlowFixture {
  const fixture = pageFixture({ embedded: true, ...options });
  const witnesses = new WeakMap<BrowserContext, LeakDetector>();
  const tab = reusedTab({
    async open() {
      const profile = await fixture.profile();
      witnesses.set(profile, await detectLeaks(profile));
      return profile;
    },
    keep: (profile) => fixture.keep(profile),
    blank: () => `${fixture.origin}/blank`,
  });
  const flows: FlowFixture = Object.assign(Object.create(fixture) as PageFixture, {
    put(variant: Variant, { tag = '', config, path = '/', head }: Setting = {}) {
      fixture.page(path, {
        config: { ...variant.config, ...config },
        head,
        body: `<okta-signin mode="embedded" ${variant.isolation} ${tag}></okta-signin>
          <okta-guard><p id="secret">For <okta-user claim="email"></okta-user> only</p></okta-guard>`,
      });
    },
    async visit(variant: Variant, setting: Setting = {}) {
      flows.put(variant, setting);
      const page = await tab(setting.fresh);
      const profile = page.context();
      const leaks = witnesses.get(profile)!;
      leaks.forget();
      await page.goto(fixture.origin + (setting.path ?? '/'));
      return { profile, leaks, page };
    },
    ...peopleOf(fixture),
  });
  return flows;
}

const FIELDS = { name: 'identifier', password: 'credentials.passcode', code: 'credentials.passcode' } as const;

/** A field of the form that is shown. */
export function field(place: Place, name: keyof typeof FIELDS | (string & {})): Locator {
  const found = place.locator(`:is(okta-signin, #form) input[name="${FIELDS[name as 'code'] ?? name}"]`);
  if (name === 'code') return found.and(place.locator(':not([type=password])'));
  return name === 'password' ? found.and(place.locator('[type=password]')) : found;
}

/** Types, and again when the widget rendered the form anew in between. */
export async function type(place: Place, name: string, text: string): Promise<void> {
  const target = field(place, name);
  await target.waitFor();
  for (let attempt = 0; attempt < 5 && (await target.inputValue()) !== text; attempt += 1) await target.fill(text);
}

/** Presses the button that sends the form. */
export async function submit(place: Place): Promise<void> {
  await place.locator('main#okta-sign-in :is([type=submit], .google-authenticator-verify):visible').click();
}

/** Fills in the form that is shown and sends it: again when the widget rendered it anew in between. */
export async function send(place: Place, values: Readonly<Record<string, string>>): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    for (const [name, text] of Object.entries(values)) await type(place, name, text);
    const sent = pageOf(place)
      .waitForRequest(
        (request) => request.method() === 'POST' && /\/idp\/idx\/(?!introspect|.*poll)/.test(request.url()),
        {
          timeout: 8000,
        },
      )
      .then(
        () => true,
        () => false,
      );
    await submit(place);
    if (await sent) return;
  }
  throw new Error('The form was never sent.');
}

/** Types name and password and sends them. */
export async function givePassword(
  { page, form = page, leaks }: FlowPage,
  { login, password }: Omit<Somebody, 'id'>,
): Promise<void> {
  leaks.secret(password);
  await send(form, { name: login, password });
}

/** Types a code and sends it. */
export async function giveCode({ page, form = page, leaks }: FlowPage, code: string): Promise<void> {
  leaks.secret(code);
  await send(form, { code });
}

/** A link or button of the widget, by what is on it. */
export function action(place: Place, text: RegExp): Locator {
  return place.locator('main#okta-sign-in').getByText(text).first();
}

/** Waits until the guard shows what is guarded, and to whom. */
export async function opened(page: Page, { login }: Pick<Somebody, 'login'>): Promise<void> {
  await page.locator('#secret', { hasText: login }).waitFor();
}

/** Chooses from a list of authenticators. */
export async function chooseFactor({ page, form = page }: FlowPage, key: string): Promise<void> {
  const main = form.locator('main#okta-sign-in');
  const entry = form.locator(`[data-se="${key}"]`);
  await main
    .locator(entry)
    .locator('a')
    .or(main.locator('button').filter({ has: entry }))
    .first()
    .click();
}

/** Says whose account is to be unlocked, or given another password. */
export async function giveName(view: FlowPage, login: string): Promise<void> {
  const { page, form = page } = view;
  await type(form, 'name', login);
  // Generation 2 has the name and the ways to prove it in one form.
  const list = form.locator('main#okta-sign-in [data-se="okta_email"] a');
  if ((await list.count()) > 0) await list.click();
  else await send(form, { name: login });
}

/** Sets no authenticator app up. */
export async function skipEnrolment({ page, form = page }: FlowPage): Promise<void> {
  const skip = form.locator('main#okta-sign-in :is(a.skip-all, [data-se="skip"])');
  await skip
    .or(action(form, /^(remind me later|set up later|continue)$/i))
    .first()
    .click();
}

/** Generation 3 first says that there is a link in the mail. */
export async function enterCodeInstead({ page, form = page }: FlowPage): Promise<void> {
  await field(form, 'code')
    .or(action(form, /enter a (verification )?code/i))
    .first()
    .waitFor();
  if ((await field(form, 'code').count()) === 0) await action(page, /enter a (verification )?code/i).click();
}

/** The secret that is shown to who cannot scan. */
export async function sharedSecret({ page, form = page }: FlowPage): Promise<string> {
  const text = form
    .locator('main#okta-sign-in')
    .getByText(/^[A-Z2-7]{16,}$/)
    .first();
  return (await text.textContent())!.trim();
}

/** Chooses a new password, twice where the form asks twice. */
export async function choosePassword({ page, form = page, leaks }: FlowPage, password: string): Promise<void> {
  leaks.secret(password);
  await field(form, 'password').waitFor();
  const twice = (await field(form, 'confirmPassword').count()) > 0;
  await send(form, { password, ...(twice && { confirmPassword: password }) });
}
