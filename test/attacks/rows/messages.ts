import type { Page } from 'playwright-core';
import { RequestWatch } from '../../support/tables/request-watch.js';
import type { Attack, Catch } from '../attack.js';
import type { AttackFixture, Deployment } from '../fixture.js';
import { attemptsIn, ENOUGH_ATTEMPTS, firstAnswer, inFrame, isSignedIn, signIn, WAIT_LIMIT_MS } from '../victim.js';

/* Messages of the right shape, from a window or an origin that they should not come from. */

interface Heard {
  readonly type?: string;
  readonly codeChallenge?: string;
}

/** The messages that a frame of the page received; none when the frame is removed meanwhile. */
const heardBy = async (page: Page, address: string): Promise<Heard[]> => {
  const frame = page.frames().find((one) => one.url() === address);
  const heard = frame?.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);
  return (
    (await heard?.catch((error: unknown) => {
      if (!frame!.isDetached()) throw error;
    })) ?? []
  );
};

/** A window beside the frame connects to it again and again, and the page once, after some of these attempts. */
async function connectFromBeside(
  fixture: AttackFixture,
  host: 'app' | 'stranger',
  deployment: Deployment,
): Promise<Catch> {
  const frame = await fixture.deploy(deployment);
  const beside = fixture.page(host, '<script src="/scripts/usurper.js" data-to="parent"></script>');
  const app = fixture.page(
    'app',
    `<script src="/scripts/usurper.js" data-after="10"></script>
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

/** A window in the page says that it is the frame, while the victim signs in. */
async function helloFromBeside(fixture: AttackFixture, origin: 'stranger' | 'frame', guarded: boolean): Promise<Catch> {
  const frame = await fixture.deploy();
  const app = fixture.appPage({
    config: { 'frame-src': frame },
    signin: 'isolation="frame"',
    weaknesses: guarded ? [] : ['no look at who says hello'],
  });
  const beside = fixture.page('stranger', '<script src="/scripts/impostor.js"></script>');
  let requests: RequestWatch;
  const watch = async (page: Page) => {
    requests = new RequestWatch(page);
    await page.addInitScript(noteDone);
  };
  const look = async (page: Page): Promise<Catch> => {
    const form = inFrame(page);
    await form.locator('input[name=identifier]').waitFor();
    const second = origin === 'frame' ? frame : beside;
    await page.evaluate(
      (src) =>
        new Promise<void>((resolve) => {
          addEventListener('message', ({ data }) => (data as Heard).type?.endsWith('frame-hello') && resolve());
          document.body.append(Object.assign(document.createElement('iframe'), { src }));
        }),
      second,
    );
    await signIn(form);
    if (guarded) {
      await isSignedIn(page);
      return { instead: 'signed in all the same' };
    }
    const element = await page.locator('okta-signin iframe').elementHandle();
    const signInFrame = await element.contentFrame();
    await signInFrame!.waitForFunction(() => (globalThis as { isDone?: boolean }).isDone);
    await requests.settles(WAIT_LIMIT_MS);
    if (await page.locator('#secret').isVisible()) return {};
    return { loot: 'the end of the sign-in: the page does not receive it' };
  };
  return fixture.open(app, look, watch);
}

/** In the sign-in frame: notes when it tells the page that the sign-in has ended. As text, for any document. */
const noteDone = `{
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message?.type === 'done') globalThis.isDone = true;
    return postMessage.call(this, message, ...rest);
  };
}`;

const isRequest = ({ codeChallenge }: Heard) => codeChallenge !== undefined;

const navigated: Attack = {
  name: 'a script of the page leads the frame to another origin, which says hello',
  aim: 'the page’s side of the conversation',
  without: 'a look at the origin, before and in the answer',
  defence: 'the origin of the greeting, and the target of the answer',
  async run(fixture, guarded) {
    const frame = await fixture.deploy();
    const app = fixture.appPage({
      config: { 'frame-src': frame },
      signin: 'isolation="frame"',
      weaknesses: guarded ? [] : ['no look at the origin that says hello', 'no target origin'],
    });
    const impostor = fixture.page('stranger', '<script src="/scripts/impostor.js"></script>');
    return fixture.open(app, async (page) => {
      await inFrame(page).locator('input[name=identifier]').waitFor();
      await page
        .locator('okta-signin iframe')
        .evaluate((frame, src) => ((frame as HTMLIFrameElement).src = src), impostor);
      return firstAnswer<Catch>(page, async () => {
        if ((await heardBy(page, impostor)).some(isRequest)) return { loot: 'the challenge, and a port to answer on' };
        const frame = page.frames().find((one) => one.url() === impostor);
        const attempts = frame ? await attemptsIn(frame).catch(() => 0) : 0;
        return attempts > ENOUGH_ATTEMPTS ? { instead: 'the page does not answer it' } : undefined;
      });
    });
  },
};

export const messageRows: readonly Attack[] = [
  {
    name: 'a window of the application’s origin connects in the page’s place',
    aim: 'the conversation with the form',
    without: 'a look at the window',
    defence: 'the window that connects',
    run: (fixture, guarded) =>
      connectFromBeside(fixture, 'app', { weaknesses: guarded ? [] : ['no look at the window that connects'] }),
  },
  {
    name: 'a window of a foreign origin connects in the page’s place',
    aim: 'the conversation with the form',
    without: 'a look at window and origin',
    defence: 'window and origin',
    run: (fixture, guarded) =>
      connectFromBeside(fixture, 'stranger', { weaknesses: guarded ? [] : ['no look at who connects'] }),
  },
  {
    name: 'a foreign frame in the page says hello in the form’s place',
    aim: 'the end of the sign-in',
    without: 'a look at window and origin',
    defence: 'window and origin',
    run: (fixture, guarded) => helloFromBeside(fixture, 'stranger', guarded),
  },
  {
    name: 'a second sign-in frame in the page says hello in the form’s place',
    aim: 'the end of the sign-in',
    without: 'a look at the window',
    defence: 'the window that greets',
    run: (fixture, guarded) => helloFromBeside(fixture, 'frame', guarded),
  },
  navigated,
];
