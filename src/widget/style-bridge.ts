import { WIDGET_CONTAINER_ID } from './container-id.js';
import { withDarkColours } from './dark-colours.js';
import { FONT_NAME } from './fonts.js';

/** One `rem` when the page does not change the size of the root element. The widget was drawn for it. */
const PX_PER_REM = 16;

/** At-rules that CSS does not allow inside a rule. */
const TOP_LEVEL = /^@(-webkit-)?(keyframes|font-face)/;

/**
 * Brings the styles of generation 3 to where its container is, and only there. Emotion writes them to the head of the
 * document, one `style` element per rule; from there they reach no shadow tree, and page CSS reaches over them. Here
 * each is copied into one constructed stylesheet, nested below the container like the widget's own stylesheet
 * (`build/nest-styles.ts`), and the elements in the head are switched off.
 *
 * They are not moved, because Emotion goes on to write after the last one; and not cloned, because a content security
 * policy without their nonce lets no clone through, while a constructed stylesheet needs no permission.
 *
 * @param asSaid colours the author named, as `#rrggbb`; every other gets one for dark pages
 * @returns what takes the styles away again, those in the head too
 */
export function bridgeStyles(container: HTMLElement, asSaid: ReadonlySet<string>): () => void {
  const root = container.getRootNode() as Document | ShadowRoot;
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const host = `#${WIDGET_CONTAINER_ID}`.repeat(3);
  /** The widget's own elements, with their rules as they are copied. */
  const rules = new Map<HTMLStyleElement, string>();
  const keys = new Set<string>();
  // A page may use Emotion too, with keys of its own.
  const isWidgets = (style: HTMLStyleElement) => {
    const key = keyOf(style).replace(/-global$/, '');
    if (container.querySelector(`[class*="${CSS.escape(key)}-"]`)) keys.add(key);
    return keys.has(key);
  };
  const added = () =>
    [...document.head.querySelectorAll<HTMLStyleElement>(EMOTION)].filter(
      (style) => !rules.has(style) && (keys.has(keyOf(style)) || isWidgets(style)),
    );

  const copy = () => {
    for (const style of added()) {
      const written = style.textContent.replaceAll(REM, toPixels).replaceAll(FONT, FONT_NAME).trim();
      // Emotion appends an element before the text in it.
      if (!written.includes('{')) continue;
      const text = withDarkColours(written, asSaid);
      rules.set(style, TOP_LEVEL.test(text) ? text : `${host}{${text}}`);
      style.media = 'not all';
    }
    const inOrder = [...document.head.querySelectorAll<HTMLStyleElement>(EMOTION)].filter((style) => rules.has(style));
    const isGlobal = (style: HTMLStyleElement) => keyOf(style).endsWith('-global');
    const sorted = [...inOrder.filter(isGlobal), ...inOrder.filter((style) => !isGlobal(style))];
    sheet.replaceSync(sorted.map((style) => rules.get(style)).join('\n'));
  };
  const observer = new MutationObserver(copy);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });

  return () => {
    observer.disconnect();
    for (const style of [...added(), ...rules.keys()]) style.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
  };
}

const EMOTION = 'style[data-emotion]';
const FONT = /(?<![\w-])Inter(?![\w-])/g;
const REM = /(?<![\w.-])(-?\d*\.?\d+)rem\b/g;

function toPixels(_: string, size: string): string {
  return `${Number(size) * PX_PER_REM}px`;
}

function keyOf(style: HTMLStyleElement): string {
  return style.dataset.emotion ?? '';
}
