/** Languages the widget has texts in, with the spelling it expects. */
const LANGUAGES = [
  ...['en', 'cs', 'da', 'de', 'el', 'es', 'eu', 'fi', 'fr', 'ht', 'hu', 'id', 'it', 'ja', 'ko', 'ms', 'nb', 'nl-NL'],
  ...['pl', 'pt-BR', 'ro', 'ru', 'sv', 'th', 'tr', 'uk', 'vi', 'zh-CN', 'zh-TW'],
];

/** Tags that stand for one of them under another name. */
const ALIASES: Record<string, string> = {
  in: 'id',
  nl: 'nl-NL',
  nn: 'nb',
  no: 'nb',
  pt: 'pt-BR',
  zh: 'zh-CN',
  'zh-hant': 'zh-TW',
  'zh-hk': 'zh-TW',
  'zh-mo': 'zh-TW',
};

/**
 * The widget's spelling of a language tag (BCP 47), so that `de-AT` shows German and `pt` shows Portuguese. Asked for a tag
 * it does not know, the widget looks for a file of that name and falls back to English.
 *
 * @param tag Any language tag, such as a page's `lang`.
 * @param translated Languages the page's author brings texts for (`widgetOptions.i18n`).
 * @returns `undefined` when there is no such language: the widget then goes by the browser's.
 */
export function widgetLanguage(tag: string | undefined, translated: readonly string[] = []): string | undefined {
  const known = new Map([...LANGUAGES, ...translated].map((language) => [language.toLowerCase(), language]));
  const parts = tag?.trim().replaceAll('_', '-').toLowerCase().split('-') ?? [];
  for (; parts.length > 0; parts.pop()) {
    const candidate = parts.join('-');
    const found = known.get(candidate) ?? ALIASES[candidate];
    if (found) return found;
  }
  return undefined;
}
