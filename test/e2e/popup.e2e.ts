import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { closeContexts } from '../support/pages/close-contexts.js';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { ada, alan, startSite, type Site } from './popup-site.js';
import { enterPassword, settled, storedTokens } from './stage.js';

let site: Site;
let browser: Browser;
let context: BrowserContext;

before(async () => {
  site = await startSite();
  browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: chromiumArguments });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  site.config = {};
  site.signin = {};
  site.headers = {};
  site.org.faults.clear();
  if (context) await closeContexts([context]);
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
});

/** A page of the site, in a tab of a browser nobody has used yet. */
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

/** Clicks, and waits until Okta's form is there. */
async function openPopup(page: Page): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
  popup.on('pageerror', (error) => assert.fail(`the popup threw: ${error.message}`));
  await showsForm(popup);
  return popup;
}

async function showsForm(popup: Page): Promise<void> {
  await popup.locator('input[name=identifier]').waitFor();
  await settled(popup);
}

/** Types the password, and waits until the window has closed itself. */
async function finish(popup: Page, user = ada): Promise<void> {
  await Promise.all([closed(popup), enterPassword(popup, user)]);
}

async function closed(popup: Page): Promise<void> {
  if (!popup.isClosed()) await popup.waitForEvent('close');
}

/** Whatever a sign-in may leave in the storage of a tab. */
function transactions(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('transaction')));
}

describe('a sign-in in a popup', () => {
  it('leaves the page as it was, but for who is signed in', async () => {
    const page = await visit('/?box=7#top');
    await page.locator('#note').fill('two boxes, please');
    await page.evaluate(() => {
      document.addEventListener('okta-signin-success', (event) => {
        document.title = `${(event.target as Element).localName}: ${event.user.name as string}`;
      });
    });
    const popup = await openPopup(page);
    assert.equal(await signin(page).getAttribute('state'), 'starting');
    await finish(popup);
    await secret(page).waitFor();
    assert.equal(await page.locator('#note').inputValue(), 'two boxes, please');
    assert.equal(page.url(), `${site.origin}/?box=7#top`);
    assert.equal(await page.title(), `okta-signin: ${ada.name}`);
    assert.deepEqual(await transactions(page), []);
    assert.equal(await page.locator('iframe').count(), 0);
  });

  it('shows nothing of the site in the popup when that comes back', async () => {
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

  it('goes to return-to afterwards', async () => {
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

  it('goes straight through while the session at Okta lasts', async () => {
    const first = await visit();
    await finish(await openPopup(first));
    await secret(first).waitFor();
    await first.evaluate(() => localStorage.clear());
    const page = await visit();
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await secret(page).waitFor();
    await closed(popup);
  });

  it('shows that something is going on before Okta answers', async () => {
    site.org.faults.set('discovery', { delayMs: 4000, times: 1 });
    const page = await visit();
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await popup.getByText('One moment').waitFor();
    await showsForm(popup);
    await finish(popup);
    await secret(page).waitFor();
  });

  it('is one, however often the button is pressed', async () => {
    const page = await visit();
    const popup = await openPopup(page);
    assert.equal(await button(page).isEnabled(), true);
    await button(page).dblclick();
    assert.equal(context.pages().length, 2);
    await finish(popup);
    await secret(page).waitFor();
  });

  it('is one for each page', async () => {
    const pages = [await visit(), await visit()];
    const popups = [];
    for (const page of pages) popups.push(await openPopup(page));
    await finish(popups[1]!);
    await secret(pages[1]!).waitFor();
    assert.equal(popups[0]!.isClosed(), false);
    await popups[0]!.close();
    await secret(pages[0]!).waitFor();
    assert.equal(await failure(pages[0]!, '').count(), 0, 'who has signed in meanwhile is told of no failure');
  });
});

describe('a popup under the strictest content security policy of a hosted sign-in', () => {
  it('breaks none of it', async () => {
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

describe('a code in a popup', () => {
  /** Without a channel beside them, messages of the popup are all there is; each comes late. */
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
          setTimeout(() => window.dispatchEvent(new MessageEvent('message', { data, origin, source })), delay);
        },
        true,
      );
    }, milliseconds);
  }

  for (const [what, delay] of [
    ['is asked for in time', 0],
    ['is asked for too late', 800],
  ] as const) {
    it(`is exchanged once when it ${what}`, async () => {
      await delayMessages(delay);
      const page = await visit();
      const popup = await openPopup(page);
      const exchanges = site.exchanges;
      await finish(popup);
      await secret(page).waitFor();
      await settled(page);
      assert.equal(site.exchanges - exchanges, 1);
      assert.equal(await failure(page, '').count(), 0);
      assert.equal(await signin(page).getAttribute('state'), 'signed-in');
    });
  }
});

describe('a popup that is blocked', () => {
  it('is said to be so at once, and the next click redirects', async () => {
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
    await button(page).click();
    await showsForm(page);
    await enterPassword(page, ada);
    await secret(page).waitFor();
    assert.equal(page.url(), `${site.origin}/?box=7`);
  });

  it('is one that the browser shows in place of the page', async () => {
    await context.addInitScript(() => (window.open = () => window));
    const page = await visit();
    await button(page).click();
    await failure(page, 'blocked').waitFor();
    assert.equal(page.url(), `${site.origin}/`);
  });
});

describe('a popup that the user closes', () => {
  /** Closes it, and measures how long the page takes to notice, milliseconds. */
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

  it('ends the sign-in within a second, and it can be tried again', async () => {
    const page = await visit();
    assert.ok((await closeAndMeasure(page, await openPopup(page))) < 1000);
    assert.equal(await signin(page).getAttribute('state'), 'error');
    assert.equal(await page.locator('#public').isVisible(), true);
    assert.equal(await storedTokens(page), 0);
    await finish(await openPopup(page));
    await secret(page).waitFor();
  });

  it('ends it before Okta has answered anything, too', async () => {
    site.org.faults.set('discovery', { delayMs: 8000, times: 1 });
    const page = await visit();
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await popup.getByText('One moment').waitFor();
    assert.ok((await closeAndMeasure(page, popup)) < 1000);
  });

  it('ends it after having gone elsewhere', async () => {
    const page = await visit();
    const popup = await openPopup(page);
    await popup.goto(`${site.origin}/?elsewhere`);
    await button(popup).waitFor();
    assert.equal(await signin(popup).getAttribute('state'), 'idle');
    assert.ok((await closeAndMeasure(page, popup)) < 1000);
  });
});

describe('a popup that ends badly', () => {
  it('tells the page what Okta refused, and stores nothing', async () => {
    const page = await visit();
    await finish(await openPopup(page), alan);
    await failure(page, /policy/i).waitFor();
    assert.equal(await storedTokens(page), 0);
    // Okta still knows who it was: trying again asks anew.
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await popup.locator('input[name="credentials.passcode"]').waitFor();
  });

  it('is closed when Okta cannot be asked', async () => {
    site.org.faults.set('discovery', { status: 503 });
    const page = await visit();
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await failure(page, '503').waitFor();
    await closed(popup);
  });

  it('is closed when the code is refused', async () => {
    site.org.faults.set('token', { status: 500, times: 1 });
    const page = await visit();
    await finish(await openPopup(page));
    await failure(page, '500').waitFor();
    assert.equal(await storedTokens(page), 0);
  });
});

describe('a popup that takes too long', () => {
  it('is given up, and counts when it is finished all the same', async () => {
    site.config = { 'popup-timeout': '1500' };
    const page = await visit();
    const popup = await openPopup(page);
    await failure(page, 'within 1.5 s').waitFor();
    assert.equal(popup.isClosed(), false);
    await finish(popup);
    await secret(page).waitFor();
  });

  it('makes way for the next one', async () => {
    site.config = { 'popup-timeout': '1500' };
    const page = await visit();
    const popup = await openPopup(page);
    await failure(page, 'within 1.5 s').waitFor();
    site.org.faults.set('authorize', { hang: true });
    await button(page).click();
    await closed(popup);
  });

  it('is closed where its tokens would be lost', async () => {
    site.config = { 'popup-timeout': '1500', storage: 'memory' };
    const page = await visit();
    const [popup] = await Promise.all([page.waitForEvent('popup'), button(page).click()]);
    await closed(popup);
    await failure(page, 'within 1.5 s').waitFor();
  });
});

describe('a page that is left while its popup is open', () => {
  it('hears of the sign-in when it is there again', async () => {
    const page = await visit();
    const popup = await openPopup(page);
    await page.reload();
    await button(page).waitFor();
    await finish(popup);
    await secret(page).waitFor();
  });

  it('takes the popup with it where its tokens would be lost', async () => {
    site.config = { storage: 'session' };
    const page = await visit();
    const popup = await openPopup(page);
    await page.reload();
    await closed(popup);
  });
});

describe('a forged answer', () => {
  /** What the page would take for an answer, if it came from where it should. */
  const forge = (state: string) => ({ state, word: 'answer', answer: `?code=forged&state=${state}` });
  const stateOf = (popup: Page) => new URL(popup.url()).searchParams.get('state')!;

  it('is not taken from another origin', async () => {
    const page = await visit();
    const popup = await openPopup(page);
    await popup.evaluate((message) => (window.opener as Window).postMessage(message, '*'), forge(stateOf(popup)));
    await settled(page);
    assert.equal(await signin(page).getAttribute('state'), 'starting');
    await finish(popup);
    await secret(page).waitFor();
  });

  it('is not taken from another window', async () => {
    const page = await visit();
    const popup = await openPopup(page);
    const message = forge(stateOf(popup));
    await page.evaluate((forged) => window.postMessage(forged, '*'), message);
    await page.evaluate((forged) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.contentWindow!.setTimeout(`parent.postMessage(${JSON.stringify(forged)}, '*')`);
    }, message);
    await settled(page);
    assert.equal(await signin(page).getAttribute('state'), 'starting');
    await finish(popup);
    await secret(page).waitFor();
  });

  it('is not taken for another state, nor with one', async () => {
    const page = await visit();
    const popup = await openPopup(page);
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
    await settled(page);
    assert.equal(await signin(page).getAttribute('state'), 'starting');
    await popup.goto(address);
    await showsForm(popup);
    await finish(popup);
    await secret(page).waitFor();
  });

  it('opened as a link says nothing to anybody, and shows the page', async () => {
    const state = `okta-elements.popup.${'0'.repeat(64)}`;
    const page = await visit(`/callback?from=okta&code=forged&state=${state}`);
    await failure(page, /sign in again/).waitFor();
    assert.equal(await storedTokens(page), 0);
    assert.equal(new URL(page.url()).search, '?from=okta');
  });
});
