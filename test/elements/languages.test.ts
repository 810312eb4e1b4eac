import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ADVICE } from '../../src/explain.js';
import { OktaElementsError, type ErrorCode } from '../../src/errors.js';
import { en, SENTENCES, type Words } from '../../src/words/en.js';
import { fileOf, loadWords } from '../../src/words/words.js';

const folder = new URL('../../src/words/', import.meta.url);
const files = readdirSync(folder)
  .map((name) => name.replace('.ts', ''))
  .filter((name) => name !== 'en' && name !== 'words');
const codes = Object.keys(SENTENCES) as ErrorCode[];
const docs = readFileSync(new URL('../../stories/docs/errors.md', import.meta.url), 'utf8');

describe('the languages', () => {
  for (const file of files) {
    it(`have every key in ${file}`, async () => {
      assert.equal(fileOf(file), file);
      const words: Words = await loadWords(file);
      assert.notEqual(words, en);
      assert.equal(fileOf(words.language), file);
      for (const kind of ['labels', 'sentences'] as const) {
        assert.deepEqual(Object.keys(words[kind]), Object.keys(en[kind]));
        for (const text of Object.values(words[kind])) assert.match(text, /^\S.*\S$|^\S+$/s);
      }
      assert.doesNotMatch(JSON.stringify(words), /okta|oauth|token|issuer/i);
    });
  }

  for (const [tag, file] of [
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['de_CH', 'de'],
    ['pt-PT', 'pt'],
    ['pt-BR', 'pt'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-Hans-SG', 'zh'],
    ['zh-TW', 'zh-hant'],
    ['zh-Hant-HK', 'zh-hant'],
    ['iw', 'he'],
    ['en-GB', undefined],
    ['fi', undefined],
    ['', undefined],
    ['toString', undefined],
  ] as const) {
    it(`read ${tag || 'nothing'} as ${file ?? 'English'}`, () => assert.equal(fileOf(tag), file));
  }

  it('are named by the documentation', () => {
    for (const file of files) assert.ok(docs.includes(`\`${file}\``), file);
  });
});

describe('the table of errors in the documentation', () => {
  for (const code of codes) {
    it(`has the sentence and the advice for ${code}`, () => {
      const row = docs.split('\n').find((line) => line.startsWith(`| \`${code}\``));
      assert.ok(row);
      assert.ok(row.includes(en.sentences[SENTENCES[code]]), en.sentences[SENTENCES[code]]);
      const advice = ADVICE[code]({ issuer: 'i', clientId: 'c', origin: 'o', redirectUri: 'r' });
      assert.match(advice, /\.$/);
    });
  }
});

describe('an error without a page', () => {
  it('is explained in English, once', async ({ mock }) => {
    const written = mock.method(console, 'error', () => {});
    const { explain } = await import('../../src/explain.js');
    const error = new OktaElementsError('network', 'Nothing answered; check the connection.');
    await Promise.all([explain(error), explain(error)]);
    await explain(new OktaElementsError('network', error.message));
    assert.equal(written.mock.callCount(), 1);
    assert.equal(error.userMessage, en.sentences.network);
    assert.equal(error.userMessageLanguage, 'en');
  });

  it('is only a remark when it is part of normal use', async ({ mock }) => {
    const errors = mock.method(console, 'error', () => {});
    const remarks = mock.method(console, 'info', () => {});
    const { explain } = await import('../../src/explain.js');
    await explain(new OktaElementsError('popup_closed', 'The sign-in window was closed.'));
    assert.deepEqual([errors.mock.callCount(), remarks.mock.callCount()], [0, 1]);
  });
});
