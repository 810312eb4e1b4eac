import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { navigations, signedIn, signedOut, signIn } from './support/session.js';
import { ada, EVERYTHING, grace, pageFixture } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

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

/** Nothing here runs, but most of it reaches the page around it or another origin. */
const INTRUSIVE = (elsewhere: string) => `
  <style>body { visibility: hidden }</style>
  <link rel="stylesheet" href="${elsewhere}/evil.css">
  <base href="${elsewhere}/">
  <meta http-equiv="refresh" content="0; url=${elsewhere}/">
  <p id="arrived">Arrived</p>
  <p id="safe" style="position: fixed; inset: 0">Covers the page</p>
  <form id="evil-form" action="${elsewhere}/"><input name="password"></form>
  <form id="own-form" action="/own"><input id="own-field"><button id="own-button" form="own-form">Own</button>
    <button id="no-action" formaction="//evil.example/">Evil</button></form>
  <form id="dialog" method="dialog"></form>
  <button id="no-form" form="page-form">Sends the form of the page</button>
  <a id="window" href="/x" target="_blank" rel="opener" ping="${elsewhere}/">Other window</a>
  <a id="here" href="/x" target="_top">Here</a>
  <okta-guard id="inner" when="signed-out"><template><style>p {}</style><form action="${elsewhere}/">x</form><p style="color: red">Deep</p></template></okta-guard>`;

/** As strict as it gets, but for the names of our policies. */
const STRICT = (org: string) =>
  `default-src 'self'; connect-src 'self' ${org}; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html okta-elements-fragment`;

describe('<okta-guard src>', () => {
  const fixture = pageFixture();

  interface Options {
    headers?: Record<string, string>;
    config?: Record<string, string>;
    /** Answers requests for the fragment, in place of the site. */
    answer?: (route: Route) => Promise<unknown>;
  }

  /** Opens a page with a guard in a profile. Default: of a signed-in user. */
  async function open(body: string, { headers, config, answer }: Options = {}, opened?: BrowserContext) {
    fixture.page('/', { body: `${EVERYTHING}${body}`, headers, config });
    const profile = opened ?? (await fixture.signedIn(ada));
    await recordEvents(profile);
    const asked: { authorization: string | undefined }[] = [];
    profile.on('request', (request) => {
      if (new URL(request.url()).pathname !== '/fragment') return;
      asked.push({ authorization: request.headers().authorization });
    });
    if (answer) await profile.route('**/fragment', answer);
    return { profile, asked, page: await fixture.open(profile, '/') };
  }
  const guard = (page: Page) => page.locator('#source');
  const state = (page: Page, wanted: string) => page.locator(`#source[state=${wanted}]`).waitFor({ state: 'attached' });

  const challengeFor = (acr: string) => (route: Route) =>
    route.fulfill({
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_user_authentication", acr_values="${acr}"` },
    });
  const TWO = 'urn:okta:loa:2fa:any';

  it('requests the fragment with the access token, and runs nothing of it', async () => {
    fixture.file('/fragment', 'text/html', HOSTILE);
    const headers = { 'Content-Security-Policy': STRICT(fixture.org.origin) };
    const { page, asked } = await open(GUARD(), { headers }, await fixture.profile(ada));
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
    await state(page, 'allowed');
  });

  it('removes what reaches the page around it, or sends input to another origin', async () => {
    fixture.file('/fragment', 'text/html', INTRUSIVE(fixture.elsewhere));
    const { page } = await open(`<form id="page-form"></form>${GUARD()}`);
    await page.locator('#arrived').waitFor();
    const inner = guard(page);
    assert.equal(await inner.locator('style, link, base, meta').count(), 0);
    assert.equal(await inner.locator('[style], [ping], [formaction], [form]').count(), 0);
    assert.deepEqual(
      await inner.locator('form, button, input, a').evaluateAll((all) => all.map(({ id }) => id).filter(Boolean)),
      ['own-form', 'own-field', 'own-button', 'no-action', 'dialog', 'no-form', 'window', 'here'],
    );
    assert.equal(await page.locator('#window').getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await page.locator('#here').getAttribute('rel'), null);
    assert.equal(await page.locator('#safe').evaluate((element) => getComputedStyle(element).position), 'static');
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).visibility), 'visible');
    // The content of a template in the fragment is cleaned as well.
    const stamped = await inner.locator('#inner').evaluate((element) => element.querySelector('template')!.innerHTML);
    assert.equal(stamped.trim(), '<p>Deep</p>');
    assert.deepEqual(fixture.askedElsewhere, []);
  });

  for (const [what, text] of Object.entries({
    'an empty response': ' ',
    'a response with empty elements only': '<div class="box"><p> </p><!-- nothing --></div>',
    'a response that loses everything': '<script>1</script><form action="https://evil.example">Pay <input></form>',
  })) {
    it(`is guard_empty for ${what}, and fetches again when the user asks for it`, async () => {
      fixture.file('/fragment', 'text/html', text);
      const { page, asked } = await open(GUARD());
      const alert = guard(page).getByRole('alert');
      await alert.waitFor();
      await state(page, 'error');
      const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
      assert.equal(errors.length, 1);
      assert.match(errors[0]!.said, /guard_empty.*\/fragment/);
      fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
      await guard(page).getByRole('button', { name: 'Try again' }).click();
      await page.locator('#arrived').waitFor();
      await state(page, 'allowed');
      assert.equal(asked.length, 2);
    });
  }

  it('requests nothing while the rule does not hold', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page, asked } = await open(GUARD('groups="Nobody"'));
    await guard(page).getByText('Not for you').waitFor();
    assert.equal(asked.length, 0);
  });

  it('removes the fragment at sign-out, and requests it again for the next user', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page, profile, asked } = await open(GUARD());
    await page.locator('#arrived').waitFor();
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
    assert.equal(await page.locator('#arrived').count(), 0);
    await fixture.atOkta(profile, grace);
    await signIn(page, grace);
    await page.locator('#arrived').waitFor();
    assert.equal(new Set(asked.map(({ authorization }) => authorization)).size, 2);
  });

  it('shows the fragment again after a re-render of the page, without another request', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret <input></p>');
    const { page, asked } = await open(GUARD());
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

  it('reports each failure of the server, and retries when the user asks for it', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const failures = [
      [{ status: 500 }, 'server_error'],
      [{ status: 404, contentType: 'text/html' }, 'config_invalid'],
      [{ status: 200, contentType: 'application/json', body: '{}' }, 'config_invalid'],
      [{ status: 401 }, 'login_required'],
    ] as const;
    let failure: (typeof failures)[number][0] | undefined = failures[0][0];
    const { page } = await open(GUARD(), {
      answer: (route) => (failure ? route.fulfill(failure) : route.fallback()),
    });
    for (const [index, [, code]] of failures.entries()) {
      const alert = guard(page).getByRole('alert');
      await alert.waitFor();
      assert.match(await alert.innerText(), /^.{30,}\.$/s);
      assert.equal(await page.locator('#arrived').count(), 0);
      const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
      assert.ok(errors.length === 1 && errors[0]!.said.includes(code), JSON.stringify(errors));
      failure = undefined;
      await guard(page).getByRole('button', { name: 'Try again' }).click();
      await page.locator('#arrived').waitFor();
      failure = failures[index + 1]?.[0];
      if (failure) await page.reload();
    }
  });

  it('reports a policy of the page that does not allow fragments', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const policy = STRICT(fixture.org.origin).replace(' okta-elements-fragment', '');
    const { page } = await open(GUARD(), { headers: { 'Content-Security-Policy': policy } });
    const alert = guard(page).getByRole('alert');
    await alert.waitFor();
    assert.equal(await alert.innerText(), 'This content could not be loaded.');
    assert.equal(await page.locator('#arrived').count(), 0);
  });

  it('reports a server that does not answer within request-timeout', async () => {
    const { page } = await open(GUARD(), {
      config: { 'request-timeout': '1500' },
      answer: () => new Promise(() => {}),
    });
    const alert = guard(page).getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /taking too long/);
  });

  it('does not load a fragment into itself', async () => {
    fixture.file(
      '/fragment',
      'text/html',
      '<p id="arrived">Outer</p><okta-guard id="inner" src="./fragment"></okta-guard>',
    );
    const { page, asked } = await open(GUARD());
    await page.locator('#inner').getByRole('alert').waitFor();
    assert.match(await page.locator('#inner').getByRole('alert').innerText(), /This content could not be loaded/);
    assert.equal(await page.locator('#arrived').count(), 1);
    assert.equal(asked.length, 1);
  });

  it('supports guards inside the fragment, with slots and templates', async () => {
    fixture.file(
      '/fragment',
      'text/html',
      `<okta-guard id="inner" groups='["Warehouse staff"]' acr-values="${TWO}" match="all">
        <template><p id="deep">Deep</p></template>
        <template slot="denied"><p id="not-yours">Not yours <img src="x" onerror="document.title = 7"></p></template>
      </okta-guard>`,
    );
    const { page } = await open(GUARD());
    await page.locator('#not-yours').waitFor();
    assert.equal(await page.locator('#inner').getAttribute('state'), 'denied');
    assert.equal(await page.locator('#deep').count(), 0);
    assert.equal(await page.locator('[onerror]').count(), 0);
    assert.equal(await page.title(), '/');
  });

  it('follows a change of src, and removes the fragment with it', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">First</p>');
    fixture.file('/fragment-2', 'text/html', '<p id="arrived">Second</p>');
    const { page } = await open(GUARD());
    await page.locator('#arrived', { hasText: 'First' }).waitFor();
    await guard(page).evaluate((el) => el.setAttribute('src', '/fragment-2'));
    await page.locator('#arrived', { hasText: 'Second' }).waitFor();
    assert.equal(await page.locator('#arrived').count(), 1);
    await guard(page).evaluate((el) => el.removeAttribute('src'));
    await page.locator('#arrived').waitFor({ state: 'detached' });
    await state(page, 'allowed');
  });

  it('removes the fragment from a guard that is removed or loses its configuration', async () => {
    fixture.file('/fragment', 'text/html', '<p id="arrived">Secret</p>');
    const { page } = await open(GUARD());
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

  it('is denied when the server answers 403', async () => {
    const { page } = await open(GUARD(), { answer: (route) => route.fulfill({ status: 403, body: 'no' }) });
    await guard(page).getByText('Not for you').waitFor();
  });

  it('sends no token to an origin that is not allowed', async () => {
    const { page } = await open(GUARD().replace('/fragment', `${fixture.elsewhere}/fragment`));
    await guard(page).getByRole('alert').waitFor();
    assert.deepEqual(fixture.askedElsewhere, []);
  });

  it('offers a step-up when the server asks for one, and leaves it to the user', async () => {
    // A page that signs in for the step-ups of its API.
    const listen = `<script>
      document.addEventListener('okta-step-up-required', () => document.querySelector('okta-config').client.signIn());
    </script>`;
    const { page } = await open(listen + GUARD(), { answer: challengeFor(TWO) });
    const left = navigations(page);
    const button = guard(page).getByRole('button', { name: 'Verify your identity' });
    await button.waitFor();
    // A sign-in by the listener would reach Okta before this one.
    const [request] = await Promise.all([page.waitForRequest(/\/v1\/authorize/), button.click()]);
    assert.equal(new URL(request.url()).searchParams.get('acr_values'), TWO);
    assert.equal(left.length, 1);
  });

  for (const attribute of ['', 'step-up="redirect"']) {
    it(`is denied when the server asks for a step-up that is done (${attribute || 'after a click'})`, async () => {
      const { page, asked } = await open(
        GUARD(attribute),
        { answer: challengeFor('urn:okta:loa:1fa:any') },
        await fixture.profile(ada),
      );
      const left: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('acr_values=')) left.push(request.url());
      });
      await page.locator('okta-signin').getByRole('button').click();
      if (!attribute) await guard(page).getByRole('button', { name: 'Verify your identity' }).click();
      await guard(page).getByText('Not for you').waitFor();
      await signedIn(page, ada);
      await state(page, 'denied');
      assert.deepEqual([left.length, asked.length], [1, 2]);
    });
  }
});
