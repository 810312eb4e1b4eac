import type { Page } from 'playwright-core';
import type { Attack, Catch } from '../attack.js';
import type { Deployment, AttackFixture } from '../fixture.js';
import { comesAbout, signIn } from '../victim.js';

/* A page of another origin shows the frame, and connects as the application would. */

interface Heard {
  readonly type?: string;
  readonly interactionCode?: string;
}

const heardBy = (page: Page, index = 0) =>
  page.frames()[index]!.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);

/** The victim signs in where a stranger shows the form. */
async function shownByStranger(fixture: AttackFixture, deployment: Deployment): Promise<Catch> {
  const frame = await fixture.deploy(deployment);
  const page = fixture.page('stranger', `<script src="/scripts/usurper.js"></script><iframe src="${frame}"></iframe>`);
  return fixture.open(page, async (page) => {
    const form = page.frameLocator('iframe');
    // It may be a moment until that is heard of.
    const isRefused = () => page.frames()[1]!.url().startsWith('chrome-error:');
    if (isRefused()) return { instead: 'the browser does not show it' };
    const words = form.getByText('not meant for the page');
    const field = form.locator('input[name=identifier]');
    // A frame that has heard nothing by then has had all it needs for long.
    if (!(await comesAbout(words.or(field).first().waitFor({ timeout: 6000 })))) {
      if (isRefused()) return { instead: 'the browser does not show it' };
      const [frame] = page.frames().slice(1);
      const ready = await frame!.evaluate(
        () =>
          performance.getEntriesByName(new URL('okta-frame.json', location.href).href).length > 0 &&
          document.querySelector('#form')?.childElementCount === 0,
      );
      return ready ? { instead: 'the frame answers nobody' } : {};
    }
    if (await words.isVisible()) return { instead: 'the frame says that it is not meant for this page' };
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
  async play(fixture, guarded) {
    const frame = await fixture.deploy(guarded ? {} : { besides: 'stranger' });
    const app = fixture.appPage({
      config: { 'frame-src': frame, 'request-timeout': '4000' },
      signin: 'isolation="frame"',
    });
    return fixture.open(fixture.page('stranger', `<iframe src="${app}"></iframe>`), async (page) => {
      const inside = page.frameLocator('iframe');
      const form = inside.frameLocator('okta-signin iframe').locator('input[name=identifier]');
      const refused = inside.locator('okta-signin[state=error]');
      await form
        .or(refused)
        .first()
        .waitFor()
        .catch(() => {});
      if (await form.isVisible()) return { loot: 'the form, to draw over' };
      return (await refused.isVisible()) ? { instead: 'the browser does not show it' } : {};
    });
  },
};

export const strangerRows: readonly Attack[] = [
  ...layers.map(({ name, defence, deployment, without, control }): Attack => {
    const play = (fixture: AttackFixture, guarded: boolean) => shownByStranger(fixture, guarded ? deployment : control);
    return { name, aim: 'a code for the victim’s session', without, defence, play };
  }),
  overlaid,
];
