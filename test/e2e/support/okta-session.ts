import assert from 'node:assert/strict';
import type { BrowserContext } from 'playwright-core';
import type { Org } from '../../../src/org/index.js';
import { App, stateTokenOf } from '../../org/support/app.js';

/** Cookies of a session at the org. */
const COOKIES = ['idx', 'idx.sig'];

/** Signs a user in at the org with a password over HTTP. @returns cookies of the session, each with its URL */
export async function oktaSessionCookies(
  org: Org,
  { login, password }: { login: string; password: string },
  origin = org.origin,
): Promise<{ name: string; value: string; url: string }[]> {
  const app = new App(org, origin);
  const [client] = org.config.clients;
  const page = await app.authorize({ client_id: client!.id, redirect_uri: client!.redirectUris[0] });
  const { stateHandle } = await app.idx('introspect', { stateToken: stateTokenOf(page) });
  const { success } = await app.idx('identify', {
    stateHandle,
    identifier: login,
    credentials: { passcode: password },
  });
  assert.ok(success, `${login} signs in with a password alone`);
  let answer = await app.agent.get(success.href as string);
  while (answer.location.startsWith(origin)) answer = await app.agent.get(answer.location);
  return COOKIES.map((name) => ({ name, value: app.agent.cookie(origin, name)!.value, url: origin }));
}

/**
 * Gives a browser context a new session at the org, without loading a page.
 *
 * @param origin origin of the org. Default: the one without a custom domain
 */
export async function startOktaSession(
  context: BrowserContext,
  org: Org,
  user: { login: string; password: string },
  origin = org.origin,
): Promise<void> {
  await context.addCookies(await oktaSessionCookies(org, user, origin));
}
