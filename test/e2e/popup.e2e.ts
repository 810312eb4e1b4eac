import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { openBrowser } from '../support/pages/browser.js';
import { closeContexts } from '../support/pages/close-contexts.js';
import { ada, alan, startSite, type Site } from './popup-site.js';
import { enterPassword, settled, storedTokens } from './support/shop-fixture.js';
import { startOktaSession } from './support/okta-session.js';

const DISCOVERY = '**/.well-known/openid-configuration';

describe('sign-in in a popup', () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    site = await startSite();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    site.config = {};
    site.signin = {};
    site.frame = {};
    site.headers = {};
    site.org.faults.clear();
    context = await browser.newContext();
    context.setDefaultTimeout(15_000);
  });
  afterEach(() => closeContexts([context]));

  /** Opens a page of the site in a new tab. */
  async function visit(path = '/'): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(`the page threw: ${error.message}`));
    await page.goto(site.origin + path);
    return page;
  }

  const signin = (page: Page) => page.locator('okta-signin');
  const button = (page: Page) => signin(page).getByRole('button');
  const secret = (page: Page) => page.locator('#secret', { hasText: ada.name });
  const failure = (page: Page, text: string | RegExp) => signin(page).getByRole('alert').filter({ hasText: text });

  async function clickForPopup(page: Page): Promise<Page> {
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    popup.on('pageerror', (error) => assert.fail(`the popup threw: ${error.message}`));
    return popup;
  }

  /** Clicks, and waits for the sign-in form of Okta. */
  async function openForm(page: Page): Promise<Page> {
    const popup = await clickForPopup(page);
    await popup.locator('input[name=identifier]').waitFor();
    await settled(popup);
    return popup;
  }

  /** Clicks, and waits until the popup is at Okta. A bare page stands in for the form, which takes long to load. */
  async function openPopup(page: Page): Promise<Page> {
    site.org.faults.set('authorize', { status: 200, body: 'html', times: 1 });
    const popup = await clickForPopup(page);
    await popup.waitForURL(/\/v1\/authorize/);
    return popup;
  }

  /** Signs in at Okta, and waits until the popup has closed itself. */
  async function finish(popup: Page): Promise<void> {
    await startOktaSession(context, site.org, ada);
    await Promise.all([closed(popup), popup.reload().catch(() => undefined)]);
  }

  async function closed(popup: Page): Promise<void> {
    if (!popup.isClosed()) await popup.waitForEvent('close');
  }

  /** Holds the requests for the metadata of the provider. @returns what lets them go on */
  async function holdDiscovery(): Promise<() => void> {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    await context.route(DISCOVERY, async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    return release;
  }

  /** Keys of pending sign-ins in the storage of the tab. */
  function transactions(page: Page): Promise<string[]> {
    return page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('transaction')));
  }

  describe('that succeeds', () => {
    it('leaves the page as it was', async () => {
      const page = await visit('/?box=7#top');
      await page.locator('#note').fill('two boxes, please');
      await page.evaluate(() => {
        document.addEventListener('okta-signin-success', (event) => {
          document.title = `${(event.target as Element).localName}: ${event.user.name as string}`;
        });
      });
      const popup = await openForm(page);
      assert.equal(await signin(page).getAttribute('state'), 'starting');
      await Promise.all([closed(popup), enterPassword(popup, ada)]);
      await secret(page).waitFor();
      assert.equal(await page.locator('#note').inputValue(), 'two boxes, please');
      assert.equal(page.url(), `${site.origin}/?box=7#top`);
      assert.equal(await page.title(), `okta-signin: ${ada.name}`);
      assert.deepEqual(await transactions(page), []);
      assert.equal(await page.locator('iframe').count(), 0);
    });

    it('does not render the site in the popup after the redirect callback', async () => {
      await context.addInitScript(() => {
        document.addEventListener('okta-state-change', (event) => {
          const { state } = event as Event & { state: { status: string } };
          localStorage.setItem('seen', `${localStorage.getItem('seen') ?? ''}${location.pathname} ${state.status};`);
        });
      });
      const page = await visit();
      await finish(await openPopup(page));
      await secret(page).waitFor();
      const seen = await page.evaluate(() => localStorage.getItem('seen'));
      assert.deepEqual(
        seen!.split(';').filter((entry) => entry.startsWith('/callback')),
        ['/callback signing-in'],
      );
    });

    it('goes to return-to', async () => {
      site.signin = { 'return-to': '/?members#boxes' };
      const page = await visit();
      await finish(await openPopup(page));
      await page.waitForURL(`${site.origin}/?members#boxes`);
      await secret(page).waitFor();
    });

    for (const storage of ['session', 'memory']) {
      it(`works with storage="${storage}"`, async () => {
        site.config = { storage };
        const page = await visit();
        await finish(await openPopup(page));
        await secret(page).waitFor();
      });
    }

    it('needs no password while the session at Okta lasts', async () => {
      await startOktaSession(context, site.org, ada);
      const page = await visit();
      const popup = await clickForPopup(page);
      await secret(page).waitFor();
      await closed(popup);
    });

    it('shows a message in the popup until Okta answers', async () => {
      const release = await holdDiscovery();
      await startOktaSession(context, site.org, ada);
      const page = await visit();
      const popup = await clickForPopup(page);
      await popup.getByText('One moment').waitFor();
      release();
      await secret(page).waitFor();
      await closed(popup);
    });

    it('opens one popup, however often the button is clicked', async () => {
      const page = await visit();
      const popup = await openPopup(page);
      assert.equal(await button(page).isEnabled(), true);
      await button(page).dblclick();
      assert.equal(context.pages().length, 2);
      await finish(popup);
      await secret(page).waitFor();
    });

    it('opens one popup for each page', async () => {
      const pages = [await visit(), await visit()];
      const popups = [];
      for (const page of pages) popups.push(await openPopup(page));
      await finish(popups[1]!);
      await secret(pages[1]!).waitFor();
      assert.equal(popups[0]!.isClosed(), false);
      await popups[0]!.close();
      await secret(pages[0]!).waitFor();
      assert.equal(await failure(pages[0]!, '').count(), 0, 'no error for a user who signed in elsewhere meanwhile');
    });
  });

  describe('under the strictest content security policy for hosted sign-in', () => {
    it('violates no directive', async () => {
      site.headers = {
        'Content-Security-Policy': [
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'",
          `connect-src ${site.org.origin}; frame-ancestors 'none'`,
          "require-trusted-types-for 'script'; trusted-types 'none'",
        ].join('; '),
      };
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
          localStorage.setItem('violation', `${violatedDirective} ${blockedURI}`);
        });
      });
      const page = await visit();
      await finish(await openPopup(page));
      await secret(page).waitFor();
      assert.equal(await page.evaluate(() => localStorage.getItem('violation')), null);
    });
  });

  describe('the authorization code', () => {
    /** Delays messages of the popup. There is no broadcast channel as a second way. */
    async function delayMessages(milliseconds: number): Promise<void> {
      await context.addInitScript((delay) => {
        BroadcastChannel.prototype.postMessage = () => {};
        if (window.opener) return;
        window.addEventListener(
          'message',
          (event) => {
            if (!event.isTrusted) return;
            event.stopImmediatePropagation();
            const { data, origin, source } = event as MessageEvent<unknown>;
            setTimeout(() => {
              window.dispatchEvent(new MessageEvent('message', { data, origin, source }));
              document.documentElement.dataset.delivered = String(origin);
            }, delay);
          },
          true,
        );
      }, milliseconds);
    }

    for (const [what, delay] of [
      ['the page answers in time', 0],
      ['the page answers too late', 800],
    ] as const) {
      it(`is exchanged once when ${what}`, async () => {
        await delayMessages(delay);
        const page = await visit();
        const popup = await openPopup(page);
        const exchanges = site.exchanges;
        await finish(popup);
        await secret(page).waitFor();
        // A second exchange would follow the message, before this request.
        await page.locator('html[data-delivered]').waitFor();
        await page.evaluate(() => fetch('/api'));
        assert.equal(site.exchanges - exchanges, 1);
        assert.equal(await failure(page, '').count(), 0);
        assert.equal(await signin(page).getAttribute('state'), 'signed-in');
      });
    }
  });

  describe('that the browser blocks', () => {
    it('fails at once, and the next click redirects', async () => {
      await context.addInitScript(() => (window.open = () => null));
      const page = await visit('/?box=7');
      const code = page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            document.addEventListener('okta-error', (event) => resolve(event.code), { once: true });
          }),
      );
      await button(page).click();
      assert.equal(await code, 'popup_blocked');
      await failure(page, 'blocked').waitFor();
      await startOktaSession(context, site.org, ada);
      const redirected = page.waitForRequest(/\/v1\/authorize/);
      await button(page).click();
      assert.equal((await redirected).isNavigationRequest(), true);
      await secret(page).waitFor();
      assert.equal(page.url(), `${site.origin}/?box=7`);
    });

    it('fails when the browser would replace the page with it', async () => {
      await context.addInitScript(() => (window.open = () => window));
      const page = await visit();
      await button(page).click();
      await failure(page, 'blocked').waitFor();
      assert.equal(page.url(), `${site.origin}/`);
    });
  });

  describe('from a page in a frame of another site', () => {
    /** Opens the site in a frame of a page on another host. */
    async function visitInFrame(): Promise<{ page: Page; frame: FrameLocator }> {
      const page = await context.newPage();
      await page.goto(`${site.origin.replace('//localhost', '//frames.localhost')}/framed`);
      return { page, frame: page.frameLocator('iframe') };
    }

    beforeEach(() => {
      site.signin = { display: 'redirect' };
    });

    const windows = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox';
    const frames: Record<string, Record<string, string>> = { 'no sandbox': {}, [windows]: { sandbox: windows } };
    for (const [what, attributes] of Object.entries(frames)) {
      it(`signs in in a window, since Okta refuses frames, with ${what}`, async () => {
        site.frame = attributes;
        const { page, frame } = await visitInFrame();
        const [popup] = await Promise.all([
          page.waitForEvent('popup'),
          frame.getByRole('button', { name: 'Sign in' }).click(),
        ]);
        await popup.locator('input[name=identifier]').waitFor();
        await settled(popup);
        await Promise.all([closed(popup), enterPassword(popup, ada)]);
        await frame.locator('#secret', { hasText: ada.name }).waitFor();
      });
    }

    it('fails where the frame allows no windows, and the user can retry', async () => {
      site.frame = { sandbox: 'allow-scripts allow-same-origin' };
      const { page, frame } = await visitInFrame();
      const reported = page.waitForEvent('console', { predicate: (line) => line.text().includes('(popup_blocked)') });
      await frame.getByRole('button', { name: 'Sign in' }).click();
      await frame.locator('okta-signin').getByRole('alert').filter({ hasText: 'blocked' }).waitFor();
      assert.match(
        (await reported).text(),
        /add allow-popups and allow-popups-to-escape-sandbox to the sandbox attribute/,
      );
      await frame.getByRole('button', { name: 'Sign in' }).click();
      await frame.locator('okta-signin[state=error]').waitFor();
    });

    it('waits for a click in place of starting by itself', async () => {
      site.signin = { display: 'redirect', auto: '' };
      const { page, frame } = await visitInFrame();
      await frame.locator('okta-signin[state=error]').waitFor();
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        frame.getByRole('button', { name: 'Sign in' }).click(),
      ]);
      await popup.waitForURL(/\/v1\/authorize|\/signin/);
    });
  });

  describe('whose popup the user closes', () => {
    /** Closes the popup. @returns milliseconds until the page reports it */
    async function closeAndMeasure(page: Page, popup: Page): Promise<number> {
      const noticed = page.evaluate(
        () =>
          new Promise<[code: string, at: number]>((resolve) => {
            document.addEventListener('okta-error', ({ code }) => resolve([code, Date.now()]), { once: true });
          }),
      );
      const start = Date.now();
      await popup.close();
      const [code, at] = await noticed;
      assert.equal(code, 'popup_closed');
      await failure(page, 'closed').waitFor();
      return at - start;
    }

    it('fails within one second, and the user can retry', async () => {
      const page = await visit();
      assert.ok((await closeAndMeasure(page, await openPopup(page))) < 1000);
      assert.equal(await signin(page).getAttribute('state'), 'error');
      assert.equal(await page.locator('#public').isVisible(), true);
      assert.equal(await storedTokens(page), 0);
      await finish(await openPopup(page));
      await secret(page).waitFor();
    });

    it('fails before Okta has answered, too', async () => {
      const release = await holdDiscovery();
      const page = await visit();
      const popup = await clickForPopup(page);
      await popup.getByText('One moment').waitFor();
      assert.ok((await closeAndMeasure(page, popup)) < 1000);
      release();
    });

    it('fails after the popup went to another page', async () => {
      const page = await visit();
      const popup = await openPopup(page);
      await popup.goto(`${site.origin}/?elsewhere`);
      await button(popup).waitFor();
      assert.equal(await signin(popup).getAttribute('state'), 'idle');
      assert.ok((await closeAndMeasure(page, popup)) < 1000);
    });
  });

  describe('that fails', () => {
    it('shows the error of Okta in the page, and stores nothing', async () => {
      const page = await visit();
      await startOktaSession(context, site.org, alan);
      await closed(await clickForPopup(page));
      await failure(page, 'don’t have access').waitFor();
      assert.equal(await storedTokens(page), 0);
      // The user still has a session at Okta. A retry asks for the password all the same.
      const popup = await clickForPopup(page);
      await popup.locator('input[name="credentials.passcode"]').waitFor();
    });

    it('closes the popup when Okta does not answer', async () => {
      site.org.faults.set('discovery', { status: 503 });
      const page = await visit();
      const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
      await failure(page, 'isn’t available').waitFor();
      await closed(popup);
    });

    it('closes the popup when Okta rejects the code', async () => {
      site.org.faults.set('token', { status: 500, times: 1 });
      const page = await visit();
      await finish(await openPopup(page));
      await failure(page, 'isn’t available').waitFor();
      assert.equal(await storedTokens(page), 0);
    });
  });

  describe('that takes longer than popup-timeout', () => {
    it('fails, and signs in when the user finishes it all the same', async () => {
      site.config = { 'popup-timeout': '1000' };
      const page = await visit();
      const popup = await openPopup(page);
      await failure(page, 'taking too long').waitFor();
      assert.equal(popup.isClosed(), false);
      await finish(popup);
      await secret(page).waitFor();
    });

    it('makes room for the next popup', async () => {
      site.config = { 'popup-timeout': '1000' };
      const page = await visit();
      const popup = await openPopup(page);
      await failure(page, 'taking too long').waitFor();
      site.org.faults.set('authorize', { hang: true });
      await button(page).click();
      await closed(popup);
    });

    it('closes the popup where its tokens would be lost', async () => {
      site.config = { 'popup-timeout': '1000', storage: 'memory' };
      const page = await visit();
      const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
      await closed(popup);
      await failure(page, 'taking too long').waitFor();
    });
  });

  describe('whose page is reloaded while the popup is open', () => {
    it('signs in the reloaded page', async () => {
      const page = await visit();
      const popup = await openPopup(page);
      await page.reload();
      await button(page).waitFor();
      await finish(popup);
      await secret(page).waitFor();
    });

    it('closes the popup where its tokens would be lost', async () => {
      site.config = { storage: 'session' };
      const page = await visit();
      const popup = await openPopup(page);
      await page.reload();
      await closed(popup);
    });
  });

  describe('with a forged answer', () => {
    /** A message that the page would accept from its popup. */
    const forge = (state: string) => ({ state, word: 'answer', answer: `?code=forged&state=${state}` });
    const noteErrors = (page: Page) =>
      page.evaluate(() => {
        document.addEventListener('okta-error', ({ code }) =>
          document.documentElement.setAttribute('data-error', code),
        );
      });

    /** An accepted forgery would end the sign-in, so the real answer would then come too late. */
    async function assertRejected(page: Page, exchanges: number): Promise<void> {
      await secret(page).waitFor();
      assert.equal(site.exchanges - exchanges, 1, 'only the real code is exchanged');
      assert.equal(await page.locator('html').getAttribute('data-error'), null);
    }

    const stateOf = (popup: Page) => new URL(popup.url()).searchParams.get('state')!;

    it('rejects an answer from another origin', async () => {
      const page = await visit();
      const { exchanges } = site;
      const popup = await openPopup(page);
      await noteErrors(page);
      await popup.evaluate((message) => (window.opener as Window).postMessage(message, '*'), forge(stateOf(popup)));
      await finish(popup);
      await assertRejected(page, exchanges);
    });

    it('rejects an answer from another window', async () => {
      const page = await visit();
      const { exchanges } = site;
      const popup = await openPopup(page);
      await noteErrors(page);
      const message = forge(stateOf(popup));
      await page.evaluate((forged) => window.postMessage(forged, '*'), message);
      await page.evaluate((forged) => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        frame.contentWindow!.setTimeout(`parent.postMessage(${JSON.stringify(forged)}, '*')`);
      }, message);
      await finish(popup);
      await assertRejected(page, exchanges);
    });

    it('rejects an answer with another state, and malformed answers', async () => {
      const page = await visit();
      const { exchanges } = site;
      const popup = await openPopup(page);
      await noteErrors(page);
      const state = stateOf(popup);
      const other = state.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      const address = popup.url();
      await popup.goto(`${site.origin}/okta-elements/integrity.json`);
      const messages = [
        forge(other),
        { ...forge(other), state },
        { ...forge(state), state: other },
        { ...forge(state), answer: 7 },
        null,
        'answer',
        [],
      ];
      await popup.evaluate((all) => {
        for (const message of all) (window.opener as Window).postMessage(message, '*');
      }, messages);
      await startOktaSession(context, site.org, ada);
      await Promise.all([closed(popup), popup.goto(address).catch(() => undefined)]);
      await assertRejected(page, exchanges);
    });

    it('renders the page when the answer is opened as a link', async () => {
      const state = `okta-elements.popup.${'0'.repeat(64)}`;
      const page = await visit(`/callback?from=okta&code=forged&state=${state}`);
      await failure(page, 'couldn’t finish').waitFor();
      assert.equal(await storedTokens(page), 0);
      assert.equal(new URL(page.url()).search, '?from=okta');
    });
  });
});
