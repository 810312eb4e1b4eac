import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { jsonConfiguration } from '../support/pages/configuration.js';
import { recordEvents } from './support/event-recorder.js';
import { signIn, until } from './support/session.js';
import { ada, EVERYTHING, pageFixture } from './support/page-fixture.js';

/* Who may configure a page. The fixture's pages have one `<okta-config>`; these have what each test writes. */

const SCRIPT = '<script type="module" src="/okta-elements/okta-elements.js"></script>';

describe('who may configure a page:', () => {
  let stream: ((res: ServerResponse) => void) | undefined;
  const fixture = pageFixture({
    hosts: {
      'stream.localhost': (req, res) => {
        if (req.url === '/') stream!(res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }));
        else res.writeHead(302, { location: `${fixture.origin}${req.url}`, 'Access-Control-Allow-Origin': '*' }).end();
      },
    },
  });

  const owner = () => ({
    issuer: fixture.org.issuer,
    'client-id': 'app',
    scopes: 'openid profile email groups offline_access',
  });
  const tag = (settings: Readonly<Record<string, string>>) =>
    `<okta-config ${Object.entries(settings)
      .map(([name, value]) => `${name}="${value}"`)
      .join(' ')}></okta-config>`;
  const evil = () => ({ issuer: `${fixture.elsewhere}/oauth2/default`, 'client-id': 'evil' });

  /** Puts a page of the owner's and its authors' at `/`. */
  function write(head: string, body: string): void {
    fixture.file(
      '/',
      'text/html; charset=utf-8',
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Blog</title>
       <style>okta-guard:not(:defined) { display: none }</style>${head}</head><body>${body}</body></html>`,
    );
  }

  async function openPage(head: string, body: string, profile?: BrowserContext): Promise<Page> {
    write(head, body);
    const context = profile ?? (await fixture.profile(ada));
    await recordEvents(context);
    return fixture.open(context, '/');
  }

  /** The errors of a page so far. */
  function errorsOf(page: Page): Promise<{ code: string; message: string }[]> {
    return page.evaluate(() =>
      window.witness.events
        .filter(({ type }) => type === 'okta-error')
        .map(({ said }) => JSON.parse(said) as { code: string; message: string }),
    );
  }

  async function error(page: Page, code: string): Promise<{ code: string; message: string }> {
    const find = async () => (await errorsOf(page)).find((one) => one.code === code);
    await until(async () => Boolean(await find()), `an okta-error with ${code}`);
    return (await find())!;
  }

  describe('a page with JSON of its owner', () => {
    const json = () => jsonConfiguration(owner());
    const places: Record<string, () => [head: string, body: string]> = {
      'the JSON is in the head': () => [`${json()}${SCRIPT}`, `${tag(evil())}${EVERYTHING}`],
      'the JSON comes last': () => [SCRIPT, `${tag(evil())}${EVERYTHING}${json()}`],
      'the tag comes first, before the script': () => ['', `${tag(evil())}${EVERYTHING}${SCRIPT}${json()}`],
      'the module is async': () => [SCRIPT.replace('type', 'async type'), `${tag(evil())}${EVERYTHING}${json()}`],
      'the tag is in a shadow root': () => [
        `${SCRIPT}${json()}`,
        `<div><template shadowrootmode="open">${tag(evil())}</template></div>${EVERYTHING}`,
      ],
      'a script moves the tag': () => [
        SCRIPT,
        `${tag(evil())}${EVERYTHING}${json()}
         <script type="module">document.body.append(document.querySelector('okta-config'))</script>`,
      ],
      'a script puts the tag back': () => [
        SCRIPT,
        `${tag(evil())}${EVERYTHING}${json()}<script type="module">
           const config = document.querySelector('okta-config');
           config.remove();
           setTimeout(() => document.body.prepend(config));
         </script>`,
      ],
    };
    for (const [place, content] of Object.entries(places)) {
      it(`signs in at the owner’s issuer when ${place}`, async () => {
        const page = await openPage(...content());
        await error(page, 'config_not_allowed');
        await signIn(page, ada);
        assert.deepEqual(fixture.askedElsewhere, []);
      });
    }

    for (const [what, names] of [
      ['', ''],
      [' and whose author hides that', '<img name="readyState" alt=""><form name="scripts"></form>'],
    ] as const)
      it(`waits for the JSON of a page that is still loading${what}`, async () => {
        let send: ServerResponse | undefined;
        const address = fixture.origin.replace('localhost', 'stream.localhost');
        stream = (res) => {
          send = res;
          const script = `<script async type="module" src="${fixture.origin}/okta-elements/okta-elements.js"></script>`;
          res.write(
            `<!doctype html><title>Blog</title><link rel="icon" href="data:,">${names}${script}${tag(evil())}${EVERYTHING}`,
          );
        };
        const profile = await fixture.profile(ada);
        await recordEvents(profile);
        await profile.route('**/okta-elements/**', async (route) => {
          const response = await route.fetch({ url: route.request().url().replace('stream.localhost', 'localhost') });
          await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
        });
        const page = await profile.newPage();
        await page.goto(address, { waitUntil: 'commit' });
        // The elements are defined, and the parser has not reached the end.
        await page.waitForFunction(() => customElements.get('okta-user'));
        const state = () => Reflect.get(Document.prototype, 'readyState', document) as string;
        assert.equal(await page.evaluate(state), 'loading');
        const half = Math.floor(json().length / 2);
        send!.write(json().slice(0, half));
        await page.waitForFunction(() => document.querySelectorAll('script').length > 1);
        assert.deepEqual(await errorsOf(page), []);
        send!.end(json().slice(half));
        await error(page, 'config_not_allowed');
        await page.waitForFunction(() => document.querySelector('okta-signin')?.getAttribute('state') === 'idle');
        const issuer = await page.evaluate(
          () =>
            (document.querySelector('okta-config') as unknown as { client: { config: { issuer: string } } }).client
              .config.issuer,
        );
        assert.equal(issuer, fixture.org.issuer);
      });

    it('leaves a page alone whose JSON is broken: nobody can sign in, and no tag takes over', async () => {
      const page = await openPage(
        `${SCRIPT}<script type="application/json" data-okta-config>{ "issuer": </script>`,
        `${tag(owner())}${EVERYTHING}`,
      );
      await error(page, 'config_invalid');
      await page.locator('okta-signin[state=error]').waitFor();
      assert.equal(await page.locator('#secret').isVisible(), false);
    });

    it('has several configurations, by name, with everything that JSON can say', async () => {
      const second = {
        ...owner(),
        name: 'second',
        'client-id': 'other',
        'allowed-origins': [fixture.elsewhere],
        widgetOptions: { colors: { brand: '#123456' } },
      };
      const page = await openPage(
        `${SCRIPT}${jsonConfiguration([owner(), second])}`,
        '<okta-signin></okta-signin><okta-signin config="second"></okta-signin>',
      );
      const config = await page.evaluate(async () => {
        const url = '/okta-elements/okta-elements.js';
        const { getClient } = (await import(url)) as {
          getClient(name: string): { config: { allowedOrigins: string[]; said: { widgetOptions: unknown } } };
        };
        const { allowedOrigins, said } = getClient('second').config;
        return { allowedOrigins, widgetOptions: said.widgetOptions };
      });
      assert.deepEqual(config, {
        allowedOrigins: [fixture.elsewhere],
        widgetOptions: { colors: { brand: '#123456' } },
      });
    });

    it('reads the settings file that the JSON names', async () => {
      fixture.file('/okta.json', 'application/json', JSON.stringify(owner()));
      const page = await openPage(`${SCRIPT}${jsonConfiguration({ src: '/okta.json' })}`, EVERYTHING);
      await signIn(page, ada);
    });

    it('cancels two entries of one name', async () => {
      const page = await openPage(
        `${SCRIPT}${jsonConfiguration([owner(), { ...owner(), 'client-id': 'other' }])}`,
        EVERYTHING,
      );
      await error(page, 'config_conflict');
      await page.locator('okta-signin[state=error]').waitFor();
    });
  });

  describe('a script that calls configure()', () => {
    const late = (delay: string) => `<script type="module">
      import { configure } from '/okta-elements/okta-elements.js';
      ${delay}
      configure({ issuer: '${fixture.org.issuer}', clientId: 'app', scopes: 'openid profile email groups offline_access' });
    </script>`;

    for (const [when, delay] of [
      ['in the same task as the elements', ''],
      ['later than the tags', "await new Promise((resolve) => addEventListener('load', () => setTimeout(resolve)));"],
    ] as const) {
      it(`ends what tags configured, ${when}`, async () => {
        const page = await openPage(SCRIPT, `${tag(evil())}${EVERYTHING}${late(delay)}`);
        await error(page, 'config_not_allowed');
        await signIn(page, ada);
        assert.deepEqual(fixture.askedElsewhere, []);
      });
    }

    it('stops a sign-in at the issuer of a tag that has begun', async () => {
      // The discovery document of that issuer is on its way when the script configures the page.
      const profile = await fixture.profile(ada);
      let release = () => {};
      const asked = new Promise<void>((resolve) => {
        void profile.route(`${fixture.elsewhere}/**`, async (route) => {
          resolve();
          await new Promise<void>((go) => (release = go));
          const issuer = `${fixture.elsewhere}/oauth2/default`;
          const json = {
            issuer,
            authorization_endpoint: `${issuer}/v1/authorize`,
            token_endpoint: `${issuer}/v1/token`,
            jwks_uri: `${issuer}/v1/keys`,
          };
          await route.fulfill({ json, headers: { 'access-control-allow-origin': '*' } });
        });
      });
      const page = await openPage(
        SCRIPT,
        `${tag(evil())}<okta-signin auto></okta-signin>${EVERYTHING.replace(/<okta-signin.*signin>/, '')}`,
        profile,
      );
      await asked;
      await page.evaluate(async (issuer) => {
        const url = '/okta-elements/okta-elements.js';
        const { configure } = (await import(url)) as { configure(settings: object): void };
        configure({ issuer, clientId: 'app', scopes: 'openid profile email groups offline_access' });
      }, fixture.org.issuer);
      release();
      await page.locator('okta-signin[state=error]').waitFor();
      const request = page.waitForRequest(/\/v1\/authorize/);
      await page.locator('okta-signin').getByRole('button').click();
      assert.ok((await request).url().startsWith(fixture.org.issuer));
    });
  });

  describe('tags on a page whose whole HTML is trusted', () => {
    it('cancel each other when they have one name and different issuers or client ids', async () => {
      const page = await openPage(SCRIPT, `${tag(owner())}${tag(evil())}${EVERYTHING}`);
      await error(page, 'config_conflict');
      await page.locator('okta-signin[state=error]').waitFor();
      assert.equal(await page.locator('#secret').isVisible(), false);
      // Without the second one, the first counts again.
      const request = page.waitForRequest(/\/v1\/authorize/);
      await page.evaluate(() => document.querySelectorAll('okta-config')[1]!.remove());
      await page.locator('okta-signin').getByRole('button').click();
      assert.equal(new URL((await request).url()).searchParams.get('client_id'), 'app');
    });

    it('cannot share a redirect URI when they name two issuers', async () => {
      const page = await openPage(SCRIPT, `${tag(owner())}${tag({ ...evil(), name: 'other' })}${EVERYTHING}`);
      await error(page, 'config_conflict');
      await page.locator('okta-signin[state=error]').waitFor();
    });

    it('can name two issuers with a redirect URI each', async () => {
      const other = tag({ ...evil(), name: 'other', 'redirect-uri': '/other' });
      const page = await openPage(SCRIPT, `${tag(owner())}${other}${EVERYTHING}`);
      await signIn(page, ada);
      assert.deepEqual(await errorsOf(page), []);
    });

    for (const [name, value] of [
      ['allowed-origins', 'https://evil.example'],
      ['widget-src', '/uploads/widget.js'],
      ['widget-css', '/uploads/widget.css'],
      ['widget-integrity', 'sha384-AAAA'],
      ['widget-css-integrity', 'sha384-AAAA'],
      ['frame-src', 'https://evil.example/'],
      ['src', '/uploads/okta.json'],
    ] as const) {
      it(`may not set ${name}, and the message names the script form`, async () => {
        const page = await openPage(SCRIPT, `${tag({ ...owner(), [name]: value })}${EVERYTHING}`);
        const { message } = await error(page, 'config_not_allowed');
        assert.match(message, new RegExp(`${name}.*data-okta-config`));
        await page.locator('okta-signin[state=error]').waitFor();
      });
    }

    it('do not change the settings of an earlier tag', async () => {
      const page = await openPage(
        SCRIPT,
        `${tag(owner())}${tag({ ...owner(), scopes: 'openid', storage: 'memory', 'redirect-uri': '/elsewhere' })}${EVERYTHING}`,
      );
      await signIn(page, ada);
      assert.equal(new URL(page.url()).pathname, '/');
    });
  });

  describe('an authorization response', () => {
    it('does not count away from the redirect URI of its sign-in', async () => {
      const profile = await fixture.profile(ada);
      fixture.page('/', { config: { 'redirect-uri': '/callback' } });
      fixture.page('/elsewhere', { config: { 'redirect-uri': '/callback' } });
      // As an issuer would that sends the user with its response to another page of the site.
      fixture.file('/callback', 'text/html', '<script>location.replace(`/elsewhere${location.search}`)</script>');
      await recordEvents(profile);
      const sent: string[] = [];
      profile.on('request', (request) => sent.push(request.url()));
      const page = await fixture.open(profile, '/');
      await page.locator('okta-signin').getByRole('button').click();
      await page.waitForURL(/elsewhere/);
      await error(page, 'callback_invalid');
      assert.deepEqual(
        sent.filter((url) => url.endsWith('/v1/token')),
        [],
      );
      assert.equal(new URL(page.url()).search, '');
    });

    it('is not sent to an endpoint that another script has put into the storage', async () => {
      const profile = await fixture.profile(ada);
      fixture.page('/');
      const page = await fixture.open(profile, '/');
      await profile.addInitScript((elsewhere) => {
        for (const [key, value] of Object.entries(sessionStorage)) {
          if (!key.startsWith('okta-elements:transaction:')) continue;
          const transaction = JSON.parse(value as string) as { provider: Record<string, string> };
          transaction.provider.token_endpoint = `${elsewhere}/v1/token`;
          sessionStorage.setItem(key, JSON.stringify(transaction));
        }
      }, fixture.elsewhere);
      await signIn(page, ada);
      assert.deepEqual(fixture.askedElsewhere, []);
    });
  });
});
