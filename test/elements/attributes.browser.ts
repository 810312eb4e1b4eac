import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import {
  getClient,
  type OktaConfigElement,
  type OktaErrorEvent,
  type OktaGuardElement,
  type OktaSigninElement,
  type OktaUserElement,
} from '../../src/index.js';
import { next, painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`;
const tags = ['okta-config', 'okta-signin', 'okta-guard', 'okta-callback', 'okta-signout', 'okta-user'] as const;

async function page(template: ReturnType<typeof html>): Promise<Element> {
  const body = await fixture(html`<div>${config}${template}</div>`);
  await painted();
  return body;
}

/** A configuration of its own, as an element that a script has made but not put in yet. */
function another(name: string): OktaConfigElement {
  const el = document.createElement('okta-config');
  Object.assign(el, { issuer, clientId: name, name });
  return el;
}

/** What a framework does to an element whose class comes later: its properties are set, then it is upgraded. */
function setBeforeUpgrade(tag: string, attributes: Record<string, string>, properties: object): Element {
  // Of another document, where no class is defined.
  const el = new DOMParser().parseFromString('', 'text/html').createElement(tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  return Object.assign(el, properties);
}

describe('attributes and properties', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  describe('every tag', () => {
    const all = html`<okta-signin></okta-signin><okta-guard></okta-guard><okta-callback></okta-callback
      ><okta-signout></okta-signout><okta-user></okta-user>`;

    for (const tag of tags) {
      it(`<${tag}> writes its state to an attribute and never reads it back`, async () => {
        await signIn();
        const el = (await page(all)).querySelector<OktaGuardElement>(tag)!;
        const { state } = el;
        expect(state).to.be.a('string');
        expect(el.getAttribute('state')).to.equal(state);
        el.setAttribute('state', 'made-up');
        await painted();
        expect([el.state, el.getAttribute('state')]).to.deep.equal([state, state]);
        el.removeAttribute('state');
        await painted();
        expect([el.state, el.getAttribute('state')]).to.deep.equal([state, state]);
      });

      it(`<${tag}> is hidden by the hidden attribute`, async () => {
        await signIn();
        const el = (await page(all)).querySelector<HTMLElement>(tag)!;
        el.hidden = true;
        expect(el.checkVisibility()).to.equal(false);
      });
    }
  });

  describe('<okta-config>', () => {
    it('keeps properties that were set before the element was defined', async () => {
      const set = { clientId: 'early', storage: 'memory', name: 'early' };
      const el = setBeforeUpgrade('okta-config', { issuer }, set) as OktaConfigElement;
      const errors: unknown[] = [];
      const note = (event: OktaErrorEvent) => errors.push(event.message);
      document.addEventListener('okta-error', note);
      document.body.append(el);
      // A microtask later: elements that follow still decide from it before the first paint.
      await el.updateComplete;
      document.removeEventListener('okta-error', note);
      const { clientId: client, storage } = getClient('early').config;
      el.remove();
      expect([client, storage]).to.deep.equal(['early', 'memory']);
      expect(errors).to.deep.equal([]);
    });

    it('applies changed attributes, except the storage', async () => {
      const el = another('changing');
      document.body.append(el);
      await el.updateComplete;
      const { client } = el;
      el.requestTimeout = '1234';
      el.setAttribute('scopes', 'openid email');
      el.storage = 'memory';
      await painted();
      el.remove();
      expect(el.client).to.equal(client);
      expect(client!.config.requestTimeout).to.equal(1234);
      expect(client!.config.scopes).to.deep.equal(['openid', 'email']);
      expect(client!.config.storage).to.equal('local');
    });

    it('ignores a second element of the same name', async () => {
      const first = another('two');
      const second = another('two');
      second.scopes = 'openid email';
      document.body.append(first, second);
      await painted();
      first.remove();
      second.remove();
      expect(second.client!.config.scopes).to.deep.equal(['openid', 'profile', 'email']);
    });

    it('applies its attributes again when it is put back', async () => {
      const first = another('back');
      document.body.append(first);
      await first.updateComplete;
      const { client } = first;
      first.remove();
      const second = Object.assign(another('back'), { clientId: 'usurper' });
      document.body.append(second);
      await second.updateComplete;
      expect(getClient('back')).not.to.equal(client);
      second.remove();
      document.body.append(first);
      await first.updateComplete;
      expect(getClient('back')).to.equal(client);
      first.remove();
    });

    it('dispatches events at the document after it was removed', async () => {
      const body = await page(html``);
      body.querySelector('okta-config')!.remove();
      const heard = next('okta-state-change');
      await signIn();
      // Compared here: a failed assertion would print the whole document.
      expect((await heard).target === document).to.equal(true);
    });
  });

  it('reports a named configuration that never comes, once', async function () {
    this.timeout(20_000);
    const errors: OktaErrorEvent[] = [];
    const note = (event: OktaErrorEvent) => errors.push(event);
    document.addEventListener('okta-error', note);
    const body = await page(
      html`<okta-signin config="nobody"></okta-signin><okta-guard config="nobody"><p>Content</p></okta-guard>`,
    );
    const el = body.querySelector('okta-signin')!;
    await waitUntil(() => el.state === 'error', 'it is given up', { timeout: 10_000 });
    await painted();
    document.removeEventListener('okta-error', note);
    expect(errors.map(({ code }) => code)).to.deep.equal(['config_missing']);
    expect(errors[0]!.message).to.contain('"nobody"');
    expect(el.shadowRoot!.querySelector('[role=alert]')!.textContent).to.equal(errors[0]!.userMessage);
    expect(body.querySelector('okta-guard')!.state).to.equal('error');
  });

  describe('<okta-guard>', () => {
    const guard = html`<okta-guard><p>Content</p></okta-guard>`;

    it('accepts groups as a list', async () => {
      await signIn();
      const el = (await page(guard)).querySelector('okta-guard')!;
      el.groups = ['Members', 'Nobody'];
      await painted();
      expect(el.state).to.equal('allowed');
      el.groups = ['Nobody'];
      await painted();
      expect(el.state).to.equal('denied');
      el.groups = ['Members'];
      await painted();
      await getClient().signOut({ scope: 'local' });
      await painted();
      expect(el.state).to.equal('signed-out');
    });

    it('stays closed when groups is not a list', async () => {
      await signIn();
      const el = (await page(guard)).querySelector('okta-guard')!;
      for (const name of ['groups', 'scopes', 'acrValues'] as const) {
        Object.assign(el, { [name]: { Members: true } });
        await painted();
        expect(el.checkVisibility() && el.querySelector('p')!.checkVisibility(), name).to.equal(false);
        Object.assign(el, { [name]: undefined });
      }
    });

    it('accepts max-age as text', async () => {
      await signIn();
      const el = (await page(guard)).querySelector('okta-guard')!;
      Object.assign(el, { maxAge: '900' });
      await painted();
      expect(el.state).to.equal('allowed');
      Object.assign(el, { maxAge: '0' });
      await waitUntil(() => el.state === 'step-up');
      Object.assign(el, { maxAge: 'soon' });
      await painted();
      expect(el.state).not.to.equal('allowed');
    });
  });

  describe('<okta-signin>', () => {
    it('waits for a click after a sign-out, even with auto', async () => {
      await signIn();
      const el = (await page(html`<okta-signin auto></okta-signin>`)).querySelector<OktaSigninElement>('okta-signin')!;
      expect(el.state).to.equal('signed-in');
      let started = false;
      el.addEventListener('okta-signin-start', (event) => {
        started = true;
        event.preventDefault();
      });
      await getClient().signOut({ scope: 'local' });
      await painted();
      expect([el.state, started]).to.deep.equal(['idle', false]);
    });
  });

  it('uses the default claim when the claim attribute of <okta-user> is removed', async () => {
    await signIn();
    const el = (await page(html`<okta-user claim="email"></okta-user>`)).querySelector<OktaUserElement>('okta-user')!;
    expect(el.shadowRoot!.textContent).to.equal('ada@example.com');
    el.removeAttribute('claim');
    await painted();
    expect(el.shadowRoot!.textContent).to.equal('Ada Lovelace');
  });

  it('leaves a --primary property of the page alone', async () => {
    await signIn();
    const body = await page(html`
      <style>
        :root {
          --primary: red;
        }
      </style>
      <okta-signin><p slot="signed-in">Hello</p></okta-signin>
    `);
    const style = getComputedStyle(body.querySelector('p')!);
    expect(style.getPropertyValue('--primary').trim()).to.equal('red');
  });
});
