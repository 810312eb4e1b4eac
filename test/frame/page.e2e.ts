import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { generateTotpSecret } from '../../src/org/totp.js';
import { until } from '../e2e/support/session.js';
import { action, field, giveCode, givePassword, opened, type } from '../widget/support/flows.js';
import { frameOf, frameFixture, type FramePage } from './support/frame-fixture.js';

/** Reserves the space of the form before the script runs, as documented. */
const ROOM = `<style>
  okta-signin[isolation='frame']:not([state='signed-in']) { display: block; min-block-size: 40rem; }
</style>`;

/** Measures layout shift in the page, and for how long the form is higher than its frame. */
async function measure(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted = { shift: 0, clipped: 0 };
    Object.assign(globalThis, { noted });
    if (window === top) {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) noted.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      return;
    }
    let since: number | undefined;
    const look = () => {
      const form = document.querySelector('#form');
      const clipped = form && form.getBoundingClientRect().height > innerHeight + 1;
      since = clipped ? (since ?? performance.now()) : undefined;
      if (since !== undefined) noted.clipped = Math.max(noted.clipped, performance.now() - since);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

interface Noted {
  readonly shift: number;
  readonly clipped: number;
}
const shiftOf = ({ page }: FramePage) => page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted.shift);
const clippedIn = ({ page }: FramePage) =>
  frameOf(page).evaluate(() => (globalThis as unknown as { noted: Noted }).noted.clipped);

/** The focused element, in the page and in the frame. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.localName || 'nothing');
const focusedInFrame = (page: Page) =>
  frameOf(page).evaluate(() => (document.activeElement as HTMLInputElement | null)?.name ?? '');

describe('a page with the form in a frame', () => {
  const fixture = frameFixture();
  const formIsThere = async (view: FramePage) => {
    // The script of generation 3 is 4 MB.
    await view.page.locator('okta-signin[state=ready]').waitFor({ timeout: 40_000 });
    await field(view.form, 'name').waitFor();
  };

  it('does not shift while the form loads and changes, and does not clip it for long', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit({ before: measure, head: ROOM });
    await formIsThere(view);
    await givePassword(view, { ...ada, password: 'wrong' });
    await view.form
      .getByText(/unable to sign in/i)
      .first()
      .waitFor();
    await givePassword(view, ada);
    await field(view.form, 'code').waitFor();
    assert.ok((await shiftOf(view)) <= 0.02, `it moved by ${await shiftOf(view)}`);
    assert.ok((await clippedIn(view)) < 200, `cut off for ${await clippedIn(view)} ms`);
  });

  for (const generation of [2, 3] as const) {
    it(`gives the form its looks, also when they change, with generation ${generation}`, async () => {
      await fixture.deploy({ generation });
      const view = await fixture.visit({
        head: '<style>okta-signin { --okta-color-primary: rgb(194, 65, 12) } .night.night { --okta-color-primary: rgb(0, 90, 0) }</style>',
      });
      await formIsThere(view);
      const style = (property: string) =>
        view.form
          .locator('main#okta-sign-in [type=submit]')
          .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
      const said = () => frameOf(view.page).evaluate(() => document.documentElement.style.cssText);
      assert.match(await said(), /--okta-color-primary: rgb\(194, 65, 12\)/);
      // Generation 3 derives other shades of the colour.
      if (generation === 2) assert.equal(await style('background-color'), 'rgb(194, 65, 12)');
      const tag = view.page.locator('okta-signin');
      await type(view.form, 'name', 'typed already');
      await tag.evaluate((element) => element.setAttribute('theme', 'dark'));
      const scheme = () => frameOf(view.page).evaluate(() => getComputedStyle(document.documentElement).colorScheme);
      await until(async () => (await scheme()) === 'dark', 'a dark form');
      await tag.evaluate((element) => element.classList.add('night'));
      await until(async () => (await said()).includes('rgb(0, 90, 0)'), 'the other colour');
      assert.equal(await field(view.form, 'name').inputValue(), 'typed already');
    });
  }

  it('gives the form its language, also when it changes during a sign-in', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit({ tag: 'lang=" de_AT "' });
    await action(view.form, /passwort/i).waitFor();
    assert.equal(await frameOf(view.page).evaluate(() => document.documentElement.lang), 'de-AT');
    await givePassword(view, ada);
    await field(view.form, 'code').waitFor();
    await view.page.locator('okta-signin').evaluate((element) => ((element as HTMLElement).lang = 'fr'));
    await view.form
      .getByText(/vérifi/i)
      .first()
      .waitFor();
    await giveCode(view, fixture.totp(totpSecret));
    await opened(view.page, ada);
  });

  it('resizes the frame to the height of the form', async () => {
    const view = await fixture.visit({ tag: 'flow="signup" style="--okta-frame-height: 100px"', before: measure });
    await field(view.form, 'userProfile.email').waitFor();
    const heights = async () => {
      const outer = await view.page.locator('okta-signin iframe').evaluate((frame) => frame.clientHeight);
      const inner = await view.form.locator('#form').evaluate((form) => form.getBoundingClientRect().height);
      return [outer, inner] as const;
    };
    await until(async () => {
      const [outer, inner] = await heights();
      return inner > 300 && outer >= inner && outer < inner + 2;
    }, 'a frame as high as its form');
    await view.page.setViewportSize({ width: 320, height: 700 });
    await until(async () => {
      const [outer, inner] = await heights();
      return outer >= inner;
    }, 'a frame that is high enough on a phone');
  });

  it('gives the frame a title, and allows passkeys in it', async () => {
    const view = await fixture.visit();
    await formIsThere(view);
    const frame = view.page.locator('okta-signin iframe');
    assert.equal(await frame.getAttribute('title'), 'Sign in');
    const { origin } = new URL(fixture.frame);
    const allowed = ['publickey-credentials-get', 'publickey-credentials-create', 'clipboard-write'];
    assert.equal(await frame.getAttribute('allow'), allowed.map((name) => `${name} ${origin}`).join('; '));
    const features = await frameOf(view.page).evaluate(() =>
      (document as unknown as { featurePolicy: { allowedFeatures(): string[] } }).featurePolicy.allowedFeatures(),
    );
    for (const name of allowed) assert.ok(features.includes(name), name);
    assert.ok(!features.includes('camera'));
  });

  it('focuses the first field, and Tab enters and leaves the frame in both directions', async () => {
    const view = await fixture.visit();
    const { page } = view;
    await formIsThere(view);
    await until(async () => (await focusedInFrame(page)) === 'identifier', 'the focus is in the first field');
    assert.equal(await focused(page), 'iframe');
    await page.locator('#above').focus();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'iframe');
    assert.equal(await page.locator('#above').evaluate((link) => link.matches(':focus')), false);
    const tabOut = async (key: string, to: string) => {
      for (let presses = 0; presses < 25 && (await focused(page)) === 'iframe'; presses += 1) {
        await page.keyboard.press(key);
      }
      assert.equal(await focused(page), to, key);
    };
    await tabOut('Tab', 'below');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(page), 'iframe');
    await tabOut('Shift+Tab', 'above');
  });

  it('keeps the focus of the user', async () => {
    const view = await fixture.visit({
      head: '<script>addEventListener("DOMContentLoaded", () => document.querySelector("#above").focus())</script>',
    });
    await formIsThere(view);
    // The frame would take the focus with its first rendering.
    for (const frame of view.page.frames()) {
      await frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
    assert.equal(await focused(view.page), 'above');
  });

  it('moves the focus to where the form was after a sign-in by keyboard', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit();
    await formIsThere(view);
    await type(view.form, 'name', ada.login);
    await type(view.form, 'password', ada.password);
    await field(view.form, 'password').press('Enter');
    await opened(view.page, ada);
    await view.page.keyboard.press('Tab');
    assert.equal(await focused(view.page), 'below');
  });

  it('fills in login-hint, also when it changes', async () => {
    const view = await fixture.visit({ tag: 'login-hint="ada@example.com"' });
    const filledIn = (name: string) => async () => (await field(view.form, 'name').inputValue()) === name;
    await until(filledIn('ada@example.com'), 'the name');
    await view.page.locator('okta-signin').evaluate((element) => {
      (element as HTMLElement & { loginHint: string }).loginHint = 'grace@example.com';
    });
    await until(filledIn('grace@example.com'), 'the other name');
  });

  it('takes the language from around a shadow tree', async () => {
    const view = await fixture.visit({
      body: `<div lang="fr"><template shadowrootmode="open">
          <okta-signin mode="embedded" isolation="frame"></okta-signin>
        </template></div>`,
    });
    await action(view.form, /mot de passe/i).waitFor();
  });

  it('ignores an invalid lang and a login-hint that is too long', async () => {
    const view = await fixture.visit({ tag: `lang="d" login-hint="${'a'.repeat(400)}"` });
    await formIsThere(view);
    assert.equal(await field(view.form, 'name').inputValue(), '');
  });

  it('stays ready when the frame is reloaded twice, once before its first message', async () => {
    const view = await fixture.visit({
      config: { 'request-timeout': '30000' },
      before: (page) => page.clock.install(),
    });
    await formIsThere(view);
    await view.page.route('**/okta-frame.json', () => {}, { times: 1 });
    for (const hint of ['ada@example.com', 'grace@example.com']) {
      await view.page.locator('okta-signin').evaluate((element, name) => {
        const loaded = new Promise((resolve) => element.querySelector('iframe')!.addEventListener('load', resolve));
        (element as HTMLElement & { loginHint: string }).loginHint = name;
        return loaded.then(() => {});
      }, hint);
    }
    const name = () => field(view.form, 'name').inputValue();
    await until(async () => (await name()) === 'grace@example.com', 'the other name');
    // The time limit for the first message of a frame.
    await view.page.clock.fastForward(31_000);
    await view.page.evaluate(() => new Promise(requestAnimationFrame));
    assert.equal(await view.page.locator('okta-signin').getAttribute('state'), 'ready');
    assert.equal(await name(), 'grace@example.com');
  });

  it('can create and use a passkey in the frame', async () => {
    const view = await fixture.visit();
    await field(view.form, 'name').waitFor();
    const session = await view.profile
      .newCDPSession(frameOf(view.page))
      .catch(() => view.profile.newCDPSession(view.page));
    await session.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    } as const;
    await session.send('WebAuthn.addVirtualAuthenticator', { options });
    // Creating a passkey in a cross-origin frame needs a click in it.
    await field(view.form, 'name').click();
    const made = await frameOf(view.page).evaluate(async () => {
      const challenge = new Uint8Array(16);
      const user = { id: challenge, name: 'ada', displayName: 'Ada' };
      const pubKeyCredParams = [{ type: 'public-key', alg: -7 } as const];
      const authenticatorSelection = { residentKey: 'required', requireResidentKey: true } as const;
      const publicKey = { challenge, rp: { name: 'App' }, user, pubKeyCredParams, authenticatorSelection };
      const created = await navigator.credentials.create({ publicKey });
      const used = await navigator.credentials.get({ publicKey: { challenge } });
      return [created?.id, used?.id];
    });
    assert.ok(made[0]);
    assert.equal(made[0], made[1]);
  });
});
