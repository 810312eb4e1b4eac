import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  app,
  begin,
  heard,
  open,
  org,
  outcome,
  page,
  PASSWORD,
  remove,
  show,
  signIn,
  transaction,
  verifier,
  WIDGET,
} from './support/harness.js';

describe('mountWidget', () => {
  describe('when the user signs in', () => {
    it('resolves with a code for our transaction, which our verifier exchanges for tokens with our nonce', async () => {
      await open();
      await show();
      await signIn(PASSWORD);
      const { interactionCode = '', state } = await outcome();
      assert.equal(state, 'state-of-the-session');
      const response = await fetch(`${org.issuer}/v1/token`, {
        method: 'POST',
        headers: { Origin: app.origin },
        body: new URLSearchParams({
          grant_type: 'interaction_code',
          client_id: 'shop',
          redirect_uri: `${app.origin}/`,
          interaction_code: interactionCode,
          code_verifier: verifier,
        }),
      });
      const tokens = (await response.json()) as { id_token: string };
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as object;
      assert.deepEqual({ ...claims, nonce: 'nonce-of-the-session', email: 'ada@example.com' }, claims);
    });

    it('has kept no token in the page', async () => {
      await open();
      await show();
      await signIn(PASSWORD);
      await outcome();
      const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.doesNotMatch(stored, /eyJ|_token"/);
      assert.doesNotMatch(stored, new RegExp(PASSWORD));
    });

    it('shows a wrong password as such and goes on with the right one', async () => {
      await open();
      await show();
      assert.deepEqual(await heard(), ['ready', 'render identify']);
      await signIn('wrong');
      await page.waitForSelector(`${WIDGET} .o-form-has-errors .infobox-error`);
      assert.match((await heard()).join(), /^error widget_failed Unable to sign in/);
      await page.waitForTimeout(400);
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('leaves what Okta answers in the end for the user to read', async () => {
      await open();
      org.faults.set('idx', {
        status: 403,
        body: JSON.stringify({
          version: '1.0.0',
          messages: { type: 'array', value: [{ message: 'You may not.', class: 'ERROR', i18n: { key: 'no' } }] },
        }),
      });
      await begin();
      await page.getByText('You may not.').waitFor();
      assert.match((await heard()).join(), /render terminal/);
      assert.equal((await remove()).error?.name, 'AbortError');
    });
  });

  describe('when it is removed', () => {
    it('rejects with an AbortError', async () => {
      await open();
      await show();
      assert.equal((await remove()).error?.name, 'AbortError');
    });

    for (const moment of ['at once', 'while the form is on its way', 'when the form is there'] as const) {
      it(`leaves the document as it was: ${moment}`, async () => {
        await open();
        // The first time loads code; what a browser keeps of that is not the widget's.
        await show();
        await remove();
        const before = await page.evaluate(() => document.documentElement.outerHTML);
        if (moment === 'while the form is on its way') org.faults.set('idx', { delayMs: 300 });
        await begin();
        if (moment === 'while the form is on its way') await page.waitForRequest(/introspect/);
        if (moment === 'when the form is there') await page.waitForSelector(`${WIDGET} [name=identifier]`);
        await remove();
        await page.waitForTimeout(500);
        assert.equal(await page.evaluate(() => document.documentElement.outerHTML), before);
      });
    }

    it('leaves no listener and no node behind, however often', async () => {
      await open();
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const count = async () => {
        // The widget puts some of its clean-up off.
        await page.waitForTimeout(1000);
        await session.send('HeapProfiler.collectGarbage');
        const { metrics } = await session.send('Performance.getMetrics');
        return metrics.filter(({ name }) => name === 'Nodes' || name === 'JSEventListeners').map(({ value }) => value);
      };
      const cycle = async () => {
        await show();
        await remove();
      };
      await cycle();
      await cycle();
      const [nodes = 0, listeners = 0] = await count();
      for (let times = 0; times < 8; times += 1) await cycle();
      const [nodesAfter = 0, listenersAfter = 0] = await count();
      assert.ok(listenersAfter <= listeners, `${listenersAfter - listeners} listeners more`);
      assert.ok(nodesAfter <= nodes + 8, `${nodesAfter - nodes} nodes more`);
    });

    it('can be shown again at once', async () => {
      await open();
      await show();
      await remove();
      await show();
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('sends no further request', async () => {
      await open();
      await show();
      await page.fill(`${WIDGET} [name=identifier]`, 'ada@example.com');
      await remove();
      let requests = 0;
      page.on('request', () => (requests += 1));
      await page.waitForTimeout(500);
      assert.equal(requests, 0);
    });
  });

  describe('when it cannot be shown', () => {
    it('says that its files did not load, and tries again next time', async () => {
      await open();
      app.missing.add('/widget/css/okta-sign-in.css');
      await begin();
      assert.equal((await outcome()).error?.code, 'widget_load_failed');
      assert.equal(await page.locator('link[href*="okta-sign-in"]').count(), 0);
      app.missing.clear();
      await show();
    });

    it('says what Okta says when it refuses the sign-in, and takes the form away', async () => {
      await open();
      await begin({ transaction: { ...transaction(), redirectUri: 'https://elsewhere.example/' } });
      const { error } = await outcome();
      assert.equal(error?.code, 'widget_failed');
      assert.match(error?.message ?? '', /redirect_uri/i);
      assert.deepEqual(await heard(), []);
      assert.equal(await page.locator(WIDGET).count(), 0);
    });

    it('says what to check when Okta does not answer', async () => {
      await open();
      org.faults.set('interact', { cors: false });
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
