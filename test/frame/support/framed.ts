import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type FrameLocator, type Page } from 'playwright-core';
import { deployFrame } from '../../../src/deploy/deploy-frame.js';
import { parseFrameSettings } from '../../../src/widget/frame/settings.js';
import { serveFiles } from '../../../stories/munchbox/static-files.js';
import { chromiumArguments, findBrowser } from '../../support/runners/browsers.js';
import { people, TOTP_SECRET } from '../../org/support/app.js';
import { site, type PageContent, type Site, type SiteOptions } from '../../e2e/support/site.js';

/** Whether the page and the frame are of one site (of one registrable domain). */
export const places = { 'same-site': 'app.example.localhost', 'cross-site': 'localhost' } as const;
export type Place = keyof typeof places;

/** A code of an authenticator app counts once, so each test has somebody of its own. */
export const withApp = {
  alan: { login: 'alan@example.com', password: 'alan-password', name: 'Alan Turing' },
  barbara: { login: 'barbara@example.com', password: 'barbara-password', name: 'Barbara Liskov' },
  edsger: { login: 'edsger@example.com', password: 'edsger-password', name: 'Edsger Dijkstra' },
} as const;
const [, ...others] = Object.values(withApp);
const users = [
  ...people.users,
  ...others.map(({ name, ...user }) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    return { ...user, firstName, lastName, totpSecret: TOTP_SECRET };
  }),
];

const FRAME_HOST = 'signin.example.localhost';
const built = fileURLToPath(new URL('../../../dist/frame/', import.meta.url));

export interface FramedOptions extends Omit<SiteOptions, 'hosts'> {
  generation?: 2 | 3;
  place?: Place;
  /** Settings of the frame, in place of those that are right. */
  settings?(right: Record<string, unknown>): Record<string, unknown>;
  /** Headers of the frame page, in place of those that come with it. */
  headers?(right: Record<string, string>): Record<string, string>;
}

export interface FramedSite extends Site {
  /** Origin of the pages. */
  readonly app: string;
  /** Address of the frame page. */
  readonly frame: string;
  /**
   * Opens a page with the framed form, in a browser nobody has used yet. It keeps storage from frames of other sites,
   * unless `thirdParty` is set.
   */
  visit(content?: PageContent & { thirdParty?: boolean; before?(page: Page): Promise<void> }): Promise<Page>;
}

/** A site, and a sign-in frame on another origin, deployed as its author would. */
export function framedSite({ generation = 2, place = 'same-site', ...options }: FramedOptions = {}): FramedSite {
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-frame-'));
  let headers: Record<string, string> = {};
  const serve = serveFiles({
    mounts: [{ path: '/', folder }],
    headers: () => headers,
    rewrite: (html) => html,
    notFound: join(folder, 'index.html'),
  });
  const answer = (req: IncomingMessage, res: ServerResponse) => void serve(req, res).catch(() => res.destroy());
  const own = site({
    embedded: true,
    seed: { users },
    ...options,
    hosts: { [FRAME_HOST]: answer, [places['same-site']]: undefined },
  });
  const port = () => new URL(own.origin).port;
  const app = () => `http://${places[place]}:${port()}`;
  before(async () => {
    const right = {
      issuer: own.org.issuer,
      clientId: 'app',
      redirectUri: `${app()}/`,
      scopes: 'openid profile email groups offline_access',
      parents: [app()],
      generation,
    };
    const said = options.settings?.(right) ?? right;
    headers = await deployFrame(parseFrameSettings(said), folder, built);
    headers = options.headers?.(headers) ?? headers;
  });
  after(() => {
    for (const path of [folder, ...profiles]) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
  });

  const contexts: BrowserContext[] = [];
  const profiles: string[] = [];
  /** A browser as set up by somebody who lets frames of other sites store things. */
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
    context.setDefaultTimeout(15_000);
    contexts.push(context);
    profiles.push(profile);
    return context;
  }
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  const framed = {
    get app() {
      return app();
    },
    get frame() {
      return `http://${FRAME_HOST}:${port()}/`;
    },
    async visit(
      this: FramedSite,
      { before: prepare, thirdParty, config, ...content }: Parameters<FramedSite['visit']>[0] = {},
    ) {
      own.page('/', {
        config: { 'frame-src': this.frame, ...config },
        body: FRAMED,
        ...content,
      });
      const page = await (thirdParty ? await permissive() : await own.profile()).newPage();
      await prepare?.(page);
      await page.goto(`${app()}/`);
      return page;
    },
  };
  return Object.create(own, Object.getOwnPropertyDescriptors(framed)) as FramedSite;
}

/** A page with the form in a frame. */
export const FRAMED = `
  <okta-signin mode="embedded" isolation="frame"></okta-signin>
  <okta-guard><p id="secret">For <okta-user></okta-user> only</p></okta-guard>
  <p id="below">Below</p>`;

/** What is in the frame. */
export const inFrame = (page: Page): FrameLocator => page.frameLocator('okta-signin iframe');
