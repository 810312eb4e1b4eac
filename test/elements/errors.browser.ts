import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import { configure, getClient, type OktaGuardElement, type OktaSigninElement } from '../../src/index.js';
import { next, painted, settings, signedOut } from '../support/browser/session.js';

/** Refused at once: there is no such server. */
const nowhere = { issuer: 'http://localhost:1/oauth2/default', clientId: 'a' };

let names = 0;

/** A page in a language, with a configuration whose issuer cannot be reached. */
async function page(lang: string, content: (name: string) => ReturnType<typeof html>, dir = ''): Promise<HTMLElement> {
  const name = `errors-${++names}`;
  configure({ ...nowhere, clientId: name }, { name });
  return fixture(html`<div lang=${lang} dir=${dir}>${content(name)}</div>`);
}

const button = (el: Element) => el.shadowRoot!.querySelector<HTMLButtonElement>('[part=button]')!;
const line = (el: Element) => el.shadowRoot!.querySelector<HTMLElement>('[part=error]');
const label = (el: Element) => button(el).querySelector('slot')!;

/** Waits until something is so. */
async function until(condition: () => unknown): Promise<void> {
  while (!condition()) await painted();
}

async function fail(el: OktaSigninElement): Promise<void> {
  const failed = next('okta-error');
  await el.signIn();
  await failed;
  await until(() => line(el)?.textContent);
}

/** What an element shows, without what is only for assistive technology or slotted by the page. */
const shown = (el: Element) => el.shadowRoot!.textContent;

describe('the texts of errors', () => {
  const { error: original } = console;
  let written: unknown[][] = [];

  beforeEach(async () => {
    await signedOut();
    written = [];
    console.error = (...parts: unknown[]) => written.push(parts);
  });
  afterEach(async () => {
    console.error = original;
    await signedOut();
  });

  // First: the other tests configure this page by script, which seals it.
  it('are shown once, by the first visible element, when they concern the session', async () => {
    const listening = next('okta-error');
    const root = await fixture<HTMLElement>(html`
      <div>
        <okta-signin config="refused" style="display: none"></okta-signin>
        <okta-signin config="refused"></okta-signin>
        <okta-signin config="refused"></okta-signin>
        <okta-guard config="refused"><p>Content</p></okta-guard>
        <okta-config name="refused" issuer="https://shop-admin.okta.com" client-id="a"></okta-config>
      </div>
    `);
    const { userMessage } = await listening;
    await until(() => shown(root.children[1]!)?.includes(userMessage));
    const signins = [...root.querySelectorAll('okta-signin')];
    const lines = signins.map((el) => line(el)?.textContent);
    expect(lines).to.deep.equal(['', userMessage, '']);
    const guard = root.querySelector<OktaGuardElement>('okta-guard')!;
    expect(guard.state).to.equal('error');
    expect(guard.shadowRoot!.textContent.trim()).to.equal('');
    expect(written.filter(([text]) => String(text).includes('config_invalid')).length).to.equal(1);
  });

  it('are German on a German page, as are the labels', async () => {
    const el = (await page('de-AT', (name) => html`<okta-signin config=${name}></okta-signin>`))
      .firstElementChild as OktaSigninElement;
    await until(() => label(el).lang === 'de');
    expect(label(el).textContent).to.equal('Anmelden');
    await fail(el);
    expect(line(el)!.textContent).to.match(/^Es konnte keine Verbindung hergestellt werden\./);
    expect(line(el)!.lang).to.equal('de');
    await expect(el).to.be.accessible();
  });

  it('run from right to left in Arabic, also on a page that does not', async () => {
    const el = (await page('ar', (name) => html`<okta-signin config=${name}></okta-signin>`))
      .firstElementChild as OktaSigninElement;
    await fail(el);
    expect(line(el)!.lang).to.equal('ar');
    expect(getComputedStyle(line(el)!).direction).to.equal('rtl');
  });

  it('are English and say so where the language is not translated', async () => {
    const el = (await page('fi', (name) => html`<okta-signin config=${name}></okta-signin>`))
      .firstElementChild as OktaSigninElement;
    await fail(el);
    expect([line(el)!.lang, label(el).lang, label(el).textContent]).to.deep.equal(['en', 'en', 'Sign in']);
    expect(line(el)!.textContent).to.match(/^We couldn’t connect\./);
  });

  it('keep the label of the page', async () => {
    const el = (await page('de', (name) => html`<okta-signin config=${name}>Los</okta-signin>`))
      .firstElementChild as OktaSigninElement;
    await fail(el);
    expect(el.innerText).to.contain('Los');
    expect(label(el).textContent).to.equal('Sign in');
  });

  it('follow the language while the page is open', async () => {
    const root = await page('de', (name) => html`<okta-signin config=${name}></okta-signin>`);
    const el = root.firstElementChild as OktaSigninElement;
    await until(() => label(el).textContent === 'Anmelden');
    root.lang = 'fr';
    await until(() => label(el).textContent === 'Se connecter');
    root.lang = 'en';
    await until(() => label(el).textContent === 'Sign in');
    expect(label(el).lang).to.equal('en');
  });

  it('are written to the console once, with what to change, and no visitor reads that', async () => {
    const root = await page('en', (name) => html`<okta-signin config=${name}></okta-signin>`);
    const el = root.firstElementChild as OktaSigninElement;
    await fail(el);
    await fail(el);
    expect(written.length).to.equal(1);
    const [text, subject] = written[0]!;
    expect(subject).to.equal(el);
    expect(text).to.contain('(network)');
    expect(text).to.contain(`Trusted Origins: add ${location.origin}`);
    expect(text).to.contain(`Issuer: ${nowhere.issuer}. Client ID: ${el.config}.`);
    expect(text).to.contain(`Redirect URI: ${location.origin}/.`);
    for (const word of ['Trusted', 'localhost', 'origin']) expect(shown(el)).not.to.contain(word);
  });

  it('say that the device is offline, and a retry works', async () => {
    const el = (await page('en', (name) => html`<okta-signin config=${name}></okta-signin>`))
      .firstElementChild as OktaSigninElement;
    getClient(el.config).prepare();
    Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true });
    let failed = next('okta-error');
    await el.signIn();
    expect((await failed).code).to.equal('offline');
    await until(() => line(el)?.textContent?.startsWith('You’re offline.'));
    delete (navigator as Partial<Record<'onLine', boolean>>).onLine;
    failed = next('okta-error');
    button(el).click();
    expect((await failed).code).to.equal('network');
  });

  it('are set before a promise of the client rejects', async () => {
    const client = configure({ ...nowhere, clientId: 'promise' }, { name: 'promise' });
    const error = (await client.signIn().catch((reason: unknown) => reason)) as { userMessage: string };
    expect(error.userMessage).to.match(/^We couldn’t connect/);
    expect(written.length).to.equal(1);
  });

  it('come with what getClient() throws', async () => {
    expect(() => getClient('nobody-at-all')).to.throw();
    await until(() => written.length);
    expect(String(written[0]![0])).to.contain('"nobody-at-all"');
  });

  it('wrap long addresses', async () => {
    const root = await page('en', (name) => html`<okta-signin config=${name} style="width: 100px"></okta-signin>`);
    const el = root.firstElementChild as OktaSigninElement;
    await fail(el);
    line(el)!.textContent = `https://${'a'.repeat(200)}.example/`;
    expect(line(el)!.scrollWidth).to.be.at.most(line(el)!.clientWidth);
  });

  it('change nothing where an element is found in its own language', async () => {
    await fixture(html`<okta-config issuer=${settings.issuer} client-id=${settings.clientId}></okta-config>`);
    const el = await fixture(html`<okta-signin lang="he"></okta-signin>`);
    await until(() => label(el).textContent === 'כניסה');
    expect(label(el).lang).to.equal('he');
  });
});
