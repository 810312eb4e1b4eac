import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { editDistance, findIntendedAttribute, GUARD_ATTRIBUTES } from '../../src/guard/attributes.js';

/** Names that a guard must not ignore, each with the attribute that its author meant. */
const LOOK_ALIKES: Record<string, string> = {
  group: 'groups',
  gruops: 'groups',
  groops: 'groups',
  grups: 'groups',
  groupss: 'groups',
  'user-groups': 'groups',
  'okta-groups': 'groups',
  user_group: 'groups',
  '-groups': 'groups',
  _groups: 'groups',
  gro: 'groups',
  scope: 'scopes',
  scoeps: 'scopes',
  scops: 'scopes',
  'required-scopes': 'scopes',
  claims: 'claim',
  clam: 'claim',
  cliam: 'claim',
  'claim-name': 'claim',
  'claim-value': 'claim',
  values: 'value',
  vlaue: 'value',
  val: 'value',
  valu: 'value',
  wehn: 'when',
  whn: 'when',
  whenn: 'when',
  'signed-in': 'when',
  'signed-out': 'when',
  signedout: 'when',
  'logged-in': 'when',
  mach: 'match',
  matches: 'match',
  macth: 'match',
  maxage: 'max-age',
  max_age: 'max-age',
  'max-ages': 'max-age',
  'maxa-ge': 'max-age',
  max: 'max-age',
  'acr-value': 'acr-values',
  acr_values: 'acr-values',
  acrvalues: 'acr-values',
  acr: 'acr-values',
  'arc-values': 'acr-values',
  'acr-vlaues': 'acr-values',
  stepup: 'step-up',
  step_up: 'step-up',
  step: 'step-up',
  unauthorized: 'unauthenticated',
  unauthenticate: 'unauthenticated',
  unauth: 'unauthenticated',
  unautenticated: 'unauthenticated',
  'un-authenticated': 'unauthenticated',
  scr: 'src',
  srcs: 'src',
  'src-': 'src',
  confg: 'config',
  configs: 'config',
  conf: 'config',
  check: 'check',
};

/** Names that belong to HTML, to a framework or to the page. */
const OTHERS = `state class id slot style hidden lang dir part title role name is key ref nonce tabindex inert popover
  accesskey autocapitalize autocorrect autofocus contenteditable draggable enterkeyhint exportparts inputmode itemid itemprop
  itemref itemscope itemtype spellcheck translate writingsuggestions href alt width height align valign type rel for as
  onclick onload onbeforeunload data-group data-groups data-v-7ba5bd90 data-reactroot aria-label aria-describedby
  v-if v-cloak v-scope x-data x-show x-cloak _nghost-ng-c123 _ngcontent-groups-c12 ng-version ng-reflect-groups hx-get hx-boost
  up-main astro-cid-abc12 client:load wire:key wire:model xml:lang xlink:href @click @click.prevent :groups :class [groups]
  (click) #guard *ngif svelte-1x2y3z wp-block uk-scope sl-group s:12 b-x1y2z3 c-id defer-hydration jsaction jscontroller
  bis_skin_checked __gchrome_uniqueid cz-shortcut-listen _msttexthash fetchpriority loading srcset srcdoc source url color
  background border layout text font watch props valid where then theme variant size checked placeholder permissions roles
  require allow user member`.split(/\s+/);

describe('findIntendedAttribute', () => {
  for (const [name, intended] of Object.entries(LOOK_ALIKES)) {
    it(`takes ${name} for ${intended}`, () => assert.equal(findIntendedAttribute(name), intended));
  }

  for (const name of OTHERS) {
    it(`leaves ${name} alone`, () => assert.equal(findIntendedAttribute(name), undefined));
  }

  it('accepts every attribute of the guard', () => {
    for (const name of GUARD_ATTRIBUTES) assert.equal(findIntendedAttribute(name), undefined);
  });

  it('finds every name that is one typing error away, unless the name means something else', () => {
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    const positions = fc.nat(20);
    fc.assert(
      fc.property(fc.constantFrom(...GUARD_ATTRIBUTES), letters, positions, fc.nat(3), (ours, letter, at, kind) => {
        const index = at % ours.length;
        const [before, rest] = [ours.slice(0, index), ours.slice(index)];
        const written = [
          before + letter + rest,
          before + rest.slice(1),
          before + letter + rest.slice(1),
          before + (rest[1] ?? '') + rest[0] + rest.slice(2),
        ][kind]!;
        fc.pre(!(GUARD_ATTRIBUTES as readonly string[]).includes(written) && !OTHERS.includes(written));
        // Prefixes of frameworks, and names of two letters, say nothing.
        fc.pre(written.length > 2 && !/^[a-z]{1,2}-|^on/.test(written) && !/^(catch|patch|batch|as)$/.test(written));
        assert.notEqual(findIntendedAttribute(written), undefined, written);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    const rows: [string, string, number][] = [
      ['', 'abc', 3],
      ['abc', '', 3],
      ['abc', 'abc', 0],
      ['abc', 'acb', 1],
      ['abc', 'axc', 1],
      ['abc', 'ab', 1],
      ['kitten', 'sitting', 3],
    ];
    for (const [a, b, edits] of rows) assert.equal(editDistance(a, b), edits, `${a} ${b}`);
  });

  it('is symmetric, and 0 only for equal texts', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
      }),
    );
  });
});
