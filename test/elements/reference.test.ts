import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  OktaCallbackElement,
  OktaConfigElement,
  OktaGuardElement,
  OktaSigninElement,
  OktaSignoutElement,
  OktaUserElement,
} from '../../src/index.js';

const elements = {
  'okta-callback': OktaCallbackElement,
  'okta-config': OktaConfigElement,
  'okta-guard': OktaGuardElement,
  'okta-signin': OktaSigninElement,
  'okta-signout': OktaSignoutElement,
  'okta-user': OktaUserElement,
};

/** Attributes of every HTML element, which the browser keeps. */
const global = ['lang', 'nonce'];

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** What the README's reference says in the part under a heading that names the tag. */
function reference(tag: string): string {
  const [, part] = readme.split(new RegExp(`^### .*\`<${tag}>\`.*$`, 'm'));
  return part!.split(/^##/m)[0]!;
}

describe('the reference in the README', () => {
  for (const [tag, element] of Object.entries(elements)) {
    it(`names every attribute of <${tag}>, and each of them is one`, () => {
      const observed = element.observedAttributes.filter((name) => !global.includes(name));
      const part = reference(tag);
      const rows = [...part.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, names]) => names!);
      const named = [...rows.join().matchAll(/`([a-z-]+)/g)].map(([, name]) => name!);
      assert.deepEqual(named.filter((name) => !global.includes(name)).sort(), observed.sort());
    });
  }
});
