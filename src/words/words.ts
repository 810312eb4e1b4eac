import type { ReactiveControllerHost } from '@lit/reactive-element';
import { languageAt, watchLanguage } from '../widget/page-language.js';
import { en, type Label, type Words } from './en.js';

/** Languages beside English, each in a file of its own. A region falls back to its language: `de-AT` reads German. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly words: Words }>>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  he: () => import('./he.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  nl: () => import('./nl.js'),
  pt: () => import('./pt.js'),
  zh: () => import('./zh.js'),
  'zh-hant': () => import('./zh-hant.js'),
};

/** Tags that stand for one of them under another name. */
const ALIASES: Readonly<Record<string, string>> = {
  iw: 'he',
  'zh-tw': 'zh-hant',
  'zh-hk': 'zh-hant',
  'zh-mo': 'zh-hant',
};

/** Key of the file for a language tag; undefined for English and for languages that are not translated. */
export function fileOf(tag = ''): string | undefined {
  const parts = tag.trim().replaceAll('_', '-').toLowerCase().split('-');
  for (; parts.length > 0; parts.pop()) {
    const candidate = parts.join('-');
    const key = ALIASES[candidate] ?? candidate;
    if (Object.hasOwn(LANGUAGES, key)) return key;
  }
  return undefined;
}

const known = new Map<string, Words>();

/** The words of a language tag. English where it is not translated, or its file cannot be loaded. Never rejects. */
export async function loadWords(tag: string | undefined): Promise<Words> {
  const file = fileOf(tag);
  if (!file) return en;
  try {
    const { words } = await LANGUAGES[file]!();
    known.set(file, words);
    return words;
  } catch {
    return en;
  }
}

/** The language of an element, or of the document for anything else. */
export function languageOf(where: unknown): string | undefined {
  const page = globalThis.document?.documentElement;
  const element = globalThis.Element && where instanceof Element ? where : page;
  return element && (languageAt(element) ?? (page?.lang || undefined));
}

type Host = ReactiveControllerHost & Element;
const watched = new WeakSet<Host>();

/** Updates an element when its language changes, while it is in the document. */
function watch(host: Host): void {
  if (watched.has(host)) return;
  watched.add(host);
  let end = () => {};
  host.addController({
    hostConnected: () => (end = watchLanguage(host, () => host.requestUpdate())),
    hostDisconnected: () => end(),
  });
}

/** The words for an element, at once: English until those of its language are loaded, which updates the element. */
export function wordsFor(host: Host): Words {
  watch(host);
  const language = languageOf(host);
  const file = fileOf(language);
  if (!file) return en;
  const words = known.get(file);
  if (!words) void loadWords(language).then((loaded) => loaded !== en && host.requestUpdate());
  return words ?? en;
}

const labels = new WeakMap<Element, Label>();

/** Translates the default labels of an element. Each label begins with its English text. */
export async function translateLabels(host: Host, shown: readonly HTMLElement[]): Promise<void> {
  watch(host);
  const language = languageOf(host);
  const words = await loadWords(language);
  // The language has changed again.
  if (languageOf(host) !== language) return;
  for (const label of shown) {
    const key = labels.get(label) ?? (label.textContent as Label);
    labels.set(label, key);
    label.lang = words.language;
    if (label.textContent !== words.labels[key]) label.textContent = words.labels[key];
  }
}
