import type { Page } from 'playwright-core';
import type { Module } from './modules.js';
import type { Party } from './parties.js';
import type { HostileProvider } from './provider.js';
import type { ConformanceFixture } from './fixture.js';
import { closeContexts } from '../support/pages/close-contexts.js';

/** What could be seen of a page that went through a module. */
export interface Observation {
  /** What is for users only is shown, at the end. */
  readonly signedIn: boolean;
  /** What the page says went wrong; empty when nothing did. */
  readonly error: string;
  /** What came of the last request for the user's claims, or for a renewal. */
  readonly answer: string;
  /** A token of the provider is in the browser's storage. */
  readonly keepsToken: boolean;
  /** The browser was left somewhere else than on the page. */
  readonly stranded: boolean;
  readonly provider: HostileProvider;
}

/** How long a page may take over a step, milliseconds. */
const WAIT_LIMIT_MS = 15_000;
/** How long it is watched afterwards, in case it goes on. */
const AFTERWARDS = 500;

/** Puts a page of that party through a module, in a browser profile of its own. */
export async function observe(fixture: ConformanceFixture, party: Party, module: Module): Promise<Observation> {
  const { provider, address } = fixture.set(party, module.lies);
  const context = await fixture.browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_LIMIT_MS);
    await page.goto(address);
    let signedIn = await signIn(page, party);
    if (signedIn && module.steps === 'signs in twice') {
      // By way of the provider, and back.
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
    await page.waitForTimeout(AFTERWARDS);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    return {
      signedIn: await page.locator('#secret').isVisible(),
      error: await textOf(page, '#error'),
      answer: await textOf(page, '#answer'),
      keepsToken: provider.issued.some((token) => kept.includes(token)),
      stranded: page.url() !== address,
      provider,
    };
  } finally {
    await closeContexts([context]);
  }
}

/** @returns whether what is for users only is shown in the end */
async function signIn(page: Page, party: Party): Promise<boolean> {
  await page.locator(party.signIn).click();
  const outcome = page.locator('#secret:visible, #error:not(:empty)').first();
  // A page that says nothing at all is an outcome, too.
  await outcome.waitFor().catch(() => {});
  return page.locator('#secret').isVisible();
}

async function textOf(page: Page, selector: string): Promise<string> {
  const element = page.locator(selector);
  return (await element.count()) === 0 ? '' : ((await element.textContent()) ?? '');
}
