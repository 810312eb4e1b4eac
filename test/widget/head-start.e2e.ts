import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ada } from '../e2e/support/page-fixture.js';
import { widgetFixture, formIsThere, isSignedIn, signInAs, WIDGET_PAGE, widgetFile } from './support/widget-fixture.js';

const builds = { 2: 'okta-sign-in.oie.min.js', 3: 'okta-sign-in.next.no-polyfill.js' } as const;

describe('while the widget is on its way', () => {
  const fixture = widgetFixture();

  /** What was asked of the Identity Engine before the first form, preflights apart. */
  const record = (asked: string[]) => async (page: Page) => {
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      if (/\/v1\/interact|\/idp\/idx\//.test(path)) asked.push(path.replace(/.*\/(v1|idx)\//, ''));
    });
  };

  for (const [generation, name] of Object.entries(builds)) {
    // What else is asked for is the same for both, and which parameters are sent is in options.test.ts.
    const more = generation === '2' ? ['acr-values="urn:okta:loa:1fa:any" max-age="600"'] : [];
    for (const attributes of ['', 'lang="de"', ...more]) {
      it(`asks Okta for the form, once: generation ${generation} ${attributes}`, async () => {
        let release: (() => void) | undefined;
        fixture.cdn.instead.set(`/js/${name}`, (res: ServerResponse) => {
          release = () => {
            res.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' });
            res.end(widgetFile(`js/${name}`));
          };
        });
        const asked: string[] = [];
        const page = await fixture.visit(
          {
            config: { 'widget-src': fixture.cdn.script(name) },
            body: WIDGET_PAGE.replace('mode', `${attributes} mode`),
          },
          {
            before: async (opened) => {
              await record(asked)(opened);
            },
          },
        );
        // The widget's code is not there yet.
        await page.waitForFunction(() =>
          performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('/idp/idx/introspect')),
        );
        assert.deepEqual(asked, ['interact', 'introspect']);
        assert.equal(await page.locator('main').count(), 0);
        release!();
        await formIsThere(page);
        assert.deepEqual(asked, ['interact', 'introspect']);
        if (attributes) return;
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });
    }
  }

  it('leaves it to the widget where a function chooses the language', async () => {
    const asked: string[] = [];
    const spoken: (string | undefined)[] = [];
    const page = await fixture.visit(
      {
        config: { 'widget-generation': '2' },
        body: `${WIDGET_PAGE}<script>document.querySelector('okta-signin').widgetOptions = { language: () => 'fr' }</script>`,
      },
      {
        before: async (opened) => {
          await record(asked)(opened);
          opened.on('request', (request) => {
            if (new URL(request.url()).origin === fixture.org.origin) spoken.push(request.headers()['accept-language']);
          });
        },
      },
    );
    await page.getByText('Connexion').first().waitFor();
    assert.deepEqual(asked, ['interact', 'introspect']);
    assert.deepEqual(
      spoken.filter((language) => language?.includes('=>')),
      [],
    );
  });

  it('lets the widget ask for itself when that failed', async () => {
    const name = builds[2];
    const asked: string[] = [];
    let refused = (): void => {};
    const refusal = new Promise<void>((resolve) => (refused = resolve));
    fixture.cdn.instead.set(`/js/${name}`, (res: ServerResponse) => {
      void refusal.then(() => {
        fixture.org.faults.clear();
        res.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' });
        res.end(widgetFile(`js/${name}`));
      });
    });
    const page = await fixture.visit(
      { config: { 'widget-src': fixture.cdn.script(name) }, body: WIDGET_PAGE },
      {
        before: async (opened) => {
          fixture.org.faults.set('interact', { status: 503, body: '{}' });
          opened.on('response', (response) => response.status() === 503 && refused());
          await record(asked)(opened);
        },
      },
    );
    await formIsThere(page);
    assert.deepEqual(asked, ['interact', 'interact', 'introspect']);
  });
});
