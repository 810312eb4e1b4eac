import {
  errors,
  type default as Provider,
  type AuthorizationCode,
  type Grant,
  type KoaContextWithOIDC,
  type RefreshToken,
} from 'oidc-provider';
import { describeUnmet, isAssured } from '../assurance.js';
import type { PolicyRequest } from '../policy.js';
import type { Amr, SignInRequest, SignInResult } from '../sign-in.js';
import type { OidcDeps } from './deps.js';

export type GrantType = PolicyRequest['grantType'];
export type GrantHandler = (ctx: KoaContextWithOIDC) => Promise<void>;

/** A grant that remembers how it came about, so that refreshing is judged by the same rules. */
type TypedGrant = Grant & { grantType?: GrantType };

/** Lets grants keep their type. To be called before the first grant is made. */
export function typeGrants(provider: Provider): void {
  const names = [...provider.Grant.IN_PAYLOAD, 'grantType'];
  Object.defineProperty(provider.Grant, 'IN_PAYLOAD', { get: () => names });
}

/**
 * Records what a user gives a client in one sign-in. Each sign-in has a grant of its own: revoking one, or finding a
 * refresh token used twice, leaves the user's other browsers alone.
 */
export async function createGrant(
  provider: Provider,
  accountId: string,
  clientId: string,
  scopes: readonly string[],
  grantType: GrantType,
): Promise<Grant> {
  const grant: TypedGrant = new provider.Grant({ accountId, clientId });
  grant.grantType = grantType;
  grant.addOIDCScope(scopes.join(' '));
  await grant.save();
  return grant;
}

/** How the tokens of this request were first asked for. */
export function grantTypeOfRequest(ctx: KoaContextWithOIDC): GrantType {
  const grant: TypedGrant | undefined = ctx.oidc.entities.Grant;
  return grant?.grantType ?? 'authorization_code';
}

async function grantTypeOf(provider: Provider, grantId: string | undefined): Promise<GrantType> {
  const grant: TypedGrant | undefined = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  return grant?.grantType ?? 'authorization_code';
}

/** Mints the code that ends an embedded sign-in. It is an authorization code that only the other grant type takes. */
export async function issueInteractionCode(
  provider: Provider,
  request: SignInRequest,
  result: SignInResult,
): Promise<string> {
  const client = await provider.Client.find(request.clientId);
  if (!client) throw new errors.InvalidClient('client is invalid');
  const grant = await createGrant(provider, result.userId, request.clientId, request.scopes, 'interaction_code');
  const code = new provider.AuthorizationCode({
    accountId: result.userId,
    amr: result.amr,
    authTime: result.authTime,
    client,
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: request.codeChallengeMethod,
    grantId: grant.jti,
    nonce: request.nonce,
    redirectUri: request.redirectUri,
    scope: request.scopes.join(' '),
    gty: 'interaction_code',
    ...(request.acrValues.length > 0 ? { claims: { id_token: { acr: { values: request.acrValues } } } } : undefined),
  });
  return code.save();
}

/** Puts Okta's token endpoint over oidc-provider's: the interaction code grant, and policies at every exchange. */
export function addGrants(provider: Provider, builtIn: ReadonlyMap<string, GrantHandler>, deps: OidcDeps): void {
  const authorizationCode = builtIn.get('authorization_code')!;
  const refreshToken = builtIn.get('refresh_token')!;

  const enforcePolicy = (source: AuthorizationCode | RefreshToken, grantType: GrantType): void => {
    const user = deps.activeUser(source.accountId);
    if (!user) throw new errors.InvalidGrant('user is not active');
    const decision = deps.decide(user, { clientId: source.clientId ?? '', grantType, scopes: [...source.scopes] });
    if (!decision.allow) throw new errors.AccessDenied(decision.description);
    const amr = (source.amr ?? []) as Amr[];
    if (decision.requireSecondFactor && !amr.includes('mfa'))
      throw new errors.AccessDenied('A second factor is required.');
    const wanted = source.claims?.id_token?.acr?.values ?? [];
    if (!isAssured(wanted, amr)) throw new errors.UnmetAuthenticationRequirements(describeUnmet(wanted));
  };

  provider.registerGrantType(
    'authorization_code',
    async (ctx) => {
      const code = await provider.AuthorizationCode.find(param(ctx, 'code') ?? '');
      if (code && (await grantTypeOf(provider, code.grantId)) !== 'authorization_code') {
        throw new errors.InvalidGrant('an interaction code is not an authorization code');
      }
      await authorizationCode(ctx);
    },
    ['code', 'code_verifier', 'redirect_uri'],
  );

  provider.registerGrantType(
    'interaction_code',
    async (ctx) => {
      const value = param(ctx, 'interaction_code');
      if (value === undefined) throw new errors.InvalidRequest("missing required parameter 'interaction_code'");
      const code = await provider.AuthorizationCode.find(value, { ignoreExpiration: true });
      if (!code || (await grantTypeOf(provider, code.grantId)) !== 'interaction_code') {
        throw new errors.InvalidGrant('interaction code not found');
      }
      if (code.isValid && code.clientId === ctx.oidc.client?.clientId) enforcePolicy(code, 'interaction_code');
      // Okta takes the request without a redirect URI, and compares one that is given.
      Object.assign(ctx.oidc.params as object, {
        code: value,
        redirect_uri: param(ctx, 'redirect_uri') ?? code.redirectUri,
      });
      await authorizationCode(ctx);
    },
    ['interaction_code', 'code_verifier', 'redirect_uri'],
  );

  provider.registerGrantType(
    'refresh_token',
    async (ctx) => {
      const token = await provider.RefreshToken.find(param(ctx, 'refresh_token') ?? '');
      if (token?.isValid && token.clientId === ctx.oidc.client?.clientId) {
        enforcePolicy(token, await grantTypeOf(provider, token.grantId));
      }
      await refreshToken(ctx);
    },
    ['refresh_token', 'scope'],
  );
}

function param(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const value = (ctx.oidc.params as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
