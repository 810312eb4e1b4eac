import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Frame, type FrameLocator, type Page } from 'playwright-core';
import { deployFrame } from '../../../src/deploy/deploy-frame.js';
import { parseFrameSettings } from '../../../src/widget/frame/settings.js';
import { serveFiles } from '../../../stories/munchbox/static-files.js';
import { chromiumArguments, findBrowser } from '../../support/runners/browsers.js';
import { pageFixture, type PageContent, type PageFixtureOptions } from '../../e2e/support/page-fixture.js';
import { peopleOf, type PeopleFixture, type FlowPage } from '../../widget/support/flows.js';
import { detectLeaks } from '../../widget/support/leak-detector.js';
import { closeContexts } from '../../support/pages/close-contexts.js';

/** Whether the page and the frame are of one site (of one registrable domain). */
export const places = { 'same-site': 'app.example.localhost', 'cross-site': 'localhost' } as const;
export type Place = keyof typeof places;

const FRAME_HOST = 'signin.example.localhost';
const built = fileURLToPath(new URL('../../../dist/frame/', import.meta.url));

/** How the frame is deployed. */
export interface Deployment {
  /** Default 2. */
  generation?: 2 | 3;
  /** Settings of the frame, in place of the right ones. */
  settings?(right: Record<string, unknown>): Record<string, unknown>;
  /** Headers of the frame page, in place of the right ones. */
  headers?(right: Record<string, string>): Record<string, string>;
}

export interface FrameFixtureOptions extends Omit<PageFixtureOptions, 'hosts'> {
  place?: Place;
}

export interface FrameFixture extends PeopleFixture {
  /** Origin of the pages. */
  readonly app: string;
  /** Address of the frame page. */
  readonly frame: string;
  /** Deploys the frame in another way, until the end of the test. */
  deploy(deployment: Deployment): Promise<void>;
  /** Puts the page with the form at a path. */
  put(setting?: Setting): void;
  /**
   * Opens the page in a new browser context. It has no storage for frames of other sites, unless `thirdParty` is set.
   */
  visit(setting?: Setting): Promise<FramePage>;
}

/** A page with the form in a frame, and how it is visited. */
export interface Setting extends PageContent {
  /** Attributes of the tag. */
  tag?: string;
  /** Default `/`. */
  path?: string;
  thirdParty?: boolean;
  before?(page: Page): Promise<void>;
}

export type FramePage = FlowPage & { readonly form: FrameLocator };

/** A site, and a sign-in frame on another origin, deployed as its author would. */
export function frameFixture({ place = 'same-site', ...options }: FrameFixtureOptions = {}): FrameFixture {
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-frame-'));
  let headers: Record<string, string> = {};
  const serve = serveFiles({
    mounts: [{ path: '/', folder }],
    headers: () => headers,
    rewrite: (html) => html,
    notFound: join(folder, 'index.html'),
  });
  const answer = (req: IncomingMessage, res: ServerResponse) => void serve(req, res).catch(() => res.destroy());
  const fixture = pageFixture({
    embedded: true,
    // Only the full browser blocks storage of cross-site frames.
    launch: place === 'cross-site' ? {} : undefined,
    ...options,
    hosts: { [FRAME_HOST]: answer, [places['same-site']]: undefined },
  });
  const port = () => new URL(fixture.origin).port;
  const app = () => `http://${places[place]}:${port()}`;
  async function deploy({ generation = 2, settings, headers: change }: Deployment = {}): Promise<void> {
    const right = {
      issuer: fixture.org.issuer,
      clientId: 'app',
      redirectUri: `${app()}/`,
      scopes: 'openid profile email groups offline_access',
      parents: [app()],
      generation,
    };
    const sent = await deployFrame(parseFrameSettings(settings?.(right) ?? right), folder, built);
    headers = change?.(sent) ?? sent;
    isDefault = generation === 2 && !settings && !change;
  }
  let isDefault = true;
  before(() => deploy());
  afterEach(async () => {
    if (!isDefault) await deploy();
  });
  after(() => {
    for (const path of [folder, ...profiles]) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
  });

  const contexts: BrowserContext[] = [];
  const profiles: string[] = [];
  /** Launches a browser whose user allows storage for frames of other sites. */
  async function permissive(): Promise<BrowserContext> {
    const profile = mkdtempSync(join(tmpdir(), 'profile-'));
    mkdirSync(join(profile, 'Default'));
    writeFileSync(
      join(profile, 'Default', 'Preferences'),
      JSON.stringify({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }),
    );
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findBrowser('chromium'),
      args: chromiumArguments,
    });
    context.setDefaultTimeout(60_000);
    // tsx makes functions call this to keep their names, also in a page.
    await context.addInitScript('globalThis.__name = (value) => value');
    contexts.push(context);
    profiles.push(profile);
    return context;
  }
  afterEach(async () => {
    await closeContexts(contexts.splice(0));
  });

  const framed = {
    ...peopleOf(fixture),
    deploy,
    get app() {
      return app();
    },
    get frame() {
      return `http://${FRAME_HOST}:${port()}/`;
    },
    put(this: FrameFixture, { tag = '', path = '/', config, ...content }: Setting = {}) {
      fixture.page(path, { config: { 'frame-src': this.frame, ...config }, body: framedBody(tag), ...content });
    },
    async visit(this: FrameFixture, { before: prepare, thirdParty, ...setting }: Setting = {}) {
      this.put(setting);
      const profile = thirdParty ? await permissive() : await fixture.profile();
      const leaks = await detectLeaks(profile);
      const page = await profile.newPage();
      await prepare?.(page);
      await page.goto(`${app()}${setting.path ?? '/'}`);
      return { profile, page, leaks, form: inFrame(page) };
    },
  };
  return Object.create(fixture, Object.getOwnPropertyDescriptors(framed)) as FrameFixture;
}

/** A page with the form in a frame. */
const framedBody = (tag: string) => `
  <p><a id="above" href="#above">Above</a></p>
  <okta-signin mode="embedded" isolation="frame" ${tag}></okta-signin>
  <okta-guard><p id="secret">For <okta-user claim="email"></okta-user> only</p></okta-guard>
  <p><a id="below" href="#below">Below</a></p>`;

/** What is in the frame. */
export const inFrame = (page: Page): FrameLocator => page.frameLocator('okta-signin iframe');

/** The document in the frame. */
export const frameOf = (page: Page): Frame => page.frames().find((frame) => frame !== page.mainFrame())!;

/** Whether the browser keeps storage from the frame, so that it has one in memory. */
export const isKeptFromStorage = (page: Page): Promise<boolean> =>
  frameOf(page).evaluate(() => Object.hasOwn(Object.getOwnPropertyDescriptor(window, 'sessionStorage') ?? {}, 'value'));
