import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import { totpCode, totpCounter } from '../../../src/org/totp.js';
import { TOTP_SECRET } from '../../org/support/app.js';
import type { FramedSite } from './framed.js';

/** What a user does in the form, whichever generation it is. */
export class Steps {
  constructor(
    readonly site: FramedSite,
    readonly page: Page,
    readonly form: FrameLocator,
  ) {}

  /** Types, and types again when the widget rendered the form anew in between. */
  async type(name: string, value: string): Promise<void> {
    const field = this.form.locator(`input[name="${name}"]:visible`).first();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await field.fill(value);
      await this.page.waitForTimeout(200);
      if ((await field.inputValue()) === value) return;
    }
    assert.fail(`the field ${name} does not keep what is typed`);
  }

  async send(): Promise<void> {
    await this.form.locator('[type=submit]:visible').first().click();
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.type('identifier', login);
    await this.type('credentials.passcode', password);
    await this.send();
  }

  /** The one-time code of an authenticator app. */
  async totp(): Promise<void> {
    const field = this.form.locator(
      'input[name="credentials.passcode"]:not([type=password]), input[name="credentials.totp"]',
    );
    await field.waitFor();
    const name = (await field.getAttribute('name'))!;
    await this.type(name, totpCode(TOTP_SECRET, totpCounter(this.site.org.clock.now())));
    await this.send();
  }

  /** Somebody is signed in, and the frame has gone. */
  async isSignedIn(name: string): Promise<void> {
    await this.page.locator('#secret', { hasText: name }).waitFor();
    assert.equal(await this.page.locator('iframe').count(), 0);
  }
}
