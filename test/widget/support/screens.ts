import type { FrameLocator, Locator, Page } from 'playwright-core';
import { hashPassword } from '../../../src/org/passwords.js';
import { until } from '../../e2e/support/session.js';
import type { PageContent } from '../../e2e/support/page-fixture.js';
import type { Org } from '../../../src/org/index.js';

/* Every form that the widget has for this org, one after the other, in both generations. */

/** Whose forms they are. */
export interface TourFixture {
  readonly org: Org;
  visit(content: PageContent, options: { before?(page: Page): Promise<void> }): Promise<Page>;
}

/** Looks at a form that is shown. */
export type Look = (screen: string, page: Page) => Promise<void>;

export interface Tour {
  /** Attributes of `<okta-signin>` besides `mode`. */
  attributes?: string;
  /** The page: what it has besides `<okta-signin>`. */
  content?: Omit<PageContent, 'body'>;
  /** What is around `<okta-signin>`. */
  around?(tag: string): string;
  /** Which parts of the tour. Default: all of them. */
  parts?: readonly Part[];
  /** The frame that the form is in. Default: it is in the page. */
  frame?(page: Page): FrameLocator;
  /** Called with each page before it goes to its address. */
  before?(page: Page): Promise<void>;
  /** Called with each page at the end of its part. */
  atEnd?(part: string, page: Page): Promise<void>;
  /** Ends the use of a page. Default: its profile is closed. */
  leave?(page: Page): Promise<void>;
}

export type Part = keyof typeof PARTS;

/** Goes through all forms, each part on a page of its own. */
export async function tour(fixture: TourFixture, options: Tour, look: Look): Promise<void> {
  const { attributes = '', content, around, frame, parts = Object.keys(PARTS) as Part[], before, atEnd } = options;
  const { leave = (page: Page) => page.context().close() } = options;
  const mailed = async (to: string, earlier: number) => {
    const { mailbox } = fixture.org;
    await until(() => mailbox.messages(to).length > earlier, `a mail to ${to}`);
    return mailbox.messages(to).at(-1)!.code!;
  };
  for (const part of parts) {
    let form: Form | undefined;
    const visit = async (more = '') => {
      const tag = `<okta-signin mode="embedded" ${attributes} ${more}></okta-signin>`;
      const page = await fixture.visit({ ...content, body: around?.(tag) ?? tag }, { before });
      return (form = new Form(page, frame?.(page) ?? page, look));
    };
    await PARTS[part]({ fixture, visit, mailed });
    await atEnd?.(part, form!.page);
    await leave(form!.page);
  }
}

interface Guide {
  fixture: TourFixture;
  /** Opens the page. */
  visit(more?: string): Promise<Form>;
  /** The code in a mail to somebody who has had so many. */
  mailed(to: string, earlier: number): Promise<string>;
}

const WRONG_CODE = '000000';
/** Animation frames without a change after which a form is there to stay. */
const QUIET_FRAMES = 8;
const NEW_PASSWORD = 'Lentils4all!';

const PARTS = {
  async 'sign-in with two factors'({ visit }: Guide) {
    const form = await visit();
    await form.shows('sign-in', form.field('identifier'));
    await form.submit({}, 'fields left empty', form.error);
    await form.submit({ identifier: ALAN, 'credentials.passcode': 'wrong' }, 'wrong password', form.banner);
    await form.submit({ identifier: ALAN, 'credentials.passcode': 'alan-password' }, 'authenticator app', form.code);
    await form.submit({ 'credentials.passcode': WRONG_CODE }, 'wrong code', form.error);
    await form.follow(/verify with something else/i, 'list of factors', form.choice.nth(1));
    await form.choose(/email/i, 'emailed code', form.code);
  },

  async 'the name first'({ fixture, visit }: Guide) {
    const { signIn } = fixture.org.config;
    signIn.identifierFirst = true;
    try {
      const form = await visit();
      await form.shows('name alone', form.field('identifier'));
      await form.submit({ identifier: ADA }, 'password alone', form.field('credentials.passcode'));
    } finally {
      signIn.identifierFirst = false;
    }
  },

  async 'sign-up'({ visit }: Guide) {
    const form = await visit('flow="signup"');
    const names = { 'userProfile.firstName': 'Nina', 'userProfile.lastName': 'New' };
    const profile = { ...names, 'userProfile.email': 'nina@example.com' };
    await form.shows('sign-up', form.field('userProfile.email'));
    await form.submit({ ...profile, 'credentials.passcode': 'short' }, 'sign-up refused', form.error);
    await form.submit({ ...profile, 'credentials.passcode': NEW_PASSWORD }, 'code for sign-up', form.code);
  },

  async 'a new password'({ fixture, visit, mailed }: Guide) {
    const form = await visit('flow="resetPassword"');
    await form.shows('reset', form.field('identifier'));
    const earlier = fixture.org.mailbox.messages(GRACE).length;
    await form.submit({ identifier: GRACE }, 'code for reset', form.code);
    const code = await mailed(GRACE, earlier);
    await form.submit({ 'credentials.passcode': code }, 'new password', form.confirmation);
    await form.submit({ 'credentials.passcode': 'short', confirm: 'other' }, 'new password refused', form.error);
  },

  async 'an account that is locked'({ fixture, visit, mailed }: Guide) {
    const form = await visit('flow="unlockAccount"');
    await form.shows('unlock', form.field('identifier'));
    const earlier = fixture.org.mailbox.messages(GRACE).length;
    const known = { identifier: GRACE };
    // Generation 3 does not ask where there is nothing to choose.
    if ((await form.choice.count()) === 0) await form.submit(known, 'code for unlock', form.code);
    else await form.choose(/email/i, 'code for unlock', form.code, known);
    const code = await mailed(GRACE, earlier);
    await form.submit({ 'credentials.passcode': code }, 'unlocked', form.text(/unlocked/i));
  },

  async 'factors to set up'({ fixture, visit }: Guide) {
    const { directory } = fixture.org;
    const login = `nora${directory.list().length}@example.com`;
    const profile = { login, email: login, firstName: 'Nora', lastName: 'New' };
    directory.create({ profile, passwordHash: await hashPassword(NEW_PASSWORD) });
    const form = await visit('acr-values="urn:okta:loa:2fa:any"');
    await form.shows('sign-in for two factors', form.field('identifier'));
    const known = { identifier: login, 'credentials.passcode': NEW_PASSWORD };
    await form.submit(known, 'factors to set up', form.choice.nth(1));
    await form.choose(/google authenticator/i, 'QR code', form.qrCode);
    await form.follow(/can.t scan/i, 'secret', form.text(/secret key/i));
    await form.follow(/return to authenticator list|go back/i, undefined, form.choice.nth(1));
    await form.choose(/email/i, 'email to set up', form.code);
  },

  async 'last words'({ fixture, visit }: Guide) {
    const answer = { message: 'You may not.', class: 'ERROR', i18n: { key: 'no' } };
    const body = JSON.stringify({ version: '1.0.0', messages: { type: 'array', value: [answer] } });
    fixture.org.faults.set('idx', { status: 403, body });
    try {
      const form = await visit();
      await form.shows('refused', form.text('You may not.'));
    } finally {
      fixture.org.faults.clear();
    }
  },
};

const ADA = 'ada@example.com';
const GRACE = 'grace@example.com';
const ALAN = 'alan@example.com';

/** The widget on a page. */
class Form {
  readonly page: Page;
  readonly #look: Look;
  readonly #place: Page | FrameLocator;
  readonly #main: Locator;

  constructor(page: Page, place: Page | FrameLocator, look: Look) {
    this.page = page;
    this.#look = look;
    this.#place = place;
    this.#main = place.locator('main#okta-sign-in');
  }

  get error(): Locator {
    return this.#main.locator('.okta-form-input-error, .infobox-error, [role=alert], p.Mui-error').first();
  }

  get banner(): Locator {
    return this.#main.getByText(/unable to sign in/i).first();
  }

  /** The field for a code, of an app or a mail. */
  get code(): Locator {
    return this.#main.locator('input[name="credentials.passcode"]:not([type=password])');
  }

  get confirmation(): Locator {
    return this.#main.locator('input[type=password]').nth(1);
  }

  /** Authenticators to choose from. */
  get choice(): Locator {
    return this.#main.locator('.authenticator-row, [data-se=authenticator-button][tabindex]');
  }

  get qrCode(): Locator {
    return this.#main.locator('img[src^="data:image/png"]').first();
  }

  field(name: string): Locator {
    return this.#main.locator(`input[name="${name}"]`);
  }

  text(text: string | RegExp): Locator {
    return this.#main.getByText(text).first();
  }

  /** Waits for a form to be there, and looks at it. */
  async shows(screen: string | undefined, sign: Locator): Promise<void> {
    await sign.waitFor().catch((error: unknown) => {
      throw new Error(`It never showed: ${screen}`, { cause: error });
    });
    await this.#settled();
    if (screen) await this.#look(screen, this.page);
  }

  /** Fills the form in and sends it, again when the widget rendered it anew in between. */
  async submit(values: Record<string, string>, screen: string, sign: Locator): Promise<void> {
    await this.#act(sign, async () => {
      await this.#fill(values);
      await this.#main.locator('[type=submit]').first().click({ timeout: 3000 });
    });
    await this.shows(screen, sign);
  }

  async follow(link: RegExp, screen: string | undefined, sign: Locator): Promise<void> {
    await this.#act(sign, () => this.#main.getByText(link).first().click({ timeout: 3000 }));
    await this.shows(screen, sign);
  }

  /** Chooses an authenticator. */
  async choose(name: RegExp, screen: string, sign: Locator, values: Record<string, string> = {}): Promise<void> {
    await this.#act(sign, async () => {
      await this.#fill(values);
      const row = this.choice.filter({ hasText: name }).first();
      await row.locator('a, button').or(row).last().click({ timeout: 3000 });
    });
    await this.shows(screen, sign);
  }

  async #fill(values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const field = name === 'confirm' ? this.confirmation : this.field(name);
      await field.fill(value, { timeout: 3000 });
    }
  }

  async #act(sign: Locator, action: () => Promise<void>): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const failed = await action().catch((error: unknown) => error);
      const shown = await sign.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (shown) return;
      if (attempt === 4 && failed instanceof Error) throw failed;
    }
  }

  /** The widget renders some forms twice: waits until it has not changed for some frames. */
  async #settled(): Promise<void> {
    await this.#place.locator('html').evaluate(
      (_, quietFrames) =>
        new Promise<void>((resolve) => {
          const box = document.querySelector('okta-signin > [slot=widget], #form')!;
          let quiet = 0;
          const observer = new MutationObserver(() => (quiet = 0));
          for (const root of [box, ...[...box.querySelectorAll('*'), box].flatMap((each) => each.shadowRoot ?? [])]) {
            observer.observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
          }
          requestAnimationFrame(function count() {
            quiet += 1;
            if (quiet < quietFrames) return void requestAnimationFrame(count);
            observer.disconnect();
            resolve();
          });
        }),
      QUIET_FRAMES,
    );
  }
}
