const MILLISECONDS = 'set a number of milliseconds';
const ADDRESS = "set an address on this page's origin, without a fragment";

/** For each setting, what it may be. */
const ADVICE: Readonly<Record<string, string>> = {
  issuer: 'set an https URL without user name, query or fragment, such as https://example.okta.com/oauth2/default',
  'client-id': 'set the client ID of your application in Okta',
  scopes: 'add openid',
  'redirect-uri': ADDRESS,
  'post-logout-redirect-uri': ADDRESS,
  storage: 'set one of local, session, memory',
  renew: 'set one of auto, on-demand, off',
  callback: 'set one of auto, manual',
  'allowed-origins': 'set https origins',
  'idle-timeout': 'set a number of seconds',
  'request-timeout': MILLISECONDS,
  'silent-timeout': MILLISECONDS,
  'popup-timeout': MILLISECONDS,
};

/** Issuers that are wrong for a reason of their own. */
const ISSUERS: readonly (readonly [RegExp, string])[] = [
  [/^""$/, 'set your authorization server, such as https://example.okta.com/oauth2/default'],
  [/[{}<>$]|%7b/i, 'replace the placeholder with your Okta domain'],
  [/-admin\.okta/i, 'this is the Admin Console; remove "-admin"'],
];

/** Completes the message of a setting that is not valid with what it may be. Leaves any other message as it is. */
export function withAdvice(message: string): string {
  const [, setting, value] = /^([\w-]+)=(.*) is not valid\.$/s.exec(message) ?? [];
  if (!setting || value === undefined) return message;
  const [, special] = (setting === 'issuer' && ISSUERS.find(([pattern]) => pattern.test(value))) || [];
  const advice = special ?? ADVICE[setting];
  return advice ? `${setting}=${value}: ${advice}.` : message;
}
