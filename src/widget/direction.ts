import { watchLanguage } from './page-language.js';

/** Languages that are written from right to left. Generation 3 has the same list. */
const RIGHT_TO_LEFT = ['ar', 'arc', 'arz', 'ckb', 'dv', 'fa', 'ha', 'he', 'khw', 'ks', 'ps', 'sd', 'ur', 'uz', 'yi'];

/**
 * Has the form in the direction of its language, or else of the page around it, whichever way that turns while the form
 * is there.
 *
 * @param language of the form, in the widget's spelling
 * @returns what ends that, and what to call with every form: generation 3 says by itself which way it goes
 */
export function keepDirection(container: HTMLElement, language: unknown): { end(): void; apply(): void } {
  if (typeof language === 'string' && RIGHT_TO_LEFT.includes(language)) container.dir = 'rtl';
  const apply = () => {
    const { direction } = getComputedStyle(container);
    const main = container.querySelector<HTMLElement>('main[dir]');
    if (main && main.dir !== direction) main.dir = direction;
  };
  return { end: watchLanguage(container, apply), apply };
}
