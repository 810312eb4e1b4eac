import type { Attack } from '../attack.js';
import { inFrame, isSignedIn, signIn, victim } from '../victim.js';

/* What the frame does not stop. */

export const standingRows: readonly Attack[] = [
  {
    name: 'a script of the page draws a false form over the frame',
    aim: 'the password',
    async run(fixture) {
      const frame = await fixture.deploy();
      const app = fixture.appPage({
        config: { 'frame-src': frame },
        signin: 'isolation="frame"',
        script: 'false-form.js',
      });
      return fixture.open(app, async (page) => {
        const form = page.locator('#false-form');
        await form.getByLabel('Username').fill(victim.login);
        await form.getByLabel('Password').fill(victim.password);
        await form.getByRole('button').click();
        const loot = await page.evaluate(() => (globalThis as unknown as { loot: string }).loot);
        return loot === victim.password ? { loot: 'the password' } : {};
      });
    },
  },
  {
    name: 'a script of the page takes the tokens, once somebody is signed in',
    aim: 'an access token',
    async run(fixture) {
      const frame = await fixture.deploy();
      const app = fixture.appPage({ config: { 'frame-src': frame }, signin: 'isolation="frame"' });
      return fixture.open(app, async (page) => {
        await signIn(inFrame(page));
        await isSignedIn(page);
        const token = await page.evaluate(async (files) => {
          const { getClient } = (await import(`${files}okta-elements.js`)) as {
            getClient(): { getAccessToken(): Promise<string | undefined> };
          };
          return getClient().getAccessToken();
        }, fixture.packageFiles([]));
        return token ? { loot: 'an access token' } : {};
      });
    },
  },
];
