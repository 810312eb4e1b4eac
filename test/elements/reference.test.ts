import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import {
  OktaCallbackElement,
  OktaConfigElement,
  OktaGuardElement,
  OktaSigninElement,
  OktaSignoutElement,
  OktaUserElement,
  type SessionState,
} from '../../src/index.js';

const elements = {
  'okta-callback': OktaCallbackElement,
  'okta-config': OktaConfigElement,
  'okta-guard': OktaGuardElement,
  'okta-signin': OktaSigninElement,
  'okta-signout': OktaSignoutElement,
  'okta-user': OktaUserElement,
};

/** Members of the client that our own elements use. */
const ours = ['start', 'target', 'beginEmbedded', 'completeEmbedded', 'goTo', 'suspend'];

/** Attributes of every HTML element, which the browser keeps, and the one that every tag sets itself. */
const global = ['lang', 'nonce', 'state'];

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** What the README's reference says in the part under a heading that names the tag. */
function reference(tag: string): string {
  const [, part] = readme.split(new RegExp(`^### .*\`<${tag}>\`.*$`, 'm'));
  return part!.split(/^##/m)[0]!;
}

describe('the reference in the README', () => {
  for (const [tag, element] of Object.entries(elements)) {
    it(`names exactly the attributes of <${tag}>`, () => {
      const observed = element.observedAttributes.filter((name) => !global.includes(name));
      const part = reference(tag);
      const rows = [...part.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, names]) => names!);
      const named = [...rows.join().matchAll(/`([a-z-]+)/g)].map(([, name]) => name!);
      assert.deepEqual(named.filter((name) => !global.includes(name)).sort(), observed.sort());
    });
  }
});

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What the first column of a document's tables names. */
const firstColumn = (path: string) => [...read(path).matchAll(/^\| `([^`(]+)/gm)].map(([, name]) => name!);

describe('the other references', () => {
  it('name exactly the error codes of the source', () => {
    const [, union] = read('src/errors.ts').match(/export type ErrorCode =([^;]+);/)!;
    const codes = [...union!.matchAll(/'(\w+)'/g)].map(([, code]) => code);
    assert.ok(codes.length > 20);
    assert.deepEqual(firstColumn('stories/docs/errors.md').sort(), codes.sort());
  });

  it('name every public member of the client and of its state', () => {
    const source = ts.createSourceFile('client.ts', read('src/session/client.ts'), ts.ScriptTarget.Latest);
    const [client] = source.statements.filter(ts.isClassDeclaration);
    const members = client!.members
      .map(({ name }) => name)
      .filter((name) => name && ts.isIdentifier(name))
      .map((name) => (name as ts.Identifier).text);
    const state = ['status', 'user', 'scopes', 'expiresAt', 'clockSkew', 'error'] satisfies (keyof SessionState)[];
    assert.deepEqual(
      firstColumn('stories/docs/scripts.md').sort(),
      [...new Set(members)]
        .filter((name) => !ours.includes(name))
        .concat(state)
        .sort(),
    );
  });
});
