import type { Page } from 'playwright-core';
import { plantable, plantIn } from '../../support/pages/planted-session.js';
import type { Case, Contender } from '../case.js';
import type { BenchFixture, State } from '../fixture.js';
import { BARE, libraries, ours } from '../pages.js';

const TABS = 20;

declare global {
  interface Window {
    /** An access token, as an API call gets it. */
    token?: () => Promise<unknown>;
  }
}

type Item = Record<string, unknown>;

/** Makes the access token one that has expired, the way each library keeps it. */
const expire: Readonly<Record<string, (item: Item, past: number) => void>> = {
  'auth-js': ({ accessToken, idToken }, past) => {
    for (const token of [accessToken, idToken]) if (token) (token as Item).expiresAt = past;
  },
  'auth0-spa-js': (item, past) => {
    if (item.body) item.expiresAt = past;
  },
  'oidc-client-ts': (item, past) => (item.expires_at = past),
};

/** Where it keeps it. */
const ITEM = /^(okta-elements:http|okta-token-storage$|@@auth0spajs@@|oidc\.user:)/;

async function expired(name: string, state: State): Promise<State> {
  const past = Math.floor(Date.now() / 1000) - 60;
  const { planted } = state;
  // The expiry is authenticated with our tokens: another one needs other encrypted tokens.
  if (planted) return { ...state, planted: await plantable(planted.items, { ...planted.opened, expiresAt: past }) };
  const origins = state.origins.map(({ origin, localStorage }) => ({
    origin,
    localStorage: localStorage.map(({ name: key, value }) => {
      if (!ITEM.test(key)) return { name: key, value };
      const item = JSON.parse(value) as Item;
      expire[name]!(item, past);
      return { name: key, value: JSON.stringify(item) };
    }),
  }));
  return { cookies: state.cookies, origins };
}

/** Whether an API call of this tab would have a token. */
async function hasToken(page: Page): Promise<boolean> {
  await page.waitForFunction(() => window.token, undefined, { polling: 100 });
  return page.evaluate(() =>
    window.token!().then(
      (token) => Boolean(token),
      () => false,
    ),
  );
}

function contender(name: string, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      const text = html(fixture);
      const state = await expired(name, await fixture.signedIn(text));
      const context = await fixture.browser.newContext({ storageState: state });
      let requests = 0;
      context.on('request', (request) => {
        if (request.postData()?.includes('grant_type=refresh_token')) requests++;
      });
      const tabs = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
      await Promise.all(tabs.map((tab) => tab.goto(fixture.origin + BARE)));
      if (state.planted) await plantIn(tabs[0]!, state.planted);
      // All are there, and wake at once.
      await Promise.all(tabs.map((tab) => tab.evaluate(() => void location.replace('/'))));
      const kept = await Promise.all(tabs.map(hasToken));
      await context.close();
      return { requests, lost: kept.filter((one) => !one).length };
    },
  };
}

const page = (fixture: BenchFixture) =>
  `${ours(fixture)}<script>window.token = async () => {
    await customElements.whenDefined('okta-config');
    return document.querySelector('okta-config').client.getAccessToken();
  };</script>`;

const { 'keycloak-js': _, ...others } = libraries;

/** A browser that opens yesterday's tabs. */
export const storm: Case = {
  name: 'renewal-storm',
  title: `${TABS} tabs of one browser begin at once, each wanting a token for its API, and what is stored has expired`,
  figures: [
    { name: 'requests', unit: 'requests', bound: { ours: 1 } },
    { name: 'lost', unit: 'tabs', bound: { ours: 0 } },
  ],
  ours: contender('okta-elements', page),
  peers: Object.entries(others).map(([name, html]) => contender(name, html)),
  absent: [
    '`requests` are those for tokens, `lost` the tabs that had none in the end.',
    'keycloak-js stores no tokens: each page goes to the provider for them.',
  ],
  rounds: 1,
};
