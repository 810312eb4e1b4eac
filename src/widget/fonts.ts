const WEIGHTS = [400, 500, 600, 700];

/** Not `Inter`: fonts have names for the whole document, and a page may have that one, or do without. */
export const FONT_NAME = 'okta-widget-Inter';

/**
 * Brings the font of generation 3, from script: a stylesheet in a shadow tree cannot bring fonts (CSS Scoping).
 * @returns what takes it away again
 */
export function addFonts(assetBase: string): () => void {
  const faces = WEIGHTS.map((weight) => {
    const url = `${assetBase}/font/inter-latin-${weight}-normal.woff2`;
    return new FontFace(FONT_NAME, `url(${JSON.stringify(url)}) format("woff2")`, {
      weight: String(weight),
      display: 'swap',
    });
  });
  for (const face of faces) document.fonts.add(face);
  return () => {
    for (const face of faces) document.fonts.delete(face);
  };
}
