import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { stored } from '../e2e/support/session.js';
import { field, flowFixture, generation2, generation3, givePassword, opened, type FlowPage } from './support/flows.js';

/** Okta's answers to the first question of a sign-in, on a page: a session that it knows ends the sign-in there. */
function firstAnswers(page: Page): () => Promise<unknown> {
  const answer = page.waitForResponse((response) => /\/idp\/idx\/introspect$/.test(response.url()));
  return () => answer.then((response) => response.finished());
}

/** Fails unless the form is shown after Okta has answered, and nobody is signed in. */
async function asksAgain(page: Page, answered: () => Promise<unknown>): Promise<void> {
  await answered();
  await field(page, 'name').waitFor();
  assert.equal(await page.locator('#secret').isVisible(), false);
  assert.doesNotMatch(JSON.stringify((await stored(page)).local), /tokenType/);
}

const signOut = (page: Page) =>
  page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));

describe('after a local sign-out, while Okta still has a session', () => {
  const fixture = flowFixture();

  for (const variant of [generation2, generation3]) {
    it(`asks for the password again, also in other tabs, with ${variant.name}`, async () => {
      const ada = await fixture.somebody();
      const view: FlowPage = await fixture.visit(variant);
      const { page, profile } = view;
      await givePassword(view, ada);
      await opened(page, ada);
      const other = await fixture.open(profile, '/');
      await opened(other, ada);
      const answers = [page, other].map((each) => [each, firstAnswers(each)] as const);
      await signOut(page);
      await Promise.all(answers.map(([each, answered]) => asksAgain(each, answered)));
      await givePassword(view, ada);
      await opened(page, ada);
      await opened(other, ada);
    });
  }

  it('asks for the password again after the idle timeout', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(generation2, { config: { 'idle-timeout': '2' } });
    await givePassword(view, ada);
    await opened(view.page, ada);
    await asksAgain(view.page, firstAnswers(view.page));
  });

  it('signs in without a question on another page where the user did not sign out', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(generation2, { config: { storage: 'memory' } });
    await givePassword(view, ada);
    await opened(view.page, ada);
    await opened(await fixture.open(view.profile, '/'), ada);
  });
});
