import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { serveFiles } from '../../stories/munchbox/static-files.js';
import { chromiumArguments, ensureBrowser } from '../support/runners/browsers.js';
import { start, stop } from '../support/runners/processes.js';
import { configuration } from '../support/pages/configuration.js';
import { until } from './support/session.js';

/*
 * A browser that is driven over DevTools does not prerender. This one is started with an address and nothing else: its
 * pages act by themselves, and what they do is seen at the servers.
 */

/** What a page asks for is noted here, as `host path`. */
const asked: string[] = [];
let site: Loopback;
let issuer: Loopback;
let browser: ChildProcess | undefined;
let profile: string;

/** Sent once the test wants the visitor to click. */
let click: (() => void) | undefined;

const page = (body: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
  <script type="module" src="/okta-elements/okta-elements.js"></script>${body}`;

function members(): string {
  const settings = { issuer: `http://localhost:${issuer.port}`, 'client-id': 'app', 'idle-timeout': '600' };
  return page(`${configuration(settings)}
    <okta-guard unauthenticated="redirect"><p>Members</p></okta-guard>
    <okta-signin auto></okta-signin>
    <okta-signin mode="embedded"></okta-signin>
    <script type="module">
      import '/okta-elements/okta-elements.js';
      // The elements have had every chance to act: their first updates, and five more tasks.
      for (let task = 0; task < 5; task++) await new Promise((resolve) => setTimeout(resolve));
      const kept = JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)]);
      fetch('/seen?' + new URLSearchParams({ prerendering: document.prerendering, kept }));
    </script>`);
}

const home = () =>
  page(`<script type="speculationrules">{"prerender":[{"urls":["/members"],"eagerness":"immediate"}]}</script>
    <a href="/members">Members</a>
    <script type="module">await fetch('/click'); document.querySelector('a').click();</script>`);

describe('a page that the browser prerenders', () => {
  before(async () => {
    const files = serveFiles({
      mounts: [{ path: '/okta-elements/', folder: fileURLToPath(new URL('../../dist/cdn', import.meta.url)) }],
      headers: () => ({}),
      rewrite: (html) => html,
      notFound: fileURLToPath(new URL('../../stories/munchbox/pages/404.html', import.meta.url)),
    });
    site = await listenOnLoopback((req, res) => {
      const path = req.url!;
      if (path.startsWith('/okta-elements/')) return void files(req, res).catch(() => res.destroy());
      asked.push(`site ${path}`);
      if (path === '/click') click = () => res.end();
      else res.writeHead(200, { 'Content-Type': 'text/html' }).end(path === '/members' ? members() : home());
    }, 0);
    issuer = await listenOnLoopback((req, res) => {
      asked.push(`issuer ${req.url}`);
      res.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end();
    }, 0);
    profile = await mkdtemp(join(tmpdir(), 'prerendering-'));
    const address = `http://localhost:${site.port}/`;
    const options = ['--headless=new', ...chromiumArguments, `--user-data-dir=${profile}`];
    browser = start(await ensureBrowser('chromium'), [...options, address], { stdio: 'ignore' });
  });
  after(async () => {
    const ended = browser && new Promise((resolve) => browser!.once('exit', resolve));
    if (browser) stop(browser);
    await ended;
    await Promise.all([site?.close(), issuer?.close()]);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  it('asks nothing and keeps nothing before it is activated, and then begins', async () => {
    await until(() => asked.some((path) => path.startsWith('site /seen')) && Boolean(click), 'it is prerendered');
    const seen = new URL(asked.find((path) => path.startsWith('site /seen'))!.slice(5), 'http://site');
    assert.equal(seen.searchParams.get('prerendering'), 'true');
    assert.equal(seen.searchParams.get('kept'), '[[],[]]');
    assert.deepEqual(
      asked.filter((path) => path.startsWith('issuer')),
      [],
    );
    click!();
    await until(() => asked.some((path) => path.startsWith('issuer')), 'the sign-in begins once the page is activated');
  });
});
