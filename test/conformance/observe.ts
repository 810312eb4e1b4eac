import type { Page } from 'playwright-core';
import type { Module } from './modules.js';
import type { Party } from './parties.js';
import type { HostileProvider } from './provider.js';
import type { ConformanceFixture } from './fixture.js';
import { closeContexts } from '../support/pages/close-contexts.js';
import { RequestWatch } from '../support/tables/request-watch.js';

/** What a page did in a module. */
export interface Observation {
  /** Whether guarded content is shown at the end. */
  readonly signedIn: boolean;
  /** The error that the page shows; empty when there is none. */
  readonly error: string;
  /** The answer to the last userinfo request or renewal. */
  readonly answer: string;
  /** Whether a token of the provider is in the browser's storage. */
  readonly keepsToken: boolean;
  /** Whether the browser ended at another address than the page's. */
  readonly stranded: boolean;
  readonly provider: HostileProvider;
}

/** How long a page may take over a step. Far longer than it takes, also on a busy machine. */
const WAIT_LIMIT_MS = 60_000;

/** Runs a module with a page of that party, in a browser profile of its own. */
export async function observe(fixture: ConformanceFixture, party: Party, module: Module): Promise<Observation> {
  const { provider, address } = fixture.set(party, module.lies);
  const context = await fixture.browser.newContext();
  try {
    const page = await context.newPage();
    const requests = new RequestWatch(page);
    page.setDefaultTimeout(WAIT_LIMIT_MS);
    await page.goto(address);
    let signedIn = await signIn(page, party);
    if (signedIn && module.steps === 'signs in twice') {
      // The browser goes to the provider and back.
      await Promise.all([page.waitForEvent('load'), page.locator(party.signOut).click()]);
      signedIn = await signIn(page, party);
    }
    const ask = module.steps === 'signs in and renews' ? '#renew' : '#userinfo';
    if (signedIn) {
      await page.locator(ask).click();
      await page
        .locator('#answer:not(:empty)')
        .waitFor()
        .catch(() => {});
    }
    await requests.settles(WAIT_LIMIT_MS);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    return {
      signedIn: await page.locator('#secret').isVisible(),
      error: await textOf(page, '#error'),
      answer: await textOf(page, '#answer'),
      // In clear, or encrypted in a session of this package.
      keepsToken: provider.issued.some((token) => kept.includes(token)) || kept.includes('\\"tokenType\\"'),
      stranded: page.url() !== address,
      provider,
    };
  } finally {
    await closeContexts([context]);
  }
}

/** Signs in and waits for an outcome. @returns whether guarded content is shown */
async function signIn(page: Page, party: Party): Promise<boolean> {
  const deadEnd = page
    .waitForResponse((response) => response.request().isNavigationRequest() && response.status() >= 400)
    .then((response) => response.finished());
  await page.locator(party.signIn).click();
  const outcome = page.locator('#secret:visible, #error:not(:empty)').first();
  // A page that shows nothing at all is an outcome, too.
  await Promise.race([outcome.waitFor(), deadEnd]).catch(() => {});
  deadEnd.catch(() => {});
  return page.locator('#secret').isVisible();
}

async function textOf(page: Page, selector: string): Promise<string> {
  const element = page.locator(selector);
  return (await element.count()) === 0 ? '' : ((await element.textContent()) ?? '');
}
