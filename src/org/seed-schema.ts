import { z } from 'zod';

const text = z.string().trim().min(1);

export const webUrl = z
  .string()
  .refine(
    (value) => isWebUrl(value) && URL.parse(value)?.hash === '',
    'must be an absolute http or https URL without a fragment',
  );

/** May have a fragment, which names a part of an SVG. */
const pictureUrl = z
  .string()
  .refine(
    (value) => value.startsWith('data:image/') || isWebUrl(value),
    'must be an absolute http or https URL, or a data:image URL',
  );

const origin = z
  .string()
  .refine(
    (value) => URL.parse(value)?.origin === value,
    'must be an origin such as http://localhost:8080, without a path',
  );

export const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be a host name in lower case, without a port',
  );

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #00297a');

const userSchema = z.strictObject({
  login: text,
  /** Default: the login. */
  email: z.email().optional(),
  firstName: text,
  lastName: text,
  /** Left out: the user has none, and chooses one by way of "Forgot password?". */
  password: z.string().min(1).optional(),
  /** Besides `Everyone`, of which every user is a member. */
  groups: z.array(text).default([]),
  status: z.enum(['ACTIVE', 'STAGED', 'LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED']).default('ACTIVE'),
  /** Base32 secret of an authenticator app the user has enrolled. Google Authenticator takes none below 10 bytes. */
  totpSecret: z
    .string()
    .regex(/^[A-Z2-7]{16,}=*$/, 'must be Base32, at least 16 characters (10 bytes) of A to Z and 2 to 7')
    .optional(),
  displayName: text.optional(),
  /** Language tag, such as `en-US`. */
  locale: text.optional(),
});

const groupSchema = z.union([
  text.transform((name) => ({ name, description: undefined as string | undefined })),
  z.strictObject({ name: text, description: z.string().optional() }),
]);

const clientSchema = z.strictObject({
  id: text,
  /** Shown as "Signing in to …". Default: the id. */
  label: text.optional(),
  redirectUris: z.array(webUrl).default([]),
  postLogoutRedirectUris: z.array(webUrl).default([]),
  grantTypes: z
    .array(z.enum(['authorization_code', 'refresh_token', 'interaction_code']))
    .default(['authorization_code', 'refresh_token', 'interaction_code']),
  /** Every token request must carry a DPoP proof (RFC 9449). */
  dpopRequired: z.boolean().default(false),
  /** Given: a confidential client that sends it. Left out: a public client, as a browser app must be. */
  secret: text.optional(),
});

const ruleSchema = z.strictObject({
  name: text,
  /** The rule is for members of one of these groups; `EVERYONE` is all users. Left out together with `users`: all users. */
  groups: z.array(text).optional(),
  /** The rule is for these users too, by login. */
  users: z.array(text).optional(),
  /** Left out: every grant type. */
  grantTypes: z.array(z.enum(['authorization_code', 'interaction_code'])).optional(),
  /** The rule is for requests that ask for nothing beyond these; `*` is any scope. */
  scopes: z.array(text).default(['*']),
  action: z.enum(['ALLOW', 'DENY']),
  requireSecondFactor: z.boolean().default(false),
  /** 5 minutes to a day, as in Okta. Fractions are allowed, for tests that wait. */
  accessTokenLifetimeMinutes: z.number().positive().max(1440).default(60),
  /** 0 is without limit. */
  refreshTokenLifetimeMinutes: z.number().nonnegative().default(0),
  /** A refresh token that is not used for so long expires. */
  refreshTokenWindowMinutes: z.number().positive().default(10_080),
});

const policySchema = z.strictObject({
  name: text,
  /** Client ids, or `ALL_CLIENTS`. */
  clients: z.array(text).default(['ALL_CLIENTS']),
  rules: z.array(ruleSchema).default([]),
});

const claimSchema = z
  .strictObject({
    name: text,
    /** The groups whose name matches this regular expression. */
    groups: z.string().optional(),
    /** The value of this attribute of the user's profile. */
    profile: text.optional(),
    /** Which tokens and answers hold the claim. */
    in: z.array(z.enum(['idToken', 'accessToken', 'userinfo'])).default(['idToken', 'userinfo']),
    /** Only when one of these scopes was granted. Empty: always. */
    scopes: z.array(text).default([]),
  })
  .refine((claim) => (claim.groups === undefined) !== (claim.profile === undefined), 'needs either groups or profile')
  .refine((claim) => isRegExp(claim.groups ?? ''), { message: 'must be a regular expression', path: ['groups'] });

const identityProviderSchema = z.strictObject({
  /** Part of the path of its link. */
  id: text.refine((id) => id !== '.' && id !== '..', 'must be a name, not "." or ".."'),
  /** The button of a provider that Okta knows has its name and logo; that of any other has {@link name}. */
  type: z.enum(['APPLE', 'FACEBOOK', 'GOOGLE', 'LINKEDIN', 'MICROSOFT', 'OIDC', 'SAML2']).default('OIDC'),
  name: text,
});

const ALLOW_ALL = { name: 'Default policy', rules: [{ name: 'Default rule', action: 'ALLOW' as const }] };
const GROUPS_CLAIM = {
  name: 'groups',
  groups: '.*',
  in: ['idToken' as const, 'accessToken' as const, 'userinfo' as const],
  scopes: ['groups'],
};

/**
 * What an org starts with: users, groups, clients, trusted origins, policies, branding.
 *
 * Everything has a default, so `{}` is a valid seed with nobody in it. Unknown fields are refused, because a
 * misspelt one would otherwise be ignored in silence.
 */
export const seedSchema = z.strictObject({
  users: z.array(userSchema).default([]),
  groups: z.array(groupSchema).default([]),
  clients: z.array(clientSchema).default([]),
  /** Origins whose pages may call the org (CORS). */
  trustedOrigins: z.array(origin).default([]),
  /** Host names the org answers under besides `localhost` and `127.0.0.1`. Each must resolve to this machine. */
  customDomains: z.array(hostName).default([]),
  authorizationServer: z
    .strictObject({
      audience: text.default('api://default'),
      /** Scopes beyond the standard ones. */
      scopes: z.array(text).default(['groups']),
      claims: z.array(claimSchema).default([claimSchema.parse(GROUPS_CLAIM)]),
      policies: z.array(policySchema).default([policySchema.parse(ALLOW_ALL)]),
      /** Adds `iss` to authorization responses (RFC 9207). Okta does not. */
      issInResponse: z.boolean().default(false),
      idTokenLifetimeMinutes: z.number().positive().default(60),
    })
    .prefault({}),
  signIn: z
    .strictObject({
      /** Asks for the identifier on a page of its own, before the password. */
      identifierFirst: z.boolean().default(false),
      keepMeSignedIn: z.boolean().default(true),
      /** People may sign up by themselves. */
      registration: z.boolean().default(true),
      /** Wrong passwords in a row before the account is locked. */
      lockoutAttempts: z.number().int().positive().default(10),
      passwordMinLength: z.number().int().min(4).max(72).default(8),
      /** How long a sign-in may take from its first page to its last. */
      stateLifetimeSeconds: z.number().positive().default(3600),
      /**
       * Other places to sign in at, offered by embedded widgets. In place of each, the org shows a page with its own
       * users to choose from.
       */
      identityProviders: z.array(identityProviderSchema).default([]),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      /** A session that is not used for so long ends. */
      idleMinutes: z.number().positive().default(120),
      /** No session lasts longer, used or not. */
      lifetimeMinutes: z.number().positive().default(1440),
    })
    .prefault({}),
  branding: z
    .strictObject({
      /** Name of the organisation, in titles. */
      name: text.default('Local Okta org'),
      /** Image above the form: an http(s) or data: URL. Left out: the name in its place. */
      logo: pictureUrl.optional(),
      primaryColor: colour.default('#1b4dd8'),
      backgroundColor: colour.default('#f3f4f8'),
      backgroundImage: pictureUrl.optional(),
      /** Which Okta widget the hosted page runs. */
      widgetGeneration: z.union([z.literal(2), z.literal(3)]).default(2),
    })
    .prefault({}),
});

/** A seed as one writes it, in JSON or in a test. */
export type Seed = z.input<typeof seedSchema>;

/** A seed with every default filled in. */
export type OrgConfig = z.output<typeof seedSchema>;

export type SeedUser = OrgConfig['users'][number];
export type SeedGroup = OrgConfig['groups'][number];
export type SeedClient = OrgConfig['clients'][number];
export type SeedPolicy = OrgConfig['authorizationServer']['policies'][number];
export type SeedRule = SeedPolicy['rules'][number];
export type SeedClaim = OrgConfig['authorizationServer']['claims'][number];
export type IdentityProvider = z.output<typeof identityProviderSchema>;
export type SignInSettings = OrgConfig['signIn'];
export type Branding = OrgConfig['branding'];

function isWebUrl(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

function isRegExp(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
