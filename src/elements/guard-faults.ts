import type { ReactiveControllerHost } from '@lit/reactive-element';
import { OktaElementsError } from '../errors.js';
import { findIntendedAttribute } from '../guard/attributes.js';
import { findSettingFault, type GuardSettings } from '../guard/settings.js';
import { reportError } from '../report.js';
import { findWrongChoice } from './choices.js';
import { attributeOf } from './properties.js';

/** The guard, as far as its faults are concerned. */
export interface FaultyHost extends HTMLElement, ReactiveControllerHost, GuardSettings {}

const LOST = `is empty, so its content is probably beside it and visible to everybody. The HTML parser moves content out of a \
guard that starts in a <p> or a <table>, and a CMS puts tags into <p>. Put a <div> around the guard and its content, or use \
text only, a Custom HTML block or a shortcode. See "Where guards get lost" in the documentation.`;
/** How long scripts may take to fill a guard, milliseconds, after the guard itself has waited for as long. */
const EMPTY_GRACE_MS = 500;
/** Elements that a guard may consist of. Empty paragraphs and line breaks are what a CMS leaves behind. */
const CONTENT = ':not(p,br),p[id],p[class],p[slot]';

const hasContent = (host: FaultyHost) => !!(host.src || host.textContent.trim() || host.querySelector(CONTENT));

/** What is wrong with a guard. Loaded when one has an attribute or a value that is not understood at first sight, or no content. */
export class GuardFaults {
  readonly #host: FaultyHost;
  #error: OktaElementsError | undefined;
  #isEmpty = false;

  constructor(host: FaultyHost) {
    this.#host = host;
    // An attribute that is not ours has no callback. The guard writes its own state.
    new MutationObserver((changes) => {
      if (changes.some(({ attributeName }) => attributeName !== 'state')) host.requestUpdate();
    }).observe(host, { attributes: true });
    setTimeout(() => this.#watchContent(), EMPTY_GRACE_MS);
  }

  /** Why the guard must stay closed. A new reason is reported. */
  find(): OktaElementsError | undefined {
    const error = this.#findWrongName() ?? findWrongChoice(this.#host) ?? this.#findWrongValue() ?? this.#findLoss();
    if (error?.message === this.#error?.message) return this.#error;
    this.#error = error;
    if (error) void reportError(this.#host, error);
    return error;
  }

  /** Treats the guard as empty once the document has loaded, until content arrives. */
  #watchContent(): void {
    const host = this.#host;
    // The parser may still be inside the guard.
    if (document.readyState === 'loading' || document.readyState === 'interactive') {
      window.addEventListener('load', () => this.#watchContent(), { once: true });
      return;
    }
    if (hasContent(host)) return;
    this.#isEmpty = true;
    const observer = new MutationObserver(() => {
      if (!hasContent(host)) return;
      observer.disconnect();
      this.#isEmpty = false;
      host.requestUpdate();
    });
    observer.observe(host, { childList: true, characterData: true, subtree: true });
    host.requestUpdate();
  }

  #findWrongName(): OktaElementsError | undefined {
    for (const name of this.#host.getAttributeNames()) {
      const intended = findIntendedAttribute(name);
      if (!intended) continue;
      const advice =
        intended === 'check'
          ? 'check is a property, so an attribute has no effect. Set guard.check in a script'
          : `there is no such attribute. Write ${intended}${intended === 'when' ? '="signed-in" or "signed-out"' : ''}, or remove it`;
      return invalid(name, this.#host.getAttribute(name), advice);
    }
    return undefined;
  }

  #findWrongValue(): OktaElementsError | undefined {
    const found = findSettingFault(this.#host);
    if (!found) return undefined;
    const attribute = attributeOf(found.name);
    const value = this.#host[found.name];
    const isMarkup = typeof value === 'string' || Number.isNaN(value);
    return invalid(
      attribute,
      isMarkup ? (this.#host.getAttribute(attribute) ?? String(value)) : print(value),
      found.advice,
    );
  }

  #findLoss(): OktaElementsError | undefined {
    const host = this.#host;
    if (!this.#isEmpty || !host.isConnected || hasContent(host)) return undefined;
    const written = [...host.attributes]
      .filter(({ name }) => name !== 'state')
      .map(({ name, value }) => ` ${name}="${value}"`);
    return new OktaElementsError('guard_empty', `<okta-guard${written.join('')}> ${LOST}`);
  }
}

/** A list that a script set, on one line. */
function print(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function invalid(name: string, value: string | null, advice: string): OktaElementsError {
  const written = value?.includes('"') ? `'${value}'` : `"${value ?? ''}"`;
  return new OktaElementsError('guard_invalid', `<okta-guard ${name}=${written}>: ${advice}. The guard stays closed.`);
}
