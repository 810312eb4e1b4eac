import { parse, type Declaration } from 'postcss';

/**
 * Says where things are by the direction of the text in place of left and right, so that the widget reads from right to
 * left where the page does (CSS Logical Properties and Values). Pictures, and where they are in their boxes, stay as
 * they are.
 */
export function followDirection(css: string): string {
  const root = parse(css);
  root.walkDecls((declaration) => {
    const { prop, value } = declaration;
    if (/^(float|clear)$/.test(prop))
      declaration.value = value.replace(/^(left|right)$/, (side) => `inline-${END[side]}`);
    else if (prop === 'text-align') declaration.value = value.replace(/^(left|right)$/, (side) => END[side]!);
    else if (prop === 'border-radius') splitCorners(declaration);
    else if (/^(margin|padding)$/.test(prop)) splitSides(declaration);
    else declaration.prop = logicalName(prop);
  });
  return root.toString();
}

const END: Record<string, string> = { left: 'start', right: 'end' };

function logicalName(prop: string): string {
  const corner = /^border-(top|bottom)-(left|right)-radius$/.exec(prop);
  if (corner) return `border-${corner[1] === 'top' ? 'start' : 'end'}-${END[corner[2]!]}-radius`;
  if (prop in END) return `inset-inline-${END[prop]}`;
  return prop.replace(
    /^(margin|padding|border)-(left|right)\b/,
    (_, box, side: string) => `${box}-inline-${END[side]}`,
  );
}

/** Four widths, the two sides not the same: `padding: 5px 35px 5px 10px`. */
function splitSides(declaration: Declaration): void {
  const [top, right, bottom, left, ...others] = wordsOf(declaration.value);
  if (!left || left === right || others.length > 0) return;
  declaration.cloneBefore({ prop: `${declaration.prop}-block`, value: `${top} ${bottom}` });
  declaration.value = `${left} ${right}`;
  declaration.prop += '-inline';
}

/** Corners of which those on the left are not those on the right: `border-radius: 4px 0 0 4px`. */
function splitCorners(declaration: Declaration): void {
  const [topLeft, topRight = topLeft, bottomRight = topLeft, bottomLeft = topRight, ...others] = wordsOf(
    declaration.value,
  );
  if (others.length > 0 || (topLeft === topRight && bottomLeft === bottomRight)) return;
  const corners = { 'start-start': topLeft, 'start-end': topRight, 'end-end': bottomRight, 'end-start': bottomLeft };
  for (const [name, value] of Object.entries(corners))
    declaration.cloneBefore({ prop: `border-${name}-radius`, value });
  declaration.remove();
}

/** Apart from what is in parentheses. */
function wordsOf(value: string): string[] {
  return value.match(/(?:[^\s(]|\([^)]*\))+/g) ?? [];
}
