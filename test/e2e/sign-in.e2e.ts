import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assertSignedIn,
  dana,
  enterCode,
  enterPassword,
  fill,
  hosts,
  mia,
  openForm,
  sam,
  settled,
  stage,
  storedTokens,
  styles,
  submit,
  toni,
  type Style,
} from './stage.js';
import { totpCode, totpCounter } from '../../src/org/totp.js';

for (const [host, options] of Object.entries(hosts)) {
  describe(`on ${host}`, () => {
    const set = stage(options);
    const latestMail = async (to: string) => set.munchbox.org.mailbox.waitFor(to);

    for (const style of Object.keys(styles) as Style[]) {
      describe(`${style} sign-in`, () => {
        it('signs in with a password, and mentions no other host', async () => {
          const page = await set.visit(styles[style]);
          const asked = new Set<string>();
          page.on('request', (request) => asked.add(new URL(request.url()).hostname));
          await openForm(page, style);
          await enterPassword(page, mia);
          await assertSignedIn(page, mia.name);
          assert.equal(new URL(page.url()).pathname, '/members.html');
          const names = [set.munchbox.shop.origin, set.orgOrigin].map((origin) => new URL(origin).hostname);
          assert.deepEqual([...asked].sort(), [...new Set(names)].sort());
        });

        it('signs in with a password and a code from an authenticator app', async () => {
          const page = await set.visit(styles[style]);
          await openForm(page, style);
          await enterPassword(page, toni);
          const user = set.munchbox.org.directory.findByLogin(toni.login)!;
          const secret = set.munchbox.org.directory.totpSecret(user.id)!;
          await enterCode(page, 'identifier', totpCode(secret, totpCounter(set.munchbox.org.clock.now())));
          await assertSignedIn(page, toni.name);
          // The code is spent: the next sign-in needs the next one.
          set.munchbox.org.clock.advance(30_000);
        });

        it('lets a wrong password be mended', async () => {
          const page = await set.visit(styles[style]);
          await openForm(page, style);
          await enterPassword(page, { ...mia, password: 'not-hers' });
          await page.locator('.infobox-error, [data-se="o-form-error-container"] .infobox-error').first().waitFor();
          assert.equal(await storedTokens(page), 0);
          await settled(page);
          const identifier = page.locator('input[name=identifier]');
          await fill(page, {
            ...((await identifier.count()) ? { identifier: mia.login } : {}),
            'credentials.passcode': mia.password,
          });
          await submit(page);
          await assertSignedIn(page, mia.name);
        });

        it('shows a refusal by policy as such, and stores nothing', async () => {
          const page = await set.visit(styles[style]);
          await openForm(page, style);
          await enterPassword(page, dana);
          await page.locator('main [role=alert]', { hasText: /policy|not allowed/i }).waitFor();
          assert.equal(new URL(page.url()).origin, set.munchbox.shop.origin);
          assert.equal(await storedTokens(page), 0);
          assert.equal(new URL(page.url()).search, '');

          // Okta still knows who it was: trying again asks anew, or there would be no way on.
          await page.locator('main okta-callback, main okta-signin').getByRole('button').click();
          await page.locator('input[name="credentials.passcode"]').waitFor();
        });

        it('registers somebody with a code sent by mail', async () => {
          const email = `new-${style}-${host.length}@munchbox.example`;
          const page = await set.visit(styles[style]);
          await openForm(page, style);
          await page.locator('a[data-se=enroll]').click();
          await page.locator('input[name="userProfile.email"]').waitFor();
          await settled(page);
          await fill(page, {
            'userProfile.firstName': 'Nia',
            'userProfile.lastName': 'New',
            'userProfile.email': email,
          });
          await fill(page, { 'credentials.passcode': 'Nia-eats-42-nuts' });
          await submit(page);
          const { code } = await latestMail(email);
          await enterCode(page, 'userProfile.email', code!);
          await assertSignedIn(page, 'Nia New');
        });

        it('lets somebody who forgot the password choose another', async () => {
          const who = { ...sam, password: `Sam-forgot-${style}-1` };
          const page = await set.visit(styles[style]);
          await openForm(page, style);
          await page.locator('a[data-se=forgot-password]').click();
          await page.locator('input[name=identifier]').waitFor();
          await settled(page);
          await fill(page, { identifier: who.login });
          const sent = set.munchbox.org.mailbox.messages(who.login).length;
          await submit(page);
          await settled(page);
          const mail = set.munchbox.org.mailbox.messages(who.login);
          assert.equal(mail.length, sent + 1, 'a mail was sent');
          await enterCode(page, 'identifier', mail.at(-1)!.code!);
          await page.locator('input[name=confirmPassword]').waitFor();
          await settled(page);
          await fill(page, { 'credentials.passcode': who.password, confirmPassword: who.password });
          await submit(page);
          await assertSignedIn(page, who.name);
        });
      });
    }
  });
}
