/** Space-separated words of a request parameter. */
export function words(value: string | undefined): string[] {
  return value?.split(' ').filter(Boolean) ?? [];
}
