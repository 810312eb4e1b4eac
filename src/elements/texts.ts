import type { ReactiveElement } from '@lit/reactive-element';
import type { OktaElementsError } from '../errors.js';
import { loadTexts } from '../report.js';
import { make } from './dom.js';

/** Makes the line for an error. */
export function makeMessage(): HTMLParagraphElement {
  return make('p', { part: 'error', role: 'alert', dir: 'auto' });
}

/** Shows the sentence for visitors as soon as it is loaded, unless another element shows this error already. */
export function showError(message: HTMLElement, host: Element, error: OktaElementsError | undefined): void {
  if (!error) return;
  loadTexts().then(
    ({ show }) => show(message, host, error),
    () => (message.textContent = error.userMessage),
  );
}

/** Makes a slot with a default label, in English. */
export function makeLabel(text: string, name = ''): HTMLSlotElement {
  return make('slot', { name, lang: 'en' }, text);
}

/** The nearest language, else that of the document. The texts themselves look out of shadow trees, too. */
function languageNear(host: Element): string {
  return (host.closest<HTMLElement>('[lang]') ?? document.documentElement).lang || 'en';
}

/** Keeps the default labels of an element in its language. English pages load nothing for this. */
export function keepTranslated(host: ReactiveElement): void {
  host.addController({
    hostUpdated() {
      const language = languageNear(host);
      const labels = [...host.renderRoot.querySelectorAll<HTMLSlotElement>('slot[lang]')].filter(
        (label) => !language.startsWith(label.lang) && !label.assignedNodes().length,
      );
      if (labels[0])
        void loadTexts()
          .then(({ translateLabels }) => translateLabels(host, labels))
          .catch(() => {});
    },
  });
}
