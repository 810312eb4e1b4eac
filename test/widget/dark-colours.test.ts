import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withDarkColours } from '../../src/widget/dark-colours.js';

const none = new Set<string>();
const darkOf = (colour: string) =>
  /light-dark\(.*?,rgb\((.*) \/ /.exec(withDarkColours(`a{color:${colour}}`, none))![1]!;
const channels = (colour: string) => darkOf(colour).split(' ').map(Number);

describe('withDarkColours', () => {
  it('gives a colour one for dark pages: dark for light, light for dark, of the same hue and opacity', () => {
    assert.ok(Math.max(...channels('#ffffff')) < 45);
    assert.ok(Math.min(...channels('#1d1d21')) > 200);
    const [red = 0, green = 0, blue = 0] = channels('#1662dd');
    assert.ok(blue > green && green > red && red > 60, `${red} ${green} ${blue}`);
    assert.match(
      withDarkColours('a{color:rgba(84, 107, 231, 0.4)}', none),
      /light-dark\(rgba\(84, 107, 231, 0.4\),rgb\(\d+ \d+ \d+ \/ 0.4\)\)/,
    );
    for (let grey = 30; grey < 250; grey += 10) {
      const hex = (value: number) => `#${value.toString(16).padStart(2, '0').repeat(3)}`;
      assert.ok(channels(hex(grey))[0]! > channels(hex(grey + 5))[0]!, 'what was lighter is darker');
    }
  });

  it('has the page’s own surface behind the form, where it names one', () => {
    assert.match(
      withDarkColours('a{background-color:#FFFFFF;border:1px solid #fff}', none),
      /^a\{background-color:var\(--okta-color-surface,light-dark\(#ffffff,rgb\(.*\)\)\);border:1px solid light-dark\(#fff,/,
    );
  });

  it('leaves colours that the author named, pictures, selectors and what is no colour as they are', () => {
    for (const css of [
      'a{color:#c0ffee}',
      'a{background:url("data:image/svg+xml,<svg fill=#fff/>")}',
      '#fade{margin:0}',
      '#abc .a{color:inherit;width:12px;animation:a 1s}',
    ]) {
      assert.equal(withDarkColours(css, new Set(['#c0ffee'])), css);
    }
  });
});
