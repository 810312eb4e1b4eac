import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totpCode, totpCounter } from '../../src/org/totp.js';
import {
  assertSignedIn,
  dana,
  enterCode,
  enterPassword,
  mia,
  openForm,
  sam,
  send,
  settled,
  shopFixture,
  storedTokens,
  styles,
  toni,
  type Style,
} from './support/shop-fixture.js';

describe('sign-in', () => {
  const fixture = shopFixture();
  const shops = {
    localhost: () => [fixture.munchbox.shop.origin, fixture.munchbox.org.origin],
    'a custom domain': () => [
      fixture.munchbox.shop.customOrigin,
      fixture.munchbox.org.origins['login.munchbox.localhost']!,
    ],
  } as const;

  for (const style of Object.keys(styles) as Style[]) {
    describe(`with the ${style} form`, () => {
      for (const [host, originsOf] of Object.entries(shops)) {
        it(`signs in with a password on ${host} and requests no other host`, async () => {
          const [shop, org] = originsOf() as [string, string];
          const page = await fixture.visit(shop + styles[style]);
          const hosts = new Set<string>();
          page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
          await openForm(page, style);
          await enterPassword(page, mia);
          await assertSignedIn(page, mia.name);
          assert.equal(page.url(), `${shop}/members.html`);
          const expected = new Set([shop, org].map((origin) => new URL(origin).hostname));
          assert.deepEqual([...hosts].sort(), [...expected].sort());
        });
      }

      it('accepts the right password after a wrong one, then a code from an authenticator app', async () => {
        const { directory, clock } = fixture.munchbox.org;
        const page = await fixture.visit(styles[style]);
        await openForm(page, style);
        await enterPassword(page, { ...toni, password: 'wrong' });
        await page.locator('.infobox-error, [data-se="o-form-error-container"] .infobox-error').first().waitFor();
        assert.equal(await storedTokens(page), 0);
        await settled(page);
        const asksForName = (await page.locator('input[name=identifier]').count()) > 0;
        await send(page, {
          ...(asksForName && { identifier: toni.login }),
          'credentials.passcode': toni.password,
        });
        const secret = directory.totpSecret(directory.findByLogin(toni.login)!.id)!;
        await enterCode(page, 'identifier', totpCode(secret, totpCounter(clock.now())));
        await assertSignedIn(page, toni.name);
        // A code is valid once: the next sign-in needs the next code.
        clock.advance(30_000);
      });

      it('shows the message of a policy that denies access, and stores nothing', async () => {
        const page = await fixture.visit(styles[style]);
        await openForm(page, style);
        await enterPassword(page, dana);
        await page
          .locator('main [role=alert]', {
            hasText: style === 'embedded' ? /policy|not allowed|access/i : 'You don’t have access',
          })
          .waitFor();
        assert.equal(new URL(page.url()).origin, fixture.munchbox.shop.origin);
        assert.equal(await storedTokens(page), 0);
        assert.equal(new URL(page.url()).search, '');

        // The user still has a session at Okta. A retry asks for the password all the same.
        await page.locator('main okta-callback, main okta-signin').getByRole('button').click();
        await page.locator('input[name="credentials.passcode"]').waitFor();
      });
    });
  }

  it('registers a new user with a code sent by email', async () => {
    const email = 'nia@munchbox.example';
    const page = await fixture.visit(styles.hosted);
    await openForm(page, 'hosted');
    await page.locator('a[data-se=enroll]').click();
    await page.locator('input[name="userProfile.email"]').waitFor();
    await settled(page);
    await send(page, {
      'userProfile.firstName': 'Nia',
      'userProfile.lastName': 'New',
      'userProfile.email': email,
      'credentials.passcode': 'Nia-eats-42-nuts',
    });
    const { code } = await fixture.munchbox.org.mailbox.waitFor(email);
    await enterCode(page, 'userProfile.email', code!);
    await assertSignedIn(page, 'Nia New');
  });

  it('lets a user who forgot the password choose another', async () => {
    const { mailbox } = fixture.munchbox.org;
    const user = { ...sam, password: 'Sam-forgot-it-1' };
    const page = await fixture.visit(styles.hosted);
    await openForm(page, 'hosted');
    await page.locator('a[data-se=forgot-password]').click();
    await page.locator('input[name=identifier]').waitFor();
    await page.locator('input[type=password]').waitFor({ state: 'detached' });
    await settled(page);
    const after = mailbox.messages(user.login).at(-1);
    await send(page, { identifier: user.login });
    const { code } = await mailbox.waitFor(user.login, { after });
    await enterCode(page, 'identifier', code!);
    await page.locator('input[name=confirmPassword]').waitFor();
    await settled(page);
    await send(page, { 'credentials.passcode': user.password, confirmPassword: user.password });
    await assertSignedIn(page, user.name);
  });
});
