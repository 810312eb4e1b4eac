import { parseConfig } from '../../../src/session/config.js';
import type { Environment } from '../../../src/session/environment.js';
import { LiveSession } from '../../../src/session/live-session.js';
import { unseal } from '../../../src/session/sealing.js';
import type { StoredTokens } from '../../../src/session/token-store.js';
import { shop, type PageOptions } from './page.js';

/** Decrypts the tokens that a browser keeps, as a page that is loaded now does. */
export async function storedTokens(
  environment: Environment,
  { issuer, clientId }: { issuer: string; clientId: string },
  settings: PageOptions = {},
): Promise<StoredTokens> {
  const config = parseConfig({ issuer, clientId, ...settings }, `${shop}/`);
  const session = new LiveSession(config, environment, new EventTarget());
  return (await unseal(session, session.store.read()!))!;
}
