import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const manifest = createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

/** Folder of the widget's own files: scripts, styles, fonts, images, translations. */
export const WIDGET_FOLDER = join(dirname(manifest), 'dist');

/** Where the org serves that folder. The version is in the path, so browsers may keep the files. */
export const WIDGET_PATH = `/assets/okta-signin-widget/${version}`;

/** Okta's pseudo-languages for testing are left out. */
const LANGUAGES = readdirSync(join(WIDGET_FOLDER, 'labels/json')).flatMap((file) => {
  const code = /^login_(?!ok_)(\w+)\.json$/.exec(file)?.[1];
  return code === undefined ? [] : [code.replace('_', '-')];
});

/** The best language the widget has a translation for. Default English. */
export function widgetLanguage(wanted: readonly string[]): string {
  const have = ['en', ...LANGUAGES];
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    const exact = have.find((code) => code.toLowerCase() === lower);
    const primary = lower.split('-')[0]!;
    const found =
      exact ??
      have.find((code) => code.toLowerCase() === primary) ??
      have.find((code) => code.toLowerCase().startsWith(`${primary}-`));
    if (found) return found;
  }
  return 'en';
}
