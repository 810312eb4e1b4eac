import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from 'playwright-core';
import { mountFixture, PASSWORD, verifier, WIDGET } from './support/mount-fixture.js';

describe('mountWidget', () => {
  const at = mountFixture();
  const { begin, heard, open, outcome, remove, show, signIn, transaction } = at;

  describe('when the user signs in', () => {
    it('resolves with a code for our transaction, and keeps no token in the page', async () => {
      await open();
      await show();
      await signIn(PASSWORD);
      const { interactionCode = '', state } = await outcome();
      assert.equal(state, 'state-of-the-session');
      const stored = await at.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.doesNotMatch(stored, /eyJ|_token"/);
      assert.doesNotMatch(stored, new RegExp(PASSWORD));
      const response = await fetch(`${at.org.issuer}/v1/token`, {
        method: 'POST',
        headers: { Origin: at.app.origin },
        body: new URLSearchParams({
          grant_type: 'interaction_code',
          client_id: 'shop',
          redirect_uri: `${at.app.origin}/`,
          interaction_code: interactionCode,
          code_verifier: verifier,
        }),
      });
      const tokens = (await response.json()) as { id_token: string };
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as object;
      assert.deepEqual({ ...claims, nonce: 'nonce-of-the-session', email: 'ada@example.com' }, claims);
    });

    it('shows a wrong password as such and goes on with the right one', async () => {
      await open();
      await show();
      assert.deepEqual(await heard(), ['ready', 'render identify']);
      await signIn('wrong');
      await at.page.waitForSelector(`${WIDGET} .o-form-has-errors .infobox-error`);
      assert.match((await heard()).join(), /^error widget_failed Unable to sign in/);
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('leaves what Okta answers in the end for the user to read', async () => {
      await open();
      at.org.faults.set('idx', {
        status: 403,
        body: JSON.stringify({
          version: '1.0.0',
          messages: { type: 'array', value: [{ message: 'You may not.', class: 'ERROR', i18n: { key: 'no' } }] },
        }),
      });
      await begin();
      await at.page.getByText('You may not.').waitFor();
      assert.match((await heard()).join(), /render terminal/);
      assert.equal((await remove()).error?.name, 'AbortError');
    });
  });

  describe('when it is removed', () => {
    it('rejects with an AbortError, and can be shown again at once', async () => {
      await open();
      await show();
      assert.equal((await remove()).error?.name, 'AbortError');
      await show();
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('leaves the document as it was and sends no further request, at any moment', async () => {
      await at.openWithClock();
      // The first time loads code; what a browser keeps of that is not the widget's.
      await show();
      await remove();
      const text = () => at.page.evaluate(() => document.documentElement.outerHTML);
      const before = await text();
      const moments = {
        'at once': async () => {},
        'while the form is on its way': async () => void (await at.page.waitForRequest(/introspect/)),
        'when the form is there': () => at.page.locator(`${WIDGET} [name=identifier]`).fill('ada@example.com'),
      };
      for (const [moment, reached] of Object.entries(moments)) {
        if (moment === 'while the form is on its way') at.org.faults.set('idx', { delayMs: 300 });
        await Promise.all([reached(), begin()]);
        await remove();
        at.org.faults.clear();
        const asked: string[] = [];
        const note = (request: Request) => asked.push(request.url());
        at.page.on('request', note);
        // Whatever it has put off happens now.
        await at.page.clock.runFor(30_000);
        at.page.off('request', note);
        assert.equal(await text(), before, moment);
        assert.deepEqual(asked, [], moment);
      }
    });
  });

  describe('when it cannot be shown', () => {
    it('says that its files did not load, and tries again next time', async () => {
      await open();
      at.app.missing.add('/widget/css/okta-sign-in.css');
      await begin();
      assert.equal((await outcome()).error?.code, 'widget_load_failed');
      assert.equal(await at.page.locator('link[href*="okta-sign-in"]').count(), 0);
      at.app.missing.clear();
      await show();
    });

    it('says what Okta says when it refuses the sign-in, and takes the form away', async () => {
      await open();
      await begin({ transaction: { ...transaction(), redirectUri: 'https://elsewhere.example/' } });
      const { error } = await outcome();
      assert.equal(error?.code, 'widget_failed');
      assert.match(error?.message ?? '', /redirect_uri/i);
      assert.deepEqual(await heard(), []);
      assert.equal(await at.page.locator(WIDGET).count(), 0);
    });

    it('says what to check when Okta does not answer', async () => {
      await open();
      at.org.faults.set('interact', { cors: false });
      await begin();
      const { error } = await outcome();
      assert.equal(error?.code, 'widget_failed');
      assert.match(error?.message ?? '', /Trusted Origins/);
    });

    it('says when a setting is not one of the widget’s', async () => {
      await open();
      await begin({ widgetOptions: { i18n: { en: 'not an object' } } });
      assert.equal((await outcome()).error?.code, 'widget_failed');
    });
  });
});
