/* Runs in the page. */

/**
 * Computed styles of elements and their pseudo-elements, in document order: one line per property.
 * A pseudo-element that is not there has one line.
 */
export function computedStyles(selector: string): string[] {
  return [...document.querySelectorAll(selector)].flatMap((element, index) =>
    [null, '::before', '::after'].flatMap((pseudo) => {
      const style = getComputedStyle(element, pseudo);
      const place = `${index} ${element.localName}.${element.className}${pseudo ?? ''}`;
      const names = pseudo && ['none', 'normal'].includes(style.content) ? ['content'] : [...style];
      return names.map((name) => `${place} ${name}: ${style.getPropertyValue(name)}`);
    }),
  );
}

/**
 * The least contrast between a text and what is behind it (WCAG 2.2, 1.4.3), over all visible texts below `selector`.
 */
export function leastContrast(selector: string): { ratio: number; text: string } {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  })!;
  /** Paints the colours over each other and reads the result. */
  const mixed = (colours: string[]) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb: number[]) => {
    const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgrounds = (element: Element | null): string[] =>
    element ? [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor] : ['#fff'];

  const found: { ratio: number; text: string }[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(`${selector} *`)) {
    const own = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent);
    const text = (element instanceof HTMLInputElement ? element.value : own.join('')).trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const behind = backgrounds(element);
    const [dark = 0, light = 0] = [mixed(behind), mixed([...behind, getComputedStyle(element).color])]
      .map(luminance)
      .sort((a, b) => a - b);
    found.push({ ratio: (light + 0.05) / (dark + 0.05), text });
  }
  return found.reduce((least, each) => (each.ratio < least.ratio ? each : least), { ratio: 21, text: '' });
}
