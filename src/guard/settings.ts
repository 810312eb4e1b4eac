/** Settings of `<okta-guard>`, by property name, as markup or a script gave them. Null and undefined mean "not set". */
export interface GuardSettings {
  readonly groups?: unknown;
  readonly scopes?: unknown;
  readonly acrValues?: unknown;
  readonly claim?: unknown;
  readonly value?: unknown;
  readonly src?: unknown;
  readonly maxAge?: unknown;
}

/** A setting that no rule can be read from. */
export interface SettingFault {
  readonly name: keyof GuardSettings;
  /** What is wrong, and what to write instead. */
  readonly advice: string;
}

const LISTS = ['groups', 'scopes', 'acrValues'] as const;
const TEXTS = ['claim', 'value', 'src'] as const;

const isBlank = (value: unknown) => typeof value !== 'string' || value.trim() === '';

/** What keeps a value from being a list of names. */
function adviceForList(value: unknown): string | undefined {
  let list = value;
  if (typeof value === 'string') {
    if (isBlank(value)) return 'it is empty. Name at least one, or remove the attribute';
    if (!value.trim().startsWith('[')) return undefined;
    try {
      list = JSON.parse(value);
    } catch {
      return `it starts with "[" and is not valid JSON. Write '["One name", "Another name"]'`;
    }
  }
  if (!Array.isArray(list)) return 'it must be text or an array of texts';
  if (list.length === 0) return 'the list is empty. Name at least one, or remove the attribute';
  return list.some(isBlank) ? 'every entry must be a text that is not empty' : undefined;
}

function adviceForMaxAge(value: unknown): string | undefined {
  const isEmpty = typeof value !== 'number' && isBlank(value);
  const seconds = isEmpty ? NaN : Number(value);
  return seconds >= 0 && seconds < Infinity ? undefined : 'it must be a number of seconds, 0 or more';
}

/** Finds the first setting that no rule can be read from. */
export function findSettingFault(settings: GuardSettings): SettingFault | undefined {
  const isSet = (name: keyof GuardSettings) => settings[name] !== undefined && settings[name] !== null;
  const faults: (SettingFault | false)[] = [
    ...LISTS.map((name) => fault(name, isSet(name) && adviceForList(settings[name]))),
    ...TEXTS.map((name) =>
      fault(name, isSet(name) && isBlank(settings[name]) && 'it is empty. Give it a value, or remove the attribute'),
    ),
    fault('maxAge', isSet('maxAge') && adviceForMaxAge(settings.maxAge)),
    fault('value', isSet('value') && !isSet('claim') && 'it needs claim="…", the name of the claim with this value'),
  ];
  return faults.find((one) => one !== false);
}

function fault(name: keyof GuardSettings, advice: string | false | undefined): SettingFault | false {
  return advice ? { name, advice } : false;
}
