import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { paintedDuring } from './frames.js';
import {
  assertSignedIn,
  enterPassword,
  mia,
  openForm,
  sam,
  settled,
  shopFixture,
  styles,
} from './support/shop-fixture.js';

/** Makes everything that is guarded a field of one colour, from the first frame on. */
async function colourGuarded(page: Page, within = ''): Promise<void> {
  await page.addInitScript((within) => {
    const sheet = new CSSStyleSheet();
    const guarded = `${within} okta-guard:not([when=signed-out]) > :not([slot], [data-okta-stamped])`;
    const stamped = `${within} okta-guard:not([when=signed-out]) > [data-okta-stamped]:not([slot]) > *`;
    sheet.replaceSync(`${guarded}, ${stamped} { background: rgb(255, 0, 255) !important }`);
    document.adoptedStyleSheets.push(sheet);
  }, within);
}

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (750 * 1024) / 8,
  });
}

describe('a guard', () => {
  const fixture = shopFixture();

  const signIn = async (page: Page, user: { login: string; password: string; name: string }) => {
    await openForm(page, 'embedded');
    await enterPassword(page, user);
    await assertSignedIn(page, user.name);
  };

  const pages = { 'in a template': '/members.html', 'in the document': '/' };
  for (const [where, path] of Object.entries(pages)) {
    for (const network of ['fast', 'slow']) {
      it(`paints nothing guarded ${where} for who is signed out, on a ${network} network`, async () => {
        const page = await fixture.visit('/thanks.html');
        await colourGuarded(page);
        if (network === 'slow') await slow(page);
        const shares = await paintedDuring(page, async () => {
          await page.goto(fixture.munchbox.shop.origin + path);
          await page.locator('.account okta-signin').getByRole('button').waitFor();
          await settled(page);
        });
        assert.ok(shares.length > 0, 'frames were captured');
        assert.deepEqual(
          shares.filter((share) => share > 0),
          [],
        );
      });
    }
  }

  it('paints nothing guarded for who may not see it, on a slow network', async () => {
    const page = await fixture.visit(styles.embedded);
    await signIn(page, mia);
    await colourGuarded(page, 'main');
    await slow(page);
    const shares = await paintedDuring(page, async () => {
      await page.goto(`${fixture.munchbox.shop.origin}/staff.html`);
      await page.locator('main [slot=denied]').waitFor();
      await settled(page);
    });
    assert.ok(shares.length > 0, 'frames were captured');
    assert.deepEqual(
      shares.filter((share) => share > 0),
      [],
    );
  });

  it('paints the content to who is signed in, and takes it away on sign-out', async () => {
    const page = await fixture.visit(styles.embedded);
    await signIn(page, mia);
    await colourGuarded(page);
    const shown = await paintedDuring(page, async () => {
      await page.reload();
      await page.locator('#next-box').waitFor();
      await settled(page);
    });
    assert.ok(shown.at(-1)! > 0.02, 'the colour is what the guarded content has');

    const left = await paintedDuring(page, async () => {
      await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
      await page.locator('main [slot=signed-out]').waitFor();
      await settled(page);
    });
    assert.equal(left.at(-1), 0);
  });

  it('asks nobody when the tokens are there: no request beyond the page’s own files', async () => {
    const page = await fixture.visit(styles.embedded);
    await signIn(page, mia);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page.locator('#next-box').waitFor();
    await settled(page);
    const scripts = asked.map((url) => new URL(url)).filter(({ pathname }) => pathname.startsWith('/okta-elements/'));
    assert.deepEqual(
      asked.filter((url) => new URL(url).origin !== fixture.munchbox.shop.origin),
      [],
    );
    assert.ok(scripts.length > 0);
    assert.deepEqual(
      scripts.filter(({ pathname }) => /widget/.test(pathname)),
      [],
    );
  });

  it('denies the page of a group to who is not in it, and shows it to who is', async () => {
    const page = await fixture.visit(styles.embedded);
    await signIn(page, mia);
    await page.goto(`${fixture.munchbox.shop.origin}/staff.html`);
    await page.locator('main [slot=denied]').waitFor();
    assert.equal(await page.locator('main okta-guard.guarded').getAttribute('state'), 'denied');

    const other = await fixture.visit(styles.embedded);
    await signIn(other, sam);
    await other.goto(`${fixture.munchbox.shop.origin}/staff.html`);
    await other.locator('main okta-guard.guarded[state=allowed]').waitFor();
    assert.equal(await other.locator('main [slot=denied]').isVisible(), false);
  });
});
