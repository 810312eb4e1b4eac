/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case; of a name that comes twice, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;
const SEPARATORS = /[\s,]*/y;
const PARAMETER = new RegExp(String.raw`(${TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(${TOKEN}))(?=\s*(?:,|$))`, 'y');
const SCHEME = new RegExp(String.raw`(${TOKEN})(?=\s|,|$)`, 'y');
/** Credentials in one piece, as Negotiate has them. */
const TOKEN68 = /[ \t]+[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y;

/** Reads the challenges of a response, of which there may be several in one header. Ends where it is malformed. */
export function parseChallenges(header: string | null): Challenge[] {
  const text = header ?? '';
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATORS);
    const current = challenges.at(-1)?.parameters;
    const [, name, quoted, plain] = (current && take(PARAMETER)) ?? [];
    if (current && name) {
      const key = name.toLowerCase();
      if (!current.has(key)) current.set(key, plain ?? quoted!.replace(/\\(.)/gs, '$1'));
      continue;
    }
    const [, scheme] = take(SCHEME) ?? [];
    if (!scheme) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    take(TOKEN68);
  }
}

/** What an API says that is wrong with the token it was sent (RFC 6750 section 3, RFC 9449 section 7.1). */
export function tokenChallenges(response: Response): Challenge[] {
  const challenges = parseChallenges(response.headers.get('www-authenticate'));
  return challenges.filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
}

/** What the user has to prove before the API answers (RFC 9470 section 3). */
export interface StepUp {
  /** Authentication context classes, one of which will do; empty when the API names none. */
  readonly acrValues: readonly string[];
  /** Seconds since the user last signed in actively, at most. */
  readonly maxAge?: number;
}

/** The step-up that an API asks for, if that is what its 401 is about. */
export function findStepUp(challenges: readonly Challenge[]): StepUp | undefined {
  const challenge = challenges.find(
    ({ parameters }) => parameters.get('error') === 'insufficient_user_authentication',
  )?.parameters;
  if (!challenge) return undefined;
  const maxAge = challenge.get('max_age');
  return {
    acrValues: (challenge.get('acr_values') ?? '').split(/\s+/).filter(Boolean),
    maxAge: maxAge && /^\d+$/.test(maxAge) ? Number(maxAge) : undefined,
  };
}
