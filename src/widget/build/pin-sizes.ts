/** One `rem` when the page does not change the size of the root element. The widget was drawn for it. */
export const PX_PER_REM = 16;

/**
 * Gives generation 3 its measures in `px`. It has them in `rem`, so they would follow the page's root element: in styles,
 * which can be rewritten when it runs, but in attributes of its pictures too.
 *
 * @param code of the widget
 * @throws Error when there are none, or hardly any, where they are looked for
 */
export function pinSizes(code: string): string {
  let count = 0;
  const pinned = code.replace(/(?<=[=:])"(-?\d*\.?\d+)rem"/g, (_, size: string) => {
    count += 1;
    return `"${Number((Number(size) * PX_PER_REM).toFixed(3))}px"`;
  });
  if (count < 20) throw new Error(`The widget has ${count} measures in rem; it had more.`);
  return pinned;
}
