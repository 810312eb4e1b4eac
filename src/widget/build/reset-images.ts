/*
 * Vector images cannot be put back to what the browser gives them with `all: revert`: that takes away their attributes
 * too, which count as a page's own styles (SVG 2, section 6.6). So an attribute's property is put back only where there
 * is no such attribute, and the properties without one always.
 */

const PRESENTATION_ATTRIBUTES = (
  'alignment-baseline baseline-shift clip-path clip-rule color cursor cx cy d direction display dominant-baseline fill ' +
  'fill-opacity fill-rule filter flood-color flood-opacity font-family font-size font-stretch font-style font-variant ' +
  'font-weight height image-rendering letter-spacing lighting-color mask opacity overflow pointer-events r rx ry ' +
  'shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin ' +
  'stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering transform transform-origin ' +
  'vector-effect visibility white-space width word-spacing writing-mode x y'
).split(' ');

const OTHERS = (
  'animation background border border-radius box-shadow box-sizing clear flex float font-feature-settings font-kerning ' +
  'font-optical-sizing font-size-adjust font-variation-settings inset line-height list-style margin ' +
  'max-block-size max-inline-size min-block-size min-inline-size object-fit outline padding position text-align ' +
  'text-indent text-shadow text-transform transition vertical-align z-index'
).split(' ');

/** Rules to be nested below the widget's host, of no more weight than it. */
export function resetImages(): string {
  const images = ':where(svg,svg *)';
  return [
    ...PRESENTATION_ATTRIBUTES.map((name) => `${images}:where(:not([${name}])){${name}:revert}`),
    `${images}{${OTHERS.map((name) => `${name}:revert`).join(';')}}`,
  ].join('');
}
