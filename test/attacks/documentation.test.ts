import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { sections } from './attacks.js';
import { markdown } from './table.js';

for (const section of sections) {
  it(`${section.page} has every attack ${section.title}, its control and what it comes to`, () => {
    const text = readFileSync(new URL(`../../stories/docs/${section.page}`, import.meta.url), 'utf8');
    assert.ok(text.includes(markdown(section)), 'run npm run attacks -- --markdown');
  });
}
