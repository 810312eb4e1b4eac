import { randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { reachedAcr } from '../assurance.js';
import type { Amr } from '../sign-in.js';
import { valueOf } from './access-token.js';
import { epochSeconds, type OidcDeps } from './deps.js';

/** Id of the org's own identity provider, which Okta puts into every ID token. */
export const IDENTITY_PROVIDER_ID = '00o1localorg0okta1d7';

/** oidc-provider's IdToken, as far as this file touches it. It is not in the published types. */
interface IdTokenModel {
  ctx: KoaContextWithOIDC;
  available: { amr?: Amr[]; auth_time?: number };
  /** Claims asked for beyond those of the scopes. */
  mask?: { acr?: { values?: string[] } };
  set(name: string, value: unknown): void;
  issue(options: { use: string }): Promise<string>;
}

/** Makes a provider's ID tokens Okta's: `ver`, `jti`, `idp`, `amr`, `auth_time`, `at_hash` always, on the org's clock. */
export function speakIdTokens(provider: Provider, { clock }: OidcDeps): void {
  const { prototype } = (provider as unknown as { IdToken: { prototype: IdTokenModel } }).IdToken;
  const { issue } = prototype;

  prototype.issue = function issueAsOkta(this: IdTokenModel, options: { use: string }) {
    if (options.use === 'idtoken') {
      const { amr = [], auth_time: authTime } = this.available;
      this.set('ver', 1);
      this.set('iat', epochSeconds(clock));
      this.set('jti', `ID.${randomBytes(32).toString('base64url')}`);
      this.set('idp', IDENTITY_PROVIDER_ID);
      this.set('amr', amr);
      this.set('auth_time', authTime);
      this.set('at_hash', valueOf(this.ctx.oidc.entities.AccessToken));
      // Only a request that names values learns which of them was reached.
      this.set('acr', reachedAcr(this.mask?.acr?.values ?? [], amr));
    }
    return issue.call(this, options);
  };
}
