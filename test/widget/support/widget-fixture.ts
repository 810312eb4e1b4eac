import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { after, afterEach, before } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { listenOnLoopback, type Loopback } from '../../../src/org/server.js';
import {
  pageFixture,
  type PageContent,
  type PageFixture,
  type PageFixtureOptions,
} from '../../e2e/support/page-fixture.js';
import { forget, reusedTab } from './reused-tab.js';

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

export interface WidgetFixture extends PageFixture {
  readonly cdn: Cdn;
  /** Puts a page at a path and opens it in a browser nobody has used yet. */
  visit(content: PageContent, options?: VisitOptions): Promise<Page>;
  /** Puts another page at the path of one that was visited, and opens it in the same tab, which remembers nothing. */
  revisit(page: Page, content: PageContent): Promise<void>;
  /** `host:port` of everything that page asked for something. */
  hosts(page: Page): Set<string>;
  /** What the browser refused that page by its policy: `directive refuses address`, and what it says on its console. */
  refusals(page: Page): string[];
}

export interface VisitOptions {
  path?: string;
  /** Called before the page goes to its address. */
  before?(page: Page): Promise<void>;
  /** In a profile of its own: for a test that changes the clock, adds scripts or measures memory. Default false. */
  fresh?: boolean;
}

/** Runs in the page. */
function noteRefusals(): void {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
    (globalThis as unknown as { noteRefusal(text: string): void }).noteRefusal(
      `${effectiveDirective} refuses ${blockedURI} ${sample}`,
    );
  });
}

export function widgetFixture(options: PageFixtureOptions = {}): WidgetFixture {
  const fixture = pageFixture(options);
  const instead: Cdn['instead'] = new Map();
  const asked: string[] = [];
  const problems: string[] = [];
  const hosts = new WeakMap<Page, Set<string>>();
  const refusals = new WeakMap<Page, string[]>();
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
  const tab = reusedTab({
    async open() {
      const profile = await fixture.browser.newContext();
      profile.setDefaultTimeout(60_000);
      profile.on('weberror', (error) => problems.push(String(error.error())));
      // tsx has functions call this to keep their names, also those that run in a page.
      await profile.addInitScript('globalThis.__name = (value) => value');
      await profile.exposeBinding('noteRefusal', ({ page }, text: string) => void refusals.get(page)?.push(text));
      await profile.addInitScript(noteRefusals);
      return profile;
    },
    keep: (profile) => fixture.keep(profile),
    blank: () => `${fixture.origin}/blank`,
  });
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
  return Object.assign(Object.create(fixture) as PageFixture, {
    cdn,
    async visit(content: PageContent, { path = '/', before: prepare, fresh }: VisitOptions = {}) {
      fixture.page(path, content);
      const page = await tab(fresh);
      const [seen, refused] = [new Set<string>(), [] as string[]];
      hosts.set(page, seen);
      refusals.set(page, refused);
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http')) seen.add(host);
      });
      page.on('console', (message) => {
        const text = message.text();
        if (/content security policy|trusted ?(types|html|script)/i.test(text)) refused.push(text);
      });
      await prepare?.(page);
      await page.goto(fixture.origin + path);
      return page;
    },
    async revisit(page: Page, content: PageContent) {
      const { pathname } = new URL(page.url());
      await forget(page, `${fixture.origin}/blank`);
      fixture.page(pathname, content);
      await page.goto(fixture.origin + pathname);
    },
    hosts: (page: Page) => hosts.get(page)!,
    refusals: (page: Page) => refusals.get(page)!,
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
    // The state changes at once, the event waits for its texts.
    while (errors.length === 0)
      await new Promise((resolve) => el.addEventListener('okta-error', resolve, { once: true }));
    return errors.at(-1)!;
  });
}

/** For the head of a page: notes the errors that `failure` reads. */
export const NOTE_ERRORS = `<script>
  globalThis.errors = [];
  document.addEventListener('okta-error', ({ code, message }) => errors.push({ code, message }));
</script>`;
