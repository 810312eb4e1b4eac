import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { recordEvents } from './support/event-recorder.js';
import { until } from './support/session.js';
import { ada, pageFixture } from './support/page-fixture.js';
import { configuration } from '../support/pages/configuration.js';
import { CONTENT, mistakes } from './mistakes.js';

const documentation = readFileSync(new URL('../../stories/docs/mistakes.md', import.meta.url), 'utf8');

/** Stands for the site that is known only while tests run. */
const nowhere = { issuer: 'https://example.okta.com/oauth2/default', elsewhere: 'https://other.example' };

describe('a mistake of an author', () => {
  const fixture = pageFixture();
  const site = () => ({ issuer: fixture.org.issuer, elsewhere: fixture.elsewhere });

  mistakes(nowhere).forEach(({ name, code }, index) => {
    it(`is named on the console, closes the page and dispatches ${code}: ${name}`, async () => {
      const { configuration: written, body = CONTENT, names, signedIn } = mistakes(site())[index]!;
      const right = configuration({ issuer: fixture.org.issuer, 'client-id': 'app' });
      fixture.file(
        '/',
        'text/html; charset=utf-8',
        `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Page</title>
         <style>okta-guard:not(:defined) { display: none }</style>
         <script type="module" src="/okta-elements/okta-elements.js"></script>
         <body>${written ?? right}${body}</body></html>`,
      );
      const profile = await (signedIn ? fixture.signedIn(ada) : fixture.profile());
      await recordEvents(profile);
      const page = await profile.newPage();
      const said: string[] = [];
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
      await page.goto(fixture.origin);
      const line = () => said.find((text) => text.includes(`(${code})`));
      await until(() => Boolean(line()), `the console names ${code}: ${said.join('\n')}`);
      assert.match(line()!, names);
      assert.match(line()!, /To change: /);
      await page.waitForFunction(
        (wanted) => window.witness.events.some(({ type, said }) => type === 'okta-error' && said.includes(wanted)),
        code,
      );
      assert.equal(await page.locator('#secret').isVisible(), false);
      const visible = await page.locator('body').innerText();
      assert.doesNotMatch(visible, /config_|guard_|okta-config|issuer|client-id/);
    });
  });

  it('is in the documentation, each with its code', () => {
    const rows = [...documentation.matchAll(/^\| (.+?) +\| `(\w+)` +\|/gm)].map(([, name, code]) => [
      name!.replaceAll('`', '').replaceAll('\\|', '|'),
      code,
    ]);
    assert.deepEqual(
      rows,
      mistakes(nowhere).map(({ name, code }) => [name, code]),
    );
  });
});
