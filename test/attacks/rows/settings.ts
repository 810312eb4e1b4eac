import type { FrameLocator, Page, Request } from 'playwright-core';
import type { Attack, Catch } from '../attack.js';
import type { AttackFixture } from '../fixture.js';
import { signIn, victim } from '../victim.js';

/* An allowed page is in the attacker's hands, and has the form sign in to something else. */

const bodyOf = (request: Request) => request.postData() ?? '';

/** What of a sign-in shows whether the attacker had their way. */
type Judge = (fixture: AttackFixture, sent: readonly Request[]) => string | undefined;

const toFalseOrg: Judge = (fixture, sent) =>
  sent.some((request) => request.url().startsWith(fixture.falseOrg.origin) && bodyOf(request).includes(victim.password))
    ? 'the password'
    : undefined;

const forOtherClient: Judge = (_, sent) =>
  sent.some((request) => {
    const body = new URLSearchParams(bodyOf(request));
    return request.url().endsWith('/v1/interact') && body.get('client_id') === 'other';
  })
    ? 'a sign-in to another application'
    : undefined;

const toOtherAddress: Judge = (fixture, sent) =>
  sent.some((request) => {
    const body = new URLSearchParams(bodyOf(request));
    return request.url().endsWith('/v1/interact') && body.get('redirect_uri') !== `${fixture.origin('app')}/`;
  })
    ? 'a sign-in that comes back elsewhere'
    : undefined;

/** The victim gives the password, wherever that goes. */
async function given(
  fixture: AttackFixture,
  address: string,
  judge: Judge,
  form: (page: Page) => Page | FrameLocator,
): Promise<Catch> {
  const sent: Request[] = [];
  const watch = (page: Page) => void page.on('request', (request) => request.method() === 'POST' && sent.push(request));
  return fixture.open(
    address,
    async (page) => {
      const answered = page.waitForResponse(
        (response) => bodyOf(response.request()).includes(victim.password) && response.ok(),
      );
      await signIn(form(page));
      const request = (await answered).request();
      const loot = judge(fixture, sent);
      if (loot) return { loot };
      return new URL(request.url()).origin === fixture.org.origin ? { instead: 'signed in to what is pinned' } : {};
    },
    watch,
  );
}

interface Change {
  name: string;
  aim: string;
  judge: Judge;
  /** As the page would say it to the frame, if the frame listened. */
  more(fixture: AttackFixture): Record<string, unknown>;
  /** As it is said to the form in the page. */
  config(fixture: AttackFixture): Record<string, string>;
}

const changes: Change[] = [
  {
    name: 'an allowed page asks for another issuer',
    aim: 'the password',
    judge: toFalseOrg,
    more: ({ falseOrg: { issuer, origin } }) => ({
      issuer,
      baseUrl: origin,
      widgetOptions: { issuer, baseUrl: origin },
    }),
    config: ({ falseOrg: { issuer } }) => ({ issuer }),
  },
  {
    name: 'an allowed page asks for another client',
    aim: 'a sign-in to another application',
    judge: forOtherClient,
    more: () => ({ clientId: 'other', client_id: 'other', widgetOptions: { clientId: 'other' } }),
    config: () => ({ 'client-id': 'other' }),
  },
  {
    name: 'an allowed page asks for another redirect URI',
    aim: 'a sign-in that comes back elsewhere',
    judge: toOtherAddress,
    more: (fixture) => ({
      redirectUri: `${fixture.origin('stranger')}/`,
      redirect_uri: `${fixture.origin('stranger')}/`,
    }),
    config: () => ({ 'redirect-uri': '/elsewhere' }),
  },
];

export const settingsRows: readonly Attack[] = changes.map(({ name, aim, judge, more, config }): Attack => ({
  name,
  aim,
  without: 'isolation="page"',
  defence: 'okta-frame.json',
  async run(fixture, guarded) {
    if (!guarded)
      return given(fixture, fixture.appPage({ config: config(fixture), signin: '' }), judge, (page) => page);
    const frame = await fixture.deploy();
    const said = more(fixture);
    const texts = Object.entries(said).filter(([, value]) => typeof value === 'string') as [string, string][];
    // In every way in which a page can say something to a frame.
    const words = new URLSearchParams(texts);
    const more_ = JSON.stringify({ ...said, settings: said, transaction: said }).replaceAll('"', '&quot;');
    const page = fixture.page(
      'app',
      `<script src="/scripts/usurper.js" data-more="${more_}"></script>
         <iframe src="${frame}?${words}#${words}" name="${JSON.stringify(said).replaceAll('"', '&quot;')}"></iframe>`,
    );
    return given(fixture, page, judge, (opened) => opened.frameLocator('iframe'));
  },
}));
