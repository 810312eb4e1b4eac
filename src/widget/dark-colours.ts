/*
 * Generation 3 has one set of colours, for a light page. Each gets a second one for a dark page: the same hue with the
 * lightness turned round, in a space where equal steps look equal (Oklab, CSS Color 4), so that what is readable on the
 * one is on the other. Which one shows is the colour scheme's affair, live.
 */

/**
 * White behind something, a picture, and any other colour. In a value one is behind a colon, a space, a comma or a
 * bracket; a selector with such an id has none of these after it.
 */
const COLOUR =
  /(\bbackground(?:-color)?:\s*)#fff(?:fff)?(?=[\s;}!]|$)|url\((?:"[^"]*"|'[^']*'|[^)]*)\)|(?<=[:\s,(])(#[0-9a-f]{3,8}|rgba?\([\d.,\s]+\))(?=[\s;,)}!]|$)/gi;

/**
 * Lightness on a dark page, from 0 to 1. White becomes 0.23: not black, so that what is raised or sunken can be seen.
 * The text of the widget, which is nearly black, becomes white.
 */
const turnedRound = (lightness: number) => Math.min(1.25 - 1.02 * lightness, 1);

/**
 * Gives every colour of a style rule one for dark pages too. What is behind everything is `--okta-color-surface`.
 * @param asSaid colours the author named, as `#rrggbb`: they mean those
 */
export function withDarkColours(css: string, asSaid: ReadonlySet<string>): string {
  return css.replace(COLOUR, (text, property?: string, colour?: string) => {
    if (property) return `${property}var(--okta-color-surface,${forBoth('#ffffff')})`;
    return colour && !asSaid.has(colour.toLowerCase()) ? forBoth(colour) : text;
  });
}

function forBoth(colour: string): string {
  return `light-dark(${colour},${darkOf(colour)})`;
}

const known = new Map<string, string>();

/** @returns as `rgb()`, with the opacity it had */
function darkOf(colour: string): string {
  let dark = known.get(colour);
  if (!dark) {
    const [red, green, blue, opacity] = channelsOf(colour);
    const { lightness, a, b } = toOklab([red, green, blue]);
    dark = `rgb(${fitting(turnedRound(lightness), a, b).join(' ')} / ${opacity})`;
    known.set(colour, dark);
  }
  return dark;
}

type Channels = [red: number, green: number, blue: number];

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
function channelsOf(colour: string): [...Channels, number] {
  if (colour.startsWith('#')) {
    const digits = colour.slice(1);
    const long = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits;
    const [red = 0, green = 0, blue = 0, opacity = 255] = long.match(/../g)!.map((pair) => parseInt(pair, 16));
    return [red, green, blue, Number((opacity / 255).toFixed(3))];
  }
  const [red = 0, green = 0, blue = 0, opacity = 1] = colour.match(/[\d.]+/g)!.map(Number);
  return [red, green, blue, opacity];
}

function toOklab(channels: Channels): { lightness: number; a: number; b: number } {
  const [red, green, blue] = channels.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Channels;
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  };
}

/** Paler and paler, until a screen can show it with that lightness. */
function fitting(lightness: number, a: number, b: number): Channels {
  for (let strength = 1; strength > 0; strength -= 0.05) {
    const channels = fromOklab(lightness, a * strength, b * strength);
    if (channels.every((channel) => channel >= 0 && channel <= 255)) return channels;
  }
  return fromOklab(lightness, 0, 0);
}

function fromOklab(lightness: number, a: number, b: number): Channels {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return linear.map((value) =>
    Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)),
  ) as Channels;
}
