const WEIGHTS = [400, 500, 600, 700];

/**
 * Brings the font of generation 3, from script: a stylesheet in a shadow tree cannot bring fonts (CSS Scoping).
 * @returns what takes it away again
 */
export function addFonts(assetBase: string): () => void {
  const faces = WEIGHTS.map((weight) => {
    const url = `${assetBase}/font/inter-latin-${weight}-normal.woff2`;
    return new FontFace('Inter', `url(${JSON.stringify(url)}) format("woff2")`, {
      weight: String(weight),
      display: 'swap',
    });
  });
  for (const face of faces) document.fonts.add(face);
  return () => {
    for (const face of faces) document.fonts.delete(face);
  };
}
