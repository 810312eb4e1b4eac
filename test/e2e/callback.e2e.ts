import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  historyOf,
  navigations,
  signedIn,
  signedOut,
  signIn,
  stayAtOkta,
  stored,
  tokenRequests,
  until,
} from './support/session.js';
import { ada, EVERYTHING, grace, pageFixture } from './support/page-fixture.js';

const RESPONSE = /[?&](code|state|iss|error)=/;

/** The addresses with an authorization response that a tab came back to. */
function returns(page: Page, origin: string): string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (request.isNavigationRequest() && url.startsWith(`${origin}/`) && /[?&]state=/.test(url)) seen.push(url);
  });
  return seen;
}

/** Nothing of a session, and nothing of a sign-in under way. */
async function assertNothingStored(page: Page): Promise<void> {
  const { local, session } = await stored(page);
  assert.doesNotMatch(JSON.stringify({ local, session }), /tokenType|codeVerifier/);
}

describe('the return from Okta', () => {
  const fixture = pageFixture();

  /** Waits for an answer of Okta to the page: a request that begins by itself has begun by then. */
  const answerOfOkta = (page: Page) =>
    page.evaluate(async (issuer) => {
      await fetch(`${issuer}/.well-known/openid-configuration?last`, { cache: 'no-store' });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }, fixture.org.issuer);

  describe('a page at the redirect URI', () => {
    it('leaves alone what is not its own', async () => {
      fixture.page('/');
      const profile = await fixture.profile();
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await profile.newPage();
      for (const query of ['?code=a&code=b&state=%zz&note=a+b%20c', '?state=okta-elements.redirect.0123']) {
        await page.goto(`${fixture.origin}/${query}`);
        await signedOut(page);
        assert.equal(page.url(), `${fixture.origin}/${query}`);
        assert.equal(await page.getByRole('alert').count(), 0, query);
        await assertNothingStored(page);
      }
      assert.deepEqual(
        asked.filter((url) => url.startsWith(fixture.org.origin)),
        [],
      );
    });

    it('keeps its own query, to the letter, when the answer is taken out', async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      const address = await stayAtOkta(page, fixture);
      const state = address.searchParams.get('state')!;
      await page.goto(`${fixture.origin}/?a=1%20b+c&error=access_denied&state=${state}&code_name=x&d=%E2%9C%93`);
      await page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true }).waitFor();
      assert.equal(page.url(), `${fixture.origin}/?a=1%20b+c&code_name=x&d=%E2%9C%93`);
    });
  });

  describe('after a sign-in, the answer', () => {
    it('is gone from the address, the history and every referrer', async () => {
      // The worst that a page can ask for.
      const head = '<meta name="referrer" content="unsafe-url" />';
      fixture.page('/', { head, body: '<okta-callback></okta-callback>' });
      fixture.page('/orders', { head });
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/orders?box=2#stamps');
      const back = returns(page, fixture.origin);
      const referrers: string[] = [];
      await signIn(page, ada);
      assert.equal(back.length, 1, 'there was an answer');
      assert.equal(page.url(), `${fixture.origin}/orders?box=2#stamps`);
      for (const url of await historyOf(page)) assert.doesNotMatch(url, RESPONSE);
      referrers.push(await page.evaluate(() => document.referrer));

      // What the page asks for next, of its own origin and of another.
      const asked = page.waitForRequest('**/next');
      await page.evaluate(async (elsewhere) => {
        await fetch('/next');
        const image = new Image();
        image.src = `${elsewhere}/pixel`;
        await image.decode();
      }, fixture.elsewhere);
      referrers.push((await (await asked).allHeaders()).referer!);
      await page.evaluate((elsewhere) => void (location.href = `${elsewhere}/shop`), fixture.elsewhere);
      await page.waitForURL(`${fixture.elsewhere}/shop`);
      // The other site's own icon is asked for by its own page.
      const askedElsewhere = () => fixture.askedElsewhere.filter(({ path }) => path !== '/favicon.ico');
      await until(() => askedElsewhere().length >= 2, 'the other site was asked');
      referrers.push(...askedElsewhere().map(({ referer }) => referer ?? ''));

      assert.ok(
        referrers.length >= 4 && referrers.every((referrer) => referrer.startsWith(fixture.origin)),
        `there are some: ${referrers.join(' ')}`,
      );
      for (const referrer of referrers) assert.doesNotMatch(referrer, RESPONSE);
    });

    it('is gone, too, where the sign-in began on the redirect URI’s own page', async () => {
      fixture.page('/', { head: '<meta name="referrer" content="unsafe-url" />' });
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      const back = returns(page, fixture.origin);
      await signIn(page, ada);
      assert.equal(back.length, 1, 'there was an answer');
      assert.equal(page.url(), `${fixture.origin}/`);
      for (const url of await historyOf(page)) assert.doesNotMatch(url, RESPONSE);
      await page.evaluate(async (elsewhere) => {
        const image = new Image();
        image.src = `${elsewhere}/pixel`;
        await image.decode();
      }, fixture.elsewhere);
      assert.deepEqual(fixture.askedElsewhere, [{ path: '/pixel', referer: `${fixture.origin}/` }]);
    });

    it('costs one token request, however many elements are there', async () => {
      const body =
        EVERYTHING + '<okta-callback></okta-callback><okta-signin></okta-signin><okta-user></okta-user>'.repeat(12);
      fixture.page('/', { body });
      fixture.page('/start');
      const profile = await fixture.profile(ada);
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/start');
      const seen = navigations(page);
      await signIn(page, ada);
      assert.deepEqual(requests, ['authorization_code']);
      assert.deepEqual(seen.slice(-2), [`${fixture.origin}/`, `${fixture.origin}/start`]);
    });

    it('is waited for by <okta-callback> alone with callback="manual"', async () => {
      const config = { callback: 'manual', 'redirect-uri': '/callback' };
      fixture.page('/', { config });
      fixture.page('/callback', { config, body: '<p>No element here yet.</p>' });
      const profile = await fixture.profile(ada);
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/');
      await page.locator('okta-signin').getByRole('button').click();
      await page.waitForURL(`${fixture.origin}/callback?*`);
      await page.waitForFunction(() => document.querySelector('okta-config')?.client);
      await answerOfOkta(page);
      assert.deepEqual(requests, []);
      await page.evaluate(() => {
        for (let count = 0; count < 3; count++) document.body.append(document.createElement('okta-callback'));
      });
      await signedIn(page, ada);
      assert.deepEqual(requests, ['authorization_code']);
      assert.equal(page.url(), `${fixture.origin}/`);
    });
  });

  describe('a sign-in that is interrupted', () => {
    it('ends well when the page is reloaded before the answer is read', async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/');
      // The first time, the package never arrives.
      const address = await stayAtOkta(page, fixture);
      await page.route('**/okta-elements/**', (route) => route.abort());
      await page.goto(address.href);
      await page.waitForURL(RESPONSE);
      await page.unroute('**/okta-elements/**');
      await page.reload();
      await signedIn(page, ada);
      assert.deepEqual(requests, ['authorization_code']);
    });

    it('ends well when the page is reloaded while the code is exchanged', async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/');
      // The first exchange never ends.
      await page.route('**/v1/token', () => new Promise(() => {}), { times: 1 });
      await page.locator('okta-signin').getByRole('button').click();
      await until(() => requests.length === 1, 'the code is being exchanged');
      await page.reload();
      await signedOut(page);
      assert.equal(page.url(), `${fixture.origin}/`);
      assert.equal(await page.getByRole('alert').count(), 0);
      await assertNothingStored(page);
      await signIn(page, ada);
    });

    it('is not begun again by the back button, which leads through Okta’s page', async () => {
      fixture.page('/');
      fixture.page('/members');
      const profile = await fixture.profile();
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/members');
      // The user is shown a page at Okta, so that it is in the history.
      const address = await stayAtOkta(page, fixture);
      await fixture.atOkta(profile, ada);
      await page.evaluate((to) => void (location.href = to), `${address.href}&asked=again`);
      await signedIn(page, ada);
      assert.equal((await historyOf(page)).filter((url) => url.startsWith(fixture.org.origin)).length, 1);
      const back = returns(page, fixture.origin);
      for (const path of ['/', '/members']) {
        await page.goBack({ waitUntil: 'commit' });
        await page.waitForURL(fixture.origin + path);
        await signedIn(page, ada);
        assert.equal(await page.getByRole('alert').count(), 0);
      }
      assert.equal(back.length, 1, 'Okta has answered again');
      assert.deepEqual(requests, ['authorization_code']);
    });
  });

  describe('an address that was used', () => {
    const use = async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      const [used] = [returns(page, fixture.origin)];
      await signIn(page, ada);
      return { profile, page, address: used[0]!, requests: tokenRequests(profile) };
    };

    it('changes nothing for who is signed in, in the same tab and in a new one', async () => {
      const { profile, page, address, requests } = await use();
      const other = await profile.newPage();
      for (const tab of [page, other]) {
        await tab.goto(address);
        await signedIn(tab, ada);
        assert.equal(tab.url(), `${fixture.origin}/`);
        assert.equal(await tab.getByRole('alert').count(), 0);
      }
      assert.deepEqual(requests, []);
    });

    it('signs nobody in, says so, and leaves a button that works', async () => {
      const { profile, page, address, requests } = await use();
      await page.locator('okta-signout').getByRole('button').click();
      await signedOut(page);
      const stranger = await fixture.profile(ada);
      for (const tab of [page, await profile.newPage(), await stranger.newPage()]) {
        await tab.goto(address);
        const alert = tab.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true });
        assert.match(await alert.innerText(), /^We couldn’t finish signing you in/);
        await tab.locator('#secret').waitFor({ state: 'hidden' });
        assert.equal(tab.url(), `${fixture.origin}/`);
        await assertNothingStored(tab);
      }
      assert.deepEqual(requests, []);
      await page.locator('okta-callback').getByRole('button').click();
      await signedIn(page, ada);
    });
  });

  describe('sign-ins at the same time', () => {
    it('do not get in each other’s way in two tabs', async () => {
      fixture.page('/');
      fixture.page('/one');
      fixture.page('/two');
      const profile = await fixture.profile();
      const [one, two] = [await fixture.open(profile, '/one'), await fixture.open(profile, '/two')];
      const [first, second] = [await stayAtOkta(one, fixture), await stayAtOkta(two, fixture)];
      await fixture.atOkta(profile, ada);
      // The later one comes back first, the other finds somebody signed in already.
      await two.goto(second.href);
      await signedIn(two, ada);
      await one.goto(first.href);
      await signedIn(one, ada);
      assert.equal(one.url(), `${fixture.origin}/one`);
      assert.equal(two.url(), `${fixture.origin}/two`);
    });

    it('are each as good as the other in one tab', async () => {
      fixture.page('/');
      const profile = await fixture.profile();
      const page = await fixture.open(profile, '/');
      const first = await stayAtOkta(page, fixture);
      await page.goto(fixture.origin);
      const second = await stayAtOkta(page, fixture);
      assert.notEqual(first.searchParams.get('state'), second.searchParams.get('state'));
      await fixture.atOkta(profile, grace);
      for (const address of [first, second]) {
        await page.goto(address.href);
        await signedIn(page, grace);
        assert.equal(await page.getByRole('alert').count(), 0);
      }
    });

    it('are answered with their own state only: one that is not known does not disturb the one under way', async () => {
      fixture.page('/');
      const profile = await fixture.profile();
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/');
      const genuine = await stayAtOkta(page, fixture);
      for (const state of [
        `okta-elements.redirect.${'0'.repeat(64)}`,
        'evil',
        genuine.searchParams.get('state')!.slice(0, -1),
      ]) {
        await page.goto(`${fixture.origin}/?code=stolen&state=${state}`);
        await page.locator('okta-signin').getByRole('button').waitFor();
        await page.locator('#secret').waitFor({ state: 'hidden' });
      }
      assert.deepEqual(requests, []);
      await fixture.atOkta(profile, ada);
      await page.goto(genuine.href);
      await signedIn(page, ada);
      assert.deepEqual(requests, ['authorization_code']);
    });
  });

  describe('an error of the provider', () => {
    it('is shown as text, whatever is in it', async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      const { searchParams } = await stayAtOkta(page, fixture);
      const description =
        '<img src=x onerror="document.title=1"><script>document.title=1</script>&lt;b&gt; {{1}} ‮evil';
      const answer = new URL(fixture.origin);
      answer.searchParams.set('error', 'invalid_request');
      answer.searchParams.set('error_description', description);
      answer.searchParams.set('state', searchParams.get('state')!);
      await page.goto(answer.href);
      const alert = page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true });
      await alert.waitFor();
      // The text of the provider is for the console only.
      assert.match(await alert.innerText(), /^We couldn’t finish signing you in/);
      assert.equal(await alert.evaluate((element) => element.childElementCount), 0);
      assert.equal(await page.title(), '/');
      assert.equal(page.url(), `${fixture.origin}/`);
      await assertNothingStored(page);
      await page.locator('okta-callback').getByRole('button').click();
      await signedIn(page, ada);
    });

    it('is an error without a description, too, and is not asked for again by itself', async () => {
      const body = `${EVERYTHING}<okta-guard unauthenticated="redirect"><p>more</p></okta-guard>`;
      fixture.page('/');
      const profile = await fixture.profile();
      const page = await fixture.open(profile, '/');
      const { searchParams } = await stayAtOkta(page, fixture);
      fixture.page('/', { body });
      const seen = navigations(page);
      await page.goto(`${fixture.origin}/?error=login_required&state=${searchParams.get('state')}`);
      await page.locator('okta-signin, okta-callback').getByRole('alert').filter({ visible: true }).waitFor();
      await answerOfOkta(page);
      assert.deepEqual(seen, [`${fixture.origin}/`]);
      assert.equal(await page.locator('okta-guard').first().getAttribute('state'), 'error');
    });
  });
});
