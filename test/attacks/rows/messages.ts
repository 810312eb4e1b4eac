import type { Page } from 'playwright-core';
import { inFrame } from '../../frame/support/framed.js';
import type { Attack, Catch } from '../attack.js';
import type { AttackFixture, Deployment } from '../fixture.js';
import { comesAbout, isSignedIn, signIn } from '../victim.js';

/* Messages of the right shape, from a window or an origin that they should not come from. */

interface Heard {
  readonly type?: string;
  readonly codeChallenge?: string;
}

/** What a frame of the page has heard, by its address; of one that is taken away meanwhile, nothing. */
const heardBy = async (page: Page, address: string): Promise<Heard[]> => {
  const frame = page.frames().find((one) => one.url() === address);
  const heard = frame?.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);
  return (
    (await heard?.catch((error: unknown) => {
      if (!frame!.isDetached()) throw error;
    })) ?? []
  );
};

/** A window beside the frame connects to it before the page does, which asks for the same a second later. */
async function connectFromBeside(
  fixture: AttackFixture,
  host: 'app' | 'stranger',
  deployment: Deployment,
): Promise<Catch> {
  const frame = await fixture.deploy(deployment);
  const beside = fixture.page(host, '<script src="/scripts/usurper.js" data-to="parent"></script>');
  const app = fixture.page(
    'app',
    `<script src="/scripts/usurper.js" data-after="1000"></script>
     <iframe src="${beside}"></iframe><iframe src="${frame}"></iframe>`,
  );
  return fixture.open(app, async (page) => {
    await page.frameLocator('iframe >> nth=1').locator('input[name=identifier]').waitFor();
    const [stranger, own] = [await heardBy(page, beside), await heardBy(page, app)];
    if (stranger.some(({ type }) => type === 'welcome')) return { loot: 'the conversation with the form' };
    return own.some(({ type }) => type === 'welcome')
      ? { instead: 'the page got the answer, with the same words' }
      : {};
  });
}

/** A window in the page says that it is the frame, while somebody signs in. */
async function helloFromBeside(fixture: AttackFixture, origin: 'stranger' | 'frame', guarded: boolean): Promise<Catch> {
  const frame = await fixture.deploy();
  const app = fixture.appPage({
    config: { 'frame-src': frame },
    signin: 'isolation="frame"',
    weaknesses: guarded ? [] : ['no look at who says hello'],
  });
  const beside = fixture.page('stranger', '<script src="/scripts/impostor.js"></script>');
  return fixture.open(app, async (page) => {
    const form = inFrame(page);
    await form.locator('input[name=identifier]').waitFor();
    const second = origin === 'frame' ? frame : beside;
    // Until it has said hello, as often as it does.
    const said = page.evaluate(
      (src) =>
        new Promise<void>((resolve) => {
          addEventListener('message', ({ data }) => (data as Heard).type?.endsWith('frame-hello') && resolve());
          document.body.append(Object.assign(document.createElement('iframe'), { src }));
        }),
      second,
    );
    await said;
    await signIn(form);
    if (await comesAbout(page.locator('#secret:visible').waitFor({ timeout: guarded ? 20_000 : 5000 }))) {
      await isSignedIn(page);
      return { instead: 'signed in all the same' };
    }
    return { loot: 'the end of the sign-in: the page hears no more of it' };
  });
}

const navigated: Attack = {
  name: 'a script of the page leads the frame to another origin, which says hello',
  aim: 'the page’s side of the conversation',
  without: 'a look at the origin, before and in the answer',
  defence: 'the origin of the greeting, and the target of the answer',
  async play(fixture, guarded) {
    const frame = await fixture.deploy();
    const app = fixture.appPage({
      config: { 'frame-src': frame, 'request-timeout': '4000' },
      signin: 'isolation="frame"',
      weaknesses: guarded ? [] : ['no look at the origin that says hello', 'no target origin'],
    });
    const impostor = fixture.page('stranger', '<script src="/scripts/impostor.js"></script>');
    return fixture.open(app, async (page) => {
      await inFrame(page).locator('input[name=identifier]').waitFor();
      await page
        .locator('okta-signin iframe')
        .evaluate((frame, src) => ((frame as HTMLIFrameElement).src = src), impostor);
      const loot = async () => (await heardBy(page, impostor)).some(({ codeChallenge }) => codeChallenge);
      for (let tries = 0; tries < 60; tries += 1) {
        if (await loot()) return { loot: 'the challenge, and a port to answer on' };
        if (await page.locator('okta-signin[state=error]').count()) return { instead: 'widget_load_failed' };
        await page.waitForTimeout(200);
      }
      return {};
    });
  },
};

export const messageRows: readonly Attack[] = [
  {
    name: 'a window of the application’s origin connects in the page’s place',
    aim: 'the conversation with the form',
    without: 'a look at the window',
    defence: 'the window that connects',
    play: (fixture, guarded) =>
      connectFromBeside(fixture, 'app', { weaknesses: guarded ? [] : ['no look at the window that connects'] }),
  },
  {
    name: 'a window of a foreign origin connects in the page’s place',
    aim: 'the conversation with the form',
    without: 'a look at window and origin',
    defence: 'window and origin',
    play: (fixture, guarded) =>
      connectFromBeside(fixture, 'stranger', { weaknesses: guarded ? [] : ['no look at who connects'] }),
  },
  {
    name: 'a foreign frame in the page says hello in the form’s place',
    aim: 'the end of the sign-in',
    without: 'a look at window and origin',
    defence: 'window and origin',
    play: (fixture, guarded) => helloFromBeside(fixture, 'stranger', guarded),
  },
  {
    name: 'a second sign-in frame in the page says hello in the form’s place',
    aim: 'the end of the sign-in',
    without: 'a look at the window',
    defence: 'the window that greets',
    play: (fixture, guarded) => helloFromBeside(fixture, 'frame', guarded),
  },
  navigated,
];
