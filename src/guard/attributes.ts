/** Attributes of `<okta-guard>` that are part of its rule or say where its content comes from. */
export const GUARD_ATTRIBUTES = [
  'when',
  'groups',
  'scopes',
  'claim',
  'value',
  'match',
  'acr-values',
  'max-age',
  'unauthenticated',
  'step-up',
  'src',
  'config',
] as const;

/** Names that are close to one of ours and mean something else, most of them in HTML or in a framework. */
const OTHERS = new Set(
  `state class id slot style hidden lang dir part title role name is key ref for as rel type href alt width height size
  accesskey autocapitalize autocorrect autofocus contenteditable draggable enterkeyhint exportparts inert inputmode itemid
  itemprop itemref itemscope itemtype nonce popover spellcheck tabindex translate writingsuggestions align valign
  then watch batch patch catch valid props manage`.split(/\s+/),
);
/** Prefixes and characters that belong to frameworks, or to their users. */
const FOREIGN = /^(data|aria|v|x|ng|hx|up|astro|wp|on|svelte|uk|q|sl|s|c|b)-|^_ng|^on[a-z]+$|[^\w-]/;
/** Words that name a requirement, also in a longer name such as `user-groups` or `claim-value`. */
const WORDS = /(^|[-_])(groups?|scopes?|claims?|acr|unauthenticated|unauthorized)($|[-_])/;

/** What the name would be without dashes and the plural. */
const bare = (name: string) => name.replace(/[-_]/g, '').replace(/s$/, '');

/** How many typing errors a name of this length may have and still be taken for ours. */
const tolerance = (length: number) => (length < 8 ? 1 : length < 12 ? 2 : 4);

/**
 * Finds the attribute of `<okta-guard>` that an unknown name was probably meant to be. A guard that ignored `group="staff"`
 * would show its content to every signed-in user.
 * @param name in lower case, as HTML has it
 * @returns undefined for an attribute that belongs to HTML, to a framework or to the page
 */
export function findIntendedAttribute(name: string): string | undefined {
  if ((GUARD_ATTRIBUTES as readonly string[]).includes(name) || OTHERS.has(name) || FOREIGN.test(name))
    return undefined;
  if (name === 'check') return 'check';
  const given = bare(name);
  if (/^(signed|logged)(in|out)$/.test(given)) return 'when';
  const near = GUARD_ATTRIBUTES.find((ours) => bare(ours) === given);
  if (near) return near;
  const word = WORDS.exec(name)?.[2];
  if (word) return GUARD_ATTRIBUTES.find((ours) => ours.startsWith(word.slice(0, 5)));
  // An abbreviation, such as `val` or `unauth`.
  const whole = given.length > 2 && GUARD_ATTRIBUTES.find((ours) => bare(ours).startsWith(given));
  if (whole) return whole;
  const ranked = GUARD_ATTRIBUTES.map((ours) => ({ ours, edits: editDistance(given, bare(ours)) }));
  return ranked.sort((a, b) => a.edits - b.edits).find(({ ours, edits }) => edits <= tolerance(bare(ours).length))
    ?.ours;
}

/** Counts the letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let edits = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (isSame ? 0 : 1));
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) edits = Math.min(edits, before[column - 2]! + 1);
      current.push(edits);
    }
    before = above;
    above = current;
  }
  return above[b.length]!;
}
