import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { widgetLanguage } from '../../src/widget/language.js';

const cases: [tag: string, expected: string | undefined][] = [
  ['de', 'de'],
  ['de-AT', 'de'],
  ['EN-us', 'en'],
  ['en_GB', 'en'],
  ['pt', 'pt-BR'],
  ['pt-PT', 'pt-BR'],
  ['nl-be', 'nl-NL'],
  ['no', 'nb'],
  ['nb-NO', 'nb'],
  ['zh', 'zh-CN'],
  ['zh-Hans-SG', 'zh-CN'],
  ['zh-Hant-HK', 'zh-TW'],
  ['zh-TW', 'zh-TW'],
  ['ar', undefined],
  ['', undefined],
];

describe('widgetLanguage', () => {
  for (const [tag, expected] of cases) {
    it(`${tag || 'nothing'} is ${expected ?? 'left to the browser'}`, () =>
      assert.equal(widgetLanguage(tag), expected));
  }

  it('knows the languages the page’s author brings texts for', () => {
    assert.equal(widgetLanguage('ar-EG', ['ar']), 'ar');
    assert.equal(widgetLanguage('de-AT', ['de-AT']), 'de-AT');
  });

  it('names a file that the widget’s package has, for every answer but English', () => {
    const widget = dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json'));
    const files = readdirSync(join(widget, 'dist/labels/json'));
    const codes = files.flatMap((file) => /^login_(\w+)\.json$/.exec(file)?.[1]?.replace('_', '-') ?? []);
    // Two are not languages: the markers Okta's translators test with.
    for (const code of codes.filter((name) => !name.startsWith('ok-') && name !== 'in')) {
      assert.equal(widgetLanguage(code), code);
    }
    for (const [, answer] of cases) {
      if (answer && answer !== 'en') assert.ok(codes.includes(answer), answer);
    }
  });
});
