import { OktaClient } from '../../../src/session/client.js';
import { parseConfig, type ConfigInput } from '../../../src/session/config.js';
import type { SessionStatus } from '../../../src/session/state.js';
import type { Tab } from './fake-browser.js';
import type { Provider } from './provider.js';

/** A page of the shop in a tab, with its client started. */
export interface Page {
  readonly client: OktaClient;
  readonly tab: Tab;
  /** Where its session events are dispatched. */
  readonly target: EventTarget;
  /** Types of the events so far. */
  readonly events: string[];
  /** Every status so far. */
  readonly statuses: SessionStatus[];
}

const types = [
  'okta-ready',
  'okta-signin-success',
  'okta-callback-complete',
  'okta-session-expired',
  'okta-signout-complete',
  'okta-error',
];

export const shop = 'https://shop.example';

export interface PageOptions extends ConfigInput {
  /** Called before the client starts. */
  prepare?: (page: Page) => void;
}

/** Loads a page and starts its client, as the registry does. */
export function loadPage(
  tab: Tab,
  provider: Pick<Provider, 'issuer' | 'clientId'>,
  href = tab.href,
  options: PageOptions = {},
): Page {
  const { prepare, ...settings } = options;
  const environment = tab.load(href);
  const target = new EventTarget();
  const config = parseConfig({ issuer: provider.issuer, clientId: provider.clientId, ...settings }, href);
  const page: Page = { client: new OktaClient(config, environment, target), tab, target, events: [], statuses: [] };
  for (const type of types) target.addEventListener(type, () => page.events.push(type));
  page.client.subscribe(({ status }) => page.statuses.push(status));
  prepare?.(page);
  page.client.start();
  return page;
}

/** Far longer than anything takes, also on a busy machine. */
const UNTIL_LIMIT_MS = 120_000;

/** Waits until something is so, in real time but without the test's clock moving; fails when it does not come about. */
export async function until(condition: () => unknown, what = condition.toString()): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > UNTIL_LIMIT_MS) throw new Error(`It never came about: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Gives whatever is under way the time to do what it should not do. */
export async function idle(milliseconds = 20): Promise<void> {
  const start = performance.now();
  let past = false;
  await until(() => {
    const enough = past;
    past = performance.now() - start > milliseconds;
    return enough;
  });
}

/** Signs in by redirect and comes back. @returns the page that the provider sent the browser to */
export async function signInHosted(page: Page, provider: Provider, options: PageOptions = {}): Promise<Page> {
  await page.client.signIn();
  const [departure] = page.tab.departures;
  const back = loadPage(page.tab, provider, provider.authorize(departure!), options);
  await until(() => back.client.state.status === 'signed-in' || back.tab.departures.length);
  return back;
}

/** Signs in as the widget does, without leaving the page, and waits for what a page loads then. */
export async function signInEmbedded({ client }: Page, provider: Provider): Promise<void> {
  const transaction = await client.beginEmbedded();
  await client.completeEmbedded(transaction.state, provider.interact(transaction));
  await import('../../../src/session/upkeep.js');
  await new Promise((resolve) => setImmediate(resolve));
}
