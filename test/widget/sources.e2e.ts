import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import { until } from '../e2e/support/session.js';
import { ada } from '../e2e/support/page-fixture.js';
import {
  widgetFixture,
  failure,
  formIsThere,
  isSignedIn,
  NOTE_ERRORS,
  signInAs,
  WIDGET_PAGE,
  widgetFile,
} from './support/widget-fixture.js';

const hashOf = (path: string) => `sha384-${createHash('sha384').update(widgetFile(path)).digest('base64')}`;

describe('where the widget comes from', () => {
  const fixture = widgetFixture();
  const body = WIDGET_PAGE;
  const head = NOTE_ERRORS;

  // The builds for Identity Engine alone and without polyfills are those of head-start.e2e.ts.
  const builds = [
    { name: 'okta-sign-in.min.js', what: 'both engines' },
    { name: 'okta-sign-in.next.js', what: 'generation 3' },
  ];
  for (const { name, what } of builds) {
    it(`can be a build on another origin, with its hash: ${name} (${what})`, async () => {
      const config = { 'widget-src': fixture.cdn.script(name), 'widget-integrity': hashOf(`js/${name}`) };
      const page = await fixture.visit({ config, head, body });
      await formIsThere(page);
      assert.equal(await page.evaluate(() => 'OktaSignIn' in globalThis), false);
      assert.equal(await page.locator('script[src*="okta-sign-in"]').count(), 0);
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
    });
  }

  it('can be a build of one’s own', async () => {
    const source = createRequire(import.meta.url).resolve('@okta/okta-signin-widget/oie');
    const { outputFiles } = await build({
      stdin: {
        contents: `import Widget from ${JSON.stringify(source)};
          globalThis.OktaSignIn = class extends Widget {
            constructor(options) {
              super({ ...options, i18n: { en: { 'primaryauth.title': 'From our own build' } } });
            }
          };`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      minify: true,
      write: false,
      logLevel: 'error',
    });
    fixture.file('/own/widget.js', 'text/javascript', outputFiles[0]!.text);
    const page = await fixture.visit({ config: { 'widget-src': '/own/widget.js' }, body });
    await page.getByRole('heading', { name: 'From our own build' }).waitFor();
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
    assert.deepEqual(fixture.cdn.asked, []);
  });

  it('can be said in a file, or in script', async () => {
    const widgetSrc = fixture.cdn.script('okta-sign-in.next.no-polyfill.js');
    const settings = { issuer: fixture.org.issuer, clientId: 'app', widgetSrc };
    fixture.file('/settings.json', 'application/json', JSON.stringify(settings));
    const page = await fixture.visit({ config: { src: '/settings.json' }, body });
    await formIsThere(page);
    assert.deepEqual(fixture.cdn.asked, ['/js/okta-sign-in.next.no-polyfill.js']);
  });

  it('can be a stylesheet on another origin, with its hash', async () => {
    const css = 'css/okta-sign-in.min.css';
    const config = { 'widget-css': `${fixture.cdn.origin}/${css}`, 'widget-css-integrity': hashOf(css) };
    const page = await fixture.visit({ config, head, body });
    await formIsThere(page);
    assert.equal(await page.locator(`link[href$="/${css}"]`).count(), 1);
  });

  it('does not matter to what a page has under the same name', async () => {
    const config = { 'widget-src': fixture.cdn.script('okta-sign-in.oie.min.js') };
    const page = await fixture.visit({ config, head: '<script>globalThis.OktaSignIn = "the page’s"</script>', body });
    await formIsThere(page);
    assert.equal(await page.evaluate(() => (globalThis as { OktaSignIn?: unknown }).OktaSignIn), 'the page’s');
  });

  describe('when it cannot be had', () => {
    const script = '/js/okta-sign-in.oie.min.js';
    const stylesheet = '/css/okta-sign-in.min.css';
    const cases: Record<string, { config?: () => Record<string, string>; arrange?(): void }> = {
      'is not there': { arrange: () => void fixture.cdn.instead.set(script, (res) => void res.writeHead(404).end()) },
      'has another hash': {
        config: () => ({ 'widget-integrity': hashOf('js/okta-sign-in.min.js') }),
        arrange: () => {},
      },
      'is cut off': { arrange: () => void fixture.cdn.instead.set(script, (res) => void res.destroy()) },
      'is something else': {
        arrange: () =>
          fixture.cdn.instead.set(script, (res) => {
            res.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }).end('1');
          }),
      },
      'may not be read by this page': {
        arrange: () =>
          fixture.cdn.instead.set(script, (res) => {
            res.writeHead(200, { 'Content-Type': 'text/javascript' }).end(widgetFile(script));
          }),
      },
      'has a stylesheet that is not there': {
        config: () => ({ 'widget-css': fixture.cdn.origin + stylesheet }),
        arrange: () => void fixture.cdn.instead.set(stylesheet, (res) => void res.writeHead(404).end()),
      },
      'has a stylesheet with another hash': {
        config: () => ({
          'widget-css': fixture.cdn.origin + stylesheet,
          'widget-css-integrity': hashOf(script.slice(1)),
        }),
      },
    };
    for (const [name, { config, arrange }] of Object.entries(cases)) {
      it(`says so, and offers Okta’s own page: ${name}`, async () => {
        arrange?.();
        const page = await fixture.visit({
          config: { 'widget-src': fixture.cdn.origin + script, ...config?.() },
          head,
          body,
        });
        const { code, message } = await failure(page);
        assert.equal(code, 'widget_load_failed');
        assert.match(message, /check the connection, the address and hash of its files/);
        await page.locator('link[href*="okta-sign-in"]').waitFor({ state: 'detached' });
        await page.locator('script[src*="okta-sign-in"]').waitFor({ state: 'detached' });
        const button = page.getByRole('button', { name: 'Sign in' });
        await button.waitFor();
        if (name !== 'is not there') return;
        await button.click();
        await page.waitForURL(`${fixture.org.origin}/**`);
      });
    }

    it('tries again when asked to', async () => {
      fixture.cdn.instead.set(script, (res) => void res.writeHead(503).end());
      const page = await fixture.visit({ config: { 'widget-src': fixture.cdn.origin + script }, head, body });
      await failure(page);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForFunction(() => (globalThis as unknown as { errors: unknown[] }).errors.length === 2);
      fixture.cdn.instead.clear();
      await page.getByRole('button', { name: 'Try again' }).click();
      await formIsThere(page);
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
    });

    for (const generation of ['2', '3'] as const) {
      const file = generation === '2' ? /\/widget\.[\w-]+\.js$/ : /\/widget-3\.js$/;

      it(`says so when the package’s own files cannot be had, and goes on when they can: generation ${generation}`, async () => {
        const page = await fixture.visit(
          { config: { 'widget-generation': generation }, head, body },
          { before: async (opened) => void (await opened.route(file, (route) => route.abort())) },
        );
        assert.equal((await failure(page)).code, 'widget_load_failed');
        await page.unroute(file);
        await page.getByRole('button', { name: 'Try again' }).click();
        await formIsThere(page);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });
    }

    it('says so without a connection, and goes on when there is one again', async () => {
      const page = await fixture.visit({
        head,
        body: '<okta-signin></okta-signin>',
      });
      const element = page.locator('okta-signin');
      await page.locator('okta-signin[state=idle]').waitFor();
      await page.context().setOffline(true);
      await element.evaluate((each) => each.setAttribute('mode', 'embedded'));
      assert.equal((await failure(page)).code, 'widget_load_failed');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.context().setOffline(false);
      await page.getByRole('button', { name: 'Try again' }).click();
      await formIsThere(page);
    });

    it('gives up after half a minute, asks anew, and takes what comes later as no news', async () => {
      let answer = () => {};
      fixture.cdn.instead.set(script, (res) => {
        answer = () => {
          res.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' });
          res.end(widgetFile(script));
        };
      });
      // The clock must not end the requests to Okta, which a busy machine answers late.
      const config = { 'widget-src': fixture.cdn.origin + script, 'request-timeout': '600000' };
      let introspected: Promise<unknown> | undefined;
      const page = await fixture.visit(
        { config, head, body },
        {
          before: async (opened) => {
            await opened.clock.install();
            introspected = opened.waitForResponse((response) => response.url().endsWith('/idp/idx/introspect'));
          },
          fresh: true,
        },
      );
      // Everything else that the clock could end has arrived.
      await introspected;
      await page.locator('script[src*="okta-sign-in"]').waitFor({ state: 'attached' });
      await page.clock.fastForward(29_000);
      assert.equal(await page.locator('okta-signin').getAttribute('state'), 'starting');
      // A busy machine may begin to wait later than the script is there, so the clock goes on until it is enough.
      await until(async () => {
        await page.clock.fastForward(2_000);
        return (await page.locator('okta-signin').getAttribute('state')) === 'error';
      }, 'it is given up');
      assert.equal((await failure(page)).code, 'widget_load_failed');
      await page.locator('script[src*="okta-sign-in"]').waitFor({ state: 'detached' });
      fixture.cdn.instead.clear();
      await page.clock.resume();
      await page.getByRole('button', { name: 'Try again' }).click();
      await formIsThere(page);
      assert.deepEqual(fixture.cdn.asked, [script, script]);
      const ended = page.waitForEvent('requestfinished', (request) => request.url().endsWith(script));
      answer();
      await ended;
      assert.equal(await page.evaluate(() => 'OktaSignIn' in globalThis), false);
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
    });

    for (const [name, said, right] of [
      ['okta-sign-in.next.js', '2', '3'],
      ['okta-sign-in.oie.min.js', '3', '2'],
    ] as const) {
      it(`says when it is not generation ${said}, and goes on when that is put right`, async () => {
        const page = await fixture.visit({
          config: { 'widget-src': fixture.cdn.script(name), 'widget-generation': said },
          head,
          body,
        });
        const { code, message } = await failure(page);
        assert.equal(code, 'config_invalid');
        assert.match(message, /set widget-generation to what it is/);
        await fixture.revisit(page, {
          config: { 'widget-src': fixture.cdn.script(name), 'widget-generation': right },
          head,
          body,
        });
        await formIsThere(page);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });
    }

    it('says when its address is not a safe one, and asks for nothing', async () => {
      const page = await fixture.visit({ config: { 'widget-src': 'http://cdn.example/okta.js' }, head, body });
      assert.equal((await failure(page)).code, 'config_invalid');
      assert.deepEqual([...fixture.hosts(page)], [new URL(fixture.origin).host]);
    });
  });

  describe('under a content security policy', () => {
    const policy = (scripts: string, more = '') =>
      `script-src ${scripts}; style-src 'self' 'unsafe-inline'; base-uri 'none'${more}`;
    const notes = `<script nonce="n1">
      globalThis.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
    </script>`;
    const violations = () => (globalThis as unknown as { violations: string[] }).violations;

    it('gives the script the page’s nonce', async () => {
      const page = await fixture.visit({
        config: { 'widget-src': fixture.cdn.script('okta-sign-in.oie.min.js'), nonce: 'n1' },
        head: notes,
        body,
        headers: { 'Content-Security-Policy': policy("'self' 'nonce-n1'") },
      });
      await formIsThere(page);
      assert.deepEqual(await page.evaluate(violations), []);
    });

    it('makes a policy for its address alone, where addresses of scripts must be trusted', async () => {
      const trusted = "; require-trusted-types-for 'script'; trusted-types okta-elements default";
      const page = await fixture.visit({
        config: { 'widget-src': fixture.cdn.script('okta-sign-in.oie.min.js'), nonce: 'n1' },
        // jQuery, which generation 2 is built on, writes HTML as text.
        head: `${notes}<script nonce="n1">trustedTypes.createPolicy('default', { createHTML: (html) => html });</script>`,
        body,
        headers: { 'Content-Security-Policy': policy("'self' 'nonce-n1'", trusted) },
      });
      await formIsThere(page);
      assert.deepEqual(await page.evaluate(violations), []);
    });

    it('says what to add to the policy, and loads nothing', async () => {
      const trusted = "; require-trusted-types-for 'script'; trusted-types 'none'";
      const page = await fixture.visit({
        config: { 'widget-src': fixture.cdn.script('okta-sign-in.oie.min.js') },
        head: notes + NOTE_ERRORS.replace('<script', '<script nonce="n1"'),
        body,
        headers: { 'Content-Security-Policy': policy("'self' 'nonce-n1'", trusted) },
      });
      const { code, message } = await failure(page);
      assert.equal(code, 'widget_load_failed');
      assert.match(message, /add okta-elements to its trusted-types/);
      assert.deepEqual(fixture.cdn.asked, []);
    });
  });
});
