import type { AdjustableClock, Clock } from './clock.js';
import type { Org, OrgOptions } from './org.js';

export type { AdjustableClock, Clock } from './clock.js';
export type { Directory, User } from './directory.js';
export type { Fault, FaultName, Faults } from './faults.js';
export type { Mail, Mailbox } from './mailbox.js';
export type { Org, OrgOptions } from './org.js';
export type { Seed } from './seed.js';
export { createClock } from './clock.js';

/** Packages that only the org needs, so they are optional for everybody else. */
const PEERS = ['oidc-provider', 'zod', 'qrcode'];

/**
 * Starts a local Okta org: a server on loopback that answers as an Okta organisation does, for development and tests.
 * It is not Okta and it is never for production.
 *
 * @example
 * const org = await createOrg({ seed: { users: [{ login: 'ada@example.com', … }], clients: [ … ] } });
 * // org.issuer → http://localhost:43127/oauth2/default
 * await org.close();
 *
 * @throws SeedError when the seed is not valid; its message names each wrong field
 * @throws Error with `code` `EADDRINUSE` when the port is taken
 * @throws Error when one of the optional packages it needs is not installed
 */
export function createOrg(options?: OrgOptions & { clock?: undefined }): Promise<Org>;
export function createOrg<C extends Clock>(options: OrgOptions & { clock: C }): Promise<Org<C>>;
export function createOrg(options: OrgOptions): Promise<Org<Clock>>;
export async function createOrg(options: OrgOptions = {}): Promise<Org<Clock> | Org<AdjustableClock>> {
  const { startOrg } = await import('./org.js').catch(explainMissingPeer);
  return startOrg(options);
}

function explainMissingPeer(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = PEERS.find((name) => code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`));
  if (missing === undefined) throw error;
  throw new Error(
    `The local Okta org needs the package "${missing}", which is not installed. Install what it needs: npm install --save-dev ${PEERS.join(' ')}`,
    { cause: error },
  );
}
