import type { GuardState } from '../guard/decide.js';
import type { OktaGuardElement } from './okta-guard.js';

/** Changes that come this close after each other are told together, milliseconds. */
const TOGETHER = 200;
/** To wait for less than this is not worth a word, milliseconds. */
const PATIENCE = 1000;
/** How long what was said can be found in the page, milliseconds. */
const LINGER = 3000;
/** Characters. Whoever wants to know more goes there and reads. */
const LONGEST = 200;
/** What speaks for itself. */
const LIVE = '[role=alert], [role=status], [aria-live]';
const HEADING = 'h1, h2, h3, h4, h5, h6, [role=heading]';
/** Seen by nobody, there for everybody else. */
const UNSEEN = 'position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre';

/** Which guards have changed, and when that is due to be told, on the page's clock. */
const changed = new Map<OktaGuardElement, number>();
/** What everybody knows that a guard shows. */
const known = new WeakMap<OktaGuardElement, GuardState>();
let clearing: ReturnType<typeof setTimeout> | undefined;
let region: HTMLElement | undefined;

/** Whether there is anything of it to be seen. */
function isShown(node: Node): boolean {
  if (node instanceof Element) return node.checkVisibility();
  const range = document.createRange();
  range.selectNode(node);
  return range.getClientRects().length > 0;
}

/** What a guard shows: what is in its slots, or stands in for that. */
function shownBy(guard: OktaGuardElement): Node[] {
  const nodes = [...guard.renderRoot.querySelectorAll('slot')].flatMap((slot) => slot.assignedNodes({ flatten: true }));
  // What has no box of its own, such as what templates are stamped into, is looked into.
  const isOpen = (node: Node) => node instanceof Element && getComputedStyle(node).display === 'contents';
  return nodes.flatMap((node) => (isOpen(node) ? [...node.childNodes] : [node])).filter(isShown);
}

/** The page's own words for what a guard shows now: all of a message, the heading of what is allowed. */
function wordsOf(guard: OktaGuardElement): string {
  const nodes = shownBy(guard);
  const elements = nodes.filter((node) => node instanceof HTMLElement);
  if (elements.some((element) => element.matches(LIVE) || element.querySelector(LIVE))) return '';
  if (guard.state !== 'allowed') {
    return nodes.map((node) => (node instanceof HTMLElement ? node.innerText : node.textContent)).join(' ');
  }
  const headings = elements.map((element) => (element.matches(HEADING) ? element : element.querySelector(HEADING)));
  return headings.find((heading) => heading && isShown(heading))?.textContent ?? '';
}

/** Puts it where assistive technology hears of it, when it has nothing more urgent to say. */
function say(words: string, near: Element): void {
  // Behind a modal dialog, nothing is heard.
  const place = near.closest('dialog[open]') ?? document.body;
  if (region?.parentNode !== place) {
    region?.remove();
    region = document.createElement('div');
    region.setAttribute('role', 'status');
    region.style.cssText = UNSEEN;
    place.append(region);
  }
  const line = document.createElement('p');
  line.textContent = words;
  // A region is listened to from the moment it is known.
  setTimeout(() => region?.replaceChildren(line), TOGETHER);
  clearTimeout(clearing);
  clearing = setTimeout(() => region?.replaceChildren(), LINGER);
}

function tell(): void {
  const now = performance.now();
  const due = (within: number) => [...changed].filter(([, time]) => time <= now + within).map(([guard]) => guard);
  const guards = due(0);
  // More is about to be told: then, all of it.
  if (due(TOGETHER).length > guards.length) return;
  for (const guard of guards) changed.delete(guard);
  const news = guards
    .filter((guard) => guard.isConnected && guard.state !== (known.get(guard) ?? 'allowed'))
    .sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  for (const guard of news) known.set(guard, guard.state);
  const words = new Set(news.map((guard) => compact(wordsOf(guard))).filter(Boolean));
  if (words.size > 0) say(compact([...words].join(' ')), news[0]!);
}

function compact(words: string): string {
  const text = words.replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, text.lastIndexOf(' ', LONGEST))} …` : text;
}

/**
 * Tells politely of what a guard shows now: once for all guards that have changed, of waiting only when it lasts, and of
 * nothing when content is back, or there, after hardly any wait.
 */
export function announce(guard: OktaGuardElement, from: GuardState | undefined): void {
  // It may be of what nobody may see any more.
  region?.replaceChildren();
  if (from && from !== 'pending' && !known.has(guard)) known.set(guard, from);
  const wait = guard.state === 'pending' ? PATIENCE : TOGETHER;
  changed.set(guard, performance.now() + wait);
  setTimeout(tell, wait + 1);
}
