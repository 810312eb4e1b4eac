import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { modules, otherModules, type Module } from './modules.js';

const documentation = readFileSync(new URL('../../stories/docs/conformance.md', import.meta.url), 'utf8');

/** The cells of a module's row; nothing when there is none. */
function row(name: string, plan: string): string[] {
  const line = documentation.split('\n').find((text) => text.startsWith(`| \`${name}\` (${plan}) `)) ?? '';
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

/** What `npm run conformance` prints of a page that did what the module expects of ours. */
function words({ expected, steps }: Module): string {
  if (expected.is === 'signed in') return steps === 'signs in and renews' ? 'signed in, renewed' : 'signed in';
  if (expected.is === 'session ended') return 'session ended';
  const refusal = `${expected.code}, ${expected.by}`;
  return expected.is === 'refused' ? `refused: ${refusal}` : `signed in; userinfo refused: ${refusal}`;
}

for (const module of modules) {
  it(`the documentation says how ${module.name} ends`, () => {
    const [provider, ours, theirs] = row(module.name, module.plan);
    assert.deepEqual([provider, ours], [module.provider, `✔ ${words(module)}`]);
    assert.match(theirs!, /^[✔✖] \w/);
  });
}

for (const { name, plan, reason } of otherModules) {
  it(`the documentation says why ${name} does not apply`, () => assert.deepEqual(row(name, plan), [reason]));
}
