import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { after, afterEach, before } from 'node:test';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { listenOnLoopback, type Loopback } from '../../../src/org/server.js';
import { site, type PageContent, type Site, type SiteOptions } from '../../e2e/support/site.js';

/* Whole pages with `<okta-signin mode="embedded">`, as their authors would write them, on the built package. */

const dist = join(dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json')), 'dist');

/** A file of the widget's own npm package. */
export const widgetFile = (path: string): Buffer => readFileSync(join(dist, path));

/** Both designs, as the configuration names them. */
export const generations = ['2', '3'] as const;

/** Another origin with the builds of Okta's widget on it, as Okta's CDN has them. */
export interface Cdn {
  readonly origin: string;
  /** Address of a build. */
  script(name: string): string;
  /** What happens in place of an answer, by path. */
  readonly instead: Map<string, (res: ServerResponse) => void>;
  /** Paths that were asked for. */
  readonly asked: string[];
}

export interface EmbeddedSite extends Site {
  readonly cdn: Cdn;
  /** Puts a page at a path and opens it in a browser nobody has used yet. */
  visit(content: PageContent, options?: { path?: string; before?(page: Page): Promise<void> }): Promise<Page>;
  /** `host:port` of everything that page asked for something. */
  hosts(page: Page): Set<string>;
}

export function embeddedSite(options: SiteOptions = {}): EmbeddedSite {
  const own = site(options);
  const instead: Cdn['instead'] = new Map();
  const asked: string[] = [];
  const problems: string[] = [];
  const hosts = new WeakMap<Page, Set<string>>();
  let server: Loopback;
  before(async () => {
    server = await listenOnLoopback((req, res) => {
      const path = normalize(req.url!.replace(/[?#].*$/s, ''));
      asked.push(path);
      const answer = instead.get(path);
      if (answer) return answer(res);
      try {
        const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
        const headers = { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' };
        res.writeHead(200, headers).end(widgetFile(path));
      } catch {
        res.writeHead(404).end();
      }
    }, 0);
  });
  after(() => server?.close());
  afterEach(() => {
    instead.clear();
    asked.length = 0;
    assert.deepEqual(problems.splice(0), [], 'no page threw');
  });
  const origin = () => `http://127.0.0.1:${server.port}`;
  const cdn: Cdn = {
    get origin() {
      return origin();
    },
    script: (name) => `${origin()}/js/${name}`,
    instead,
    asked,
  };
  return Object.assign(Object.create(own) as Site, {
    cdn,
    async visit(
      content: PageContent,
      { path = '/', before: prepare }: { path?: string; before?(page: Page): Promise<void> } = {},
    ) {
      own.page(path, content);
      const context: BrowserContext = await own.browser.newContext();
      context.setDefaultTimeout(60_000);
      context.on('weberror', (error) => problems.push(String(error.error())));
      // tsx has functions call this to keep their names, also those that run in a page.
      await context.addInitScript('globalThis.__name = (value) => value');
      const page = await context.newPage();
      const seen = new Set<string>();
      hosts.set(page, seen);
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http')) seen.add(host);
      });
      await prepare?.(page);
      await page.goto(own.origin + path);
      return page;
    },
    hosts: (page: Page) => hosts.get(page)!,
  });
}

/** The page of most tests: nothing but the widget. */
export const WIDGET_PAGE = '<okta-signin mode="embedded"></okta-signin>';

/** The field for the name, in light DOM or in a shadow tree. */
export const identifier = (page: Page): Locator => page.locator('input[name=identifier]');

/** Waits for the first form. */
export async function formIsThere(page: Page): Promise<void> {
  await identifier(page).waitFor();
}

/** Signs in with the form that is there: name and password at once, or one after the other. */
export async function signInAs(page: Page, login: string, password: string): Promise<void> {
  await fillIn(page, 'identifier', login);
  await fillIn(page, 'credentials.passcode', password);
  await page.locator('main#okta-sign-in [type=submit]').click();
}

/** Types, and types again when the widget rendered the form anew in between. */
async function fillIn(page: Page, name: string, value: string): Promise<void> {
  const field = page.locator(`input[name="${name}"]`);
  for (let attempt = 0; attempt < 5 && (await field.inputValue()) !== value; attempt += 1) await field.fill(value);
}

/** Waits until somebody is signed in. */
export async function isSignedIn(page: Page): Promise<void> {
  await page.locator('okta-signin[state=signed-in]').waitFor({ state: 'attached' });
}

/** Waits for an error of the element, and says which. */
export async function failure(page: Page): Promise<{ code: string; message: string }> {
  const element = page.locator('okta-signin[state=error]');
  await element.waitFor();
  return element.evaluate(async (el) => {
    const { errors } = globalThis as unknown as { errors: { code: string; message: string }[] };
    return { ...errors.at(-1)!, message: el.shadowRoot!.querySelector('[part=error]')!.textContent };
  });
}

/** For the head of a page: notes the errors that `failure` reads. */
export const NOTE_ERRORS = `<script>
  globalThis.errors = [];
  document.addEventListener('okta-error', ({ code, message }) => errors.push({ code, message }));
</script>`;
