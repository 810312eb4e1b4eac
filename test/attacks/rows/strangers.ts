import type { Frame, Page } from 'playwright-core';
import type { Attack, Catch } from '../attack.js';
import type { Deployment, AttackFixture } from '../fixture.js';
import { attemptsIn, ENOUGH_ATTEMPTS, firstAnswer, isRefused, signIn } from '../victim.js';

/* A page of another origin shows the frame, and connects as the application would. */

interface Heard {
  readonly type?: string;
  readonly interactionCode?: string;
}

const heardBy = (page: Page, index = 0) =>
  page.frames()[index]!.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);

/** Whether a frame has its settings and shows nothing: it waits for a page that it may answer. */
async function isWaiting(frame: Frame): Promise<boolean> {
  const looked = frame.evaluate(
    () =>
      performance.getEntriesByName(new URL('okta-frame.json', location.href).href).length > 0 &&
      document.querySelector('#form')?.childElementCount === 0,
  );
  // The document may be on its way.
  return looked.catch(() => false);
}

/** The victim signs in where a foreign page shows the form. */
async function shownByStranger(fixture: AttackFixture, deployment: Deployment): Promise<Catch> {
  const frame = await fixture.deploy(deployment);
  const page = fixture.page('stranger', `<script src="/scripts/usurper.js"></script><iframe src="${frame}"></iframe>`);
  return fixture.open(page, async (page) => {
    const form = page.frameLocator('iframe');
    const words = form.getByText('not meant for the page');
    const field = form.locator('input[name=identifier]');
    let attemptsWhenReady: number | undefined;
    const first = await firstAnswer(page, async () => {
      const [top, frame] = page.frames();
      if (isRefused(frame!)) return 'the browser does not show it';
      if (await words.isVisible()) return 'the frame says that it is not meant for this page';
      if (await field.isVisible()) return 'the form';
      if (!(await isWaiting(frame!))) return undefined;
      const attempts = await attemptsIn(top!);
      attemptsWhenReady ??= attempts;
      return attempts - attemptsWhenReady > ENOUGH_ATTEMPTS ? 'the frame answers nobody' : undefined;
    });
    if (first !== 'the form') return { instead: first };
    await signIn(form);
    await page.waitForFunction(() =>
      (globalThis as unknown as { heard: Heard[] }).heard.some(({ type }) => type === 'done'),
    );
    const done = (await heardBy(page)).find(({ type }) => type === 'done');
    return done?.interactionCode ? { loot: 'a code for the victim’s session' } : {};
  });
}

const layers: { name: string; defence: string; deployment: Deployment; without: string; control: Deployment }[] = [
  {
    name: 'a foreign page shows the form',
    defence: 'frame-ancestors',
    deployment: {},
    without: 'its origin in parents',
    control: { besides: 'stranger' },
  },
  {
    name: 'a foreign page shows the form, which is served without frame-ancestors',
    defence: 'the list of ancestors',
    deployment: { ancestorsUnsaid: true },
    without: 'any look at who is around',
    control: { ancestorsUnsaid: true, weaknesses: ['no look at ancestors', 'no look at who connects'] },
  },
  {
    name: 'a foreign page shows the form, and the browser has no list of ancestors either',
    defence: 'the origin of the answer',
    deployment: { ancestorsUnsaid: true, weaknesses: ['no look at ancestors'] },
    without: 'any look at who is around',
    control: { ancestorsUnsaid: true, weaknesses: ['no look at ancestors', 'no look at who connects'] },
  },
];

const overlaid: Attack = {
  name: 'a foreign page shows an allowed page that shows the form',
  aim: 'clicks',
  without: 'its origin in parents',
  defence: 'frame-ancestors',
  async run(fixture, guarded) {
    const frame = await fixture.deploy(guarded ? {} : { besides: 'stranger' });
    const app = fixture.appPage({ config: { 'frame-src': frame }, signin: 'isolation="frame"' });
    return fixture.open(fixture.page('stranger', `<iframe src="${app}"></iframe>`), async (page) => {
      const form = page.frameLocator('iframe').frameLocator('okta-signin iframe').locator('input[name=identifier]');
      return firstAnswer<Catch>(page, async () => {
        if (page.frames().slice(2).some(isRefused)) return { instead: 'the browser does not show it' };
        return (await form.isVisible()) ? { loot: 'the form, to draw over' } : undefined;
      });
    });
  },
};

export const strangerRows: readonly Attack[] = [
  ...layers.map(({ name, defence, deployment, without, control }): Attack => {
    const run = (fixture: AttackFixture, guarded: boolean) => shownByStranger(fixture, guarded ? deployment : control);
    return { name, aim: 'a code for the victim’s session', without, defence, run };
  }),
  overlaid,
];
