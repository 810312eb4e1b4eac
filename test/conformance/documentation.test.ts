import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { modules, otherModules } from './modules.js';

const documentation = readFileSync(new URL('../../stories/docs/conformance.md', import.meta.url), 'utf8');

for (const { name, plan } of [...modules, ...otherModules]) {
  it(`the documentation has ${name}`, () => assert.ok(documentation.includes(`| \`${name}\` (${plan})`)));
}
