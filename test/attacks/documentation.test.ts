import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { attacks } from './attacks.js';
import { markdown } from './table.js';

it('the documentation has every attack, its control and what it comes to', () => {
  const text = readFileSync(new URL('../../stories/docs/frame.md', import.meta.url), 'utf8');
  assert.ok(text.includes(markdown(attacks)), 'run npm run attacks -- --markdown');
});
