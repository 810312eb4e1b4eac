import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { navigations, signedOut, signIn } from './support/session.js';
import { ada, EVERYTHING, grace, site } from './support/site.js';
import { eventsOf, witnessEvents } from './support/witness.js';

const GUARD = (attributes = '') => `
  <okta-guard id="source" src="/fragment" ${attributes}>
    <p slot="pending">One moment</p>
    <p slot="denied">Not for you</p>
  </okta-guard>`;

const HOSTILE = `
  <p id="arrived" onclick="document.title = 1">For <okta-user></okta-user></p>
  <img src="data:," onerror="document.title = 2" alt="">
  <script>document.title = 3</script>
  <a id="link" href="javascript:document.title = 4">A link</a>
  <iframe srcdoc="<script>parent.document.title = 5</script>"></iframe>
  <form action="https://evil.example"><button formaction="javascript:document.title = 6">Send</button></form>
  <okta-config issuer="https://evil.example" client-id="evil"></okta-config>
  <okta-signin></okta-signin>`;

/** As strict as it gets, but for the names of our policies. */
const STRICT = (org: string) =>
  `default-src 'self'; connect-src 'self' ${org}; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html okta-elements-fragment`;

describe('<okta-guard src>', () => {
  const shop = site();

  async function open(body: string, headers?: Record<string, string>, config?: Record<string, string>) {
    shop.page('/', { body: `${EVERYTHING}${body}`, headers, config });
    const profile = await shop.profile(ada);
    await witnessEvents(profile);
    const asked: { authorization: string | undefined }[] = [];
    profile.on('request', (request) => {
      if (new URL(request.url()).pathname !== '/fragment') return;
      asked.push({ authorization: request.headers().authorization });
    });
    return { profile, asked, page: await shop.open(profile, '/') };
  }
  const guard = (page: Page) => page.locator('#source');
  const state = (page: Page, wanted: string) => page.locator(`#source[state=${wanted}]`).waitFor({ state: 'attached' });

  it('asks with the token once the rule holds, and shows what comes, none of which runs', async () => {
    shop.file('/fragment', 'text/html', HOSTILE);
    const { page, asked } = await open(GUARD(), { 'Content-Security-Policy': STRICT(shop.org.origin) });
    await signedOut(page);
    await state(page, 'signed-out');
    assert.equal(asked.length, 0);
    await signIn(page, ada);
    await page.locator('#arrived', { hasText: ada.name }).waitFor();
    assert.equal(asked.length, 1);
    assert.match(asked[0]!.authorization ?? '', /^Bearer /);
    await page.locator('#arrived').click();
    await page.locator('#link').click();
    assert.equal(await page.title(), '/');
    assert.equal(await guard(page).locator('script, iframe, okta-config, okta-signin').count(), 0);
    assert.equal(await guard(page).locator('[onclick], [onerror], [formaction], [href^=javascript]').count(), 0);
    assert.equal(await state(page, 'allowed'), undefined);
  });

  it('asks for nothing while the rule does not hold', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page, asked } = await open(GUARD('groups="Nobody"'));
    await signIn(page, ada);
    await guard(page).getByText('Not for you').waitFor();
    assert.equal(asked.length, 0);
  });

  it('takes it away at sign-out, and asks anew for the next user', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page, profile, asked } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#arrived').waitFor();
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
    assert.equal(await page.locator('#arrived').count(), 0);
    await shop.atOkta(profile, grace);
    await signIn(page, grace);
    await page.locator('#arrived').waitFor();
    assert.equal(new Set(asked.map(({ authorization }) => authorization)).size, 2);
  });

  it('is shown again when a re-render takes away what it does not know, and is not asked for again', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">Secret <input></p>');
    const { page, asked } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#arrived input').fill('typed');
    await guard(page).evaluate((el) => el.replaceChildren(...[...el.children].filter((child) => child.slot)));
    assert.equal(await page.locator('#arrived input').inputValue(), 'typed');
    await guard(page).evaluate((el) => (el.innerHTML = '<p slot="denied">Not for you</p><p>And more</p>'));
    assert.equal(await page.locator('#arrived input').inputValue(), 'typed');
    assert.deepEqual([await page.locator('#arrived').count(), asked.length], [1, 1]);
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
    await guard(page).evaluate((el) => el.append('And more'));
    assert.equal(await page.locator('#arrived').count(), 0);
  });

  for (const [what, answer, code] of [
    ['fails', { status: 500 }, 'server_error'],
    ['does not know the address', { status: 404, contentType: 'text/html' }, 'config_invalid'],
    ['answers with something else', { status: 200, contentType: 'application/json', body: '{}' }, 'config_invalid'],
    ['does not take the token', { status: 401 }, 'login_required'],
  ] as const) {
    it(`says so when the server ${what}, and tries again when told to`, async () => {
      shop.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
      const { page } = await open(GUARD());
      await page.route('**/fragment', (route) => route.fulfill(answer));
      await signIn(page, ada);
      const alert = guard(page).getByRole('alert');
      await alert.waitFor();
      assert.match(await alert.innerText(), /^.{30,}\.$/s);
      assert.equal(await page.locator('#arrived').count(), 0);
      const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
      assert.ok(errors.length === 1 && errors[0]!.said.includes(code), JSON.stringify(errors));
      await page.unroute('**/fragment');
      await guard(page).getByRole('button', { name: 'Try again' }).click();
      await page.locator('#arrived').waitFor();
    });
  }

  it('says so when the policy of the page does not let it in', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const policy = STRICT(shop.org.origin).replace(' okta-elements-fragment', '');
    const { page } = await open(GUARD(), { 'Content-Security-Policy': policy });
    await signIn(page, ada);
    const alert = guard(page).getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /okta-elements-fragment to trusted-types/);
    assert.equal(await page.locator('#arrived').count(), 0);
  });

  it('gives up a server that does not answer, after request-timeout', async () => {
    const { page } = await open(GUARD(), undefined, { 'request-timeout': '1500' });
    await page.route('**/fragment', () => new Promise(() => {}));
    await signIn(page, ada);
    const alert = guard(page).getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /did not answer within 1\.5 s/);
  });

  it('does not come into itself, again and again', async () => {
    shop.file(
      '/fragment',
      'text/html',
      '<p id="arrived">Outer</p><okta-guard id="inner" src="./fragment"></okta-guard>',
    );
    const { page, asked } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#inner').getByRole('alert').waitFor();
    assert.match(await page.locator('#inner').getByRole('alert').innerText(), /has a guard with itself as src/);
    assert.equal(await page.locator('#arrived').count(), 1);
    assert.equal(asked.length, 1);
  });

  it('may bring guards of its own, with slots and templates', async () => {
    shop.file(
      '/fragment',
      'text/html',
      `<okta-guard id="inner" groups='["Warehouse staff"]' acr-values="urn:okta:loa:2fa:any" match="all">
        <template><p id="deep">Deep</p></template>
        <template slot="denied"><p id="not-yours">Not yours <img src="x" onerror="document.title = 7"></p></template>
      </okta-guard>`,
    );
    const { page } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#not-yours').waitFor();
    assert.equal(await page.locator('#inner').getAttribute('state'), 'denied');
    assert.equal(await page.locator('#deep').count(), 0);
    assert.equal(await page.locator('[onerror]').count(), 0);
    assert.equal(await page.title(), '/');
  });

  it('follows its src as that changes, and is gone without one', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">First</p>');
    shop.file('/fragment-2', 'text/html', '<p id="arrived">Second</p>');
    const { page } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#arrived', { hasText: 'First' }).waitFor();
    await guard(page).evaluate((el) => el.setAttribute('src', '/fragment-2'));
    await page.locator('#arrived', { hasText: 'Second' }).waitFor();
    assert.equal(await page.locator('#arrived').count(), 1);
    await guard(page).evaluate((el) => el.removeAttribute('src'));
    await page.locator('#arrived').waitFor({ state: 'detached' });
    await state(page, 'allowed');
  });

  it('is not left behind in the document by a guard that is taken out, or loses its configuration', async () => {
    shop.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page } = await open(GUARD());
    await signIn(page, ada);
    await page.locator('#arrived').waitFor();
    const left = await guard(page).evaluate((el) => {
      el.remove();
      return el.innerHTML;
    });
    assert.doesNotMatch(left, /Secret/);
    await page.reload();
    await page.locator('#arrived').waitFor();
    await guard(page).evaluate((el) => el.setAttribute('config', 'nowhere'));
    await page.locator('#arrived').waitFor({ state: 'detached' });
  });

  it('is denied when the server says so', async () => {
    const { page } = await open(GUARD());
    await page.route('**/fragment', (route) => route.fulfill({ status: 403, body: 'no' }));
    await signIn(page, ada);
    await guard(page).getByText('Not for you').waitFor();
  });

  it('sends the token nowhere that is not allowed', async () => {
    const { page } = await open(GUARD().replace('/fragment', `${shop.elsewhere}/fragment`));
    await signIn(page, ada);
    await guard(page).getByRole('alert').waitFor();
    assert.deepEqual(shop.askedElsewhere, []);
  });

  it('offers a step-up when the server wants more proof', async () => {
    const { page } = await open(GUARD());
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any"';
    await page.route('**/fragment', (route) =>
      route.fulfill({ status: 401, headers: { 'WWW-Authenticate': challenge } }),
    );
    await signIn(page, ada);
    const button = guard(page).getByRole('button', { name: 'Confirm it is you' });
    const [request] = await Promise.all([page.waitForRequest(/\/v1\/authorize/), button.click()]);
    assert.equal(new URL(request.url()).searchParams.get('acr_values'), 'urn:okta:loa:2fa:any');
  });

  it('leaves a step-up that it offers to the user, whatever the page does for those of its API', async () => {
    const listen = `<script>
      document.addEventListener('okta-step-up-required', () => document.querySelector('okta-config').client.signIn());
    </script>`;
    const { page } = await open(listen + GUARD());
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any"';
    await page.route('**/fragment', (route) =>
      route.fulfill({ status: 401, headers: { 'WWW-Authenticate': challenge } }),
    );
    await signIn(page, ada);
    const left = navigations(page);
    await guard(page).getByRole('button', { name: 'Confirm it is you' }).waitFor();
    await page.waitForLoadState('networkidle');
    assert.deepEqual(left, []);
  });

  for (const attribute of ['', 'step-up="redirect"']) {
    it(`is denied when the server wants what the user has given, ${attribute || 'with a step-up on offer'}`, async () => {
      const { page, asked } = await open(GUARD(attribute));
      const challenge = 'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:1fa:any"';
      await page.route('**/fragment', (route) =>
        route.fulfill({ status: 401, headers: { 'WWW-Authenticate': challenge } }),
      );
      const left: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('acr_values=')) left.push(request.url());
      });
      await signIn(page, ada);
      if (!attribute) await guard(page).getByRole('button', { name: 'Confirm it is you' }).click();
      await guard(page).getByText('Not for you').waitFor();
      await state(page, 'denied');
      assert.deepEqual([left.length, asked.length], [1, 2]);
    });
  }
});
