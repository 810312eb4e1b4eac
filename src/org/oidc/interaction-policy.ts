import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { describeUnmet, isAssured, isOutOfReach, isRecent } from '../assurance.js';
import type { User } from '../directory.js';
import type { Amr, PolicyDecision } from '../sign-in.js';
import { epochSeconds, type OidcDeps } from './deps.js';
import { words } from './words.js';

const { Check, Prompt } = interactionPolicy;

const NOT_SIGNED_IN = 'The client specified not to prompt, but the user is not logged in.';
const NOT_ENOUGH = 'The client specified not to prompt, but the client app requires re-authentication or MFA.';

interface Lack {
  /** What the application is told when it cannot be made good. */
  error: Error;
  /** Asking the user for more would be in vain. */
  final?: boolean;
}

/**
 * When an authorization request must go by the sign-in page, in the order the reasons count. The descriptions are what
 * `prompt=none` is answered with; Okta has two.
 */
export function signInPolicy(deps: OidcDeps): interactionPolicy.Prompt[] {
  const { clock } = deps;

  const login = new Prompt(
    { name: 'login', requestable: true },
    new Check('no_session', NOT_SIGNED_IN, 'login_required', (ctx) => !sessionUser(ctx, deps)),

    new Check('another_user', NOT_ENOUGH, 'login_required', ({ oidc }) => {
      const hinted = oidc.entities.IdTokenHint?.payload.sub;
      return hinted !== undefined && oidc.session?.accountId !== undefined && hinted !== oidc.session.accountId;
    }),

    new Check('max_age', NOT_ENOUGH, 'login_required', ({ oidc }) => {
      const { max_age: maxAge } = oidc.params as { max_age?: string };
      if (maxAge === undefined || oidc.result?.login || !oidc.session?.loginTs) return false;
      return !isRecent(oidc.session.loginTs, Number(maxAge), epochSeconds(clock));
    }),

    new Check('assurance', NOT_ENOUGH, 'login_required', (ctx) => {
      const user = sessionUser(ctx, deps);
      if (!user) return false;
      const lack = lackOf(ctx, user, deps);
      // The sign-in page asked for all it could. Asking again would only go round in circles.
      if (lack?.final || (lack && ctx.oidc.result?.login)) throw lack.error;
      return lack !== undefined;
    }),
  );

  const access = new Prompt(
    { name: 'access', requestable: false },
    new Check('denied', 'denied by policy', 'access_denied', (ctx) => {
      const user = sessionUser(ctx, deps);
      const decision = user && decide(ctx, user, deps);
      if (decision && !decision.allow) throw new errors.AccessDenied(decision.description);
      return false;
    }),
  );

  // Consent is never asked for, but `prompt=consent` must be taken: offline_access needs it (OpenID Connect Core 11).
  const consent = new Prompt({ name: 'consent', requestable: true });
  consent.checks.clear();

  return [login, access, consent];
}

function sessionUser({ oidc }: KoaContextWithOIDC, deps: OidcDeps): User | undefined {
  return deps.activeUser(oidc.session?.accountId);
}

function decide({ oidc }: KoaContextWithOIDC, user: User, deps: OidcDeps): PolicyDecision {
  const { client_id: clientId = '', scope } = oidc.params as { client_id?: string; scope?: string };
  return deps.decide(user, { clientId, grantType: 'authorization_code', scopes: words(scope) });
}

/** What the session lacks for this request; `undefined` when it has all. Policies count before `acr_values`. */
function lackOf(ctx: KoaContextWithOIDC, user: User, deps: OidcDeps): Lack | undefined {
  const amr = (ctx.oidc.session?.amr ?? []) as Amr[];
  const decision = decide(ctx, user, deps);
  // Refused further on, whatever else is proved.
  if (!decision.allow) return undefined;
  if (decision.requireSecondFactor && !amr.includes('mfa')) {
    return { error: new errors.AccessDenied('A second factor is required.') };
  }
  const wanted = words((ctx.oidc.params as { acr_values?: string }).acr_values);
  if (isAssured(wanted, amr)) return undefined;
  return {
    error: new errors.UnmetAuthenticationRequirements(describeUnmet(wanted)),
    final: isOutOfReach(wanted),
  };
}
