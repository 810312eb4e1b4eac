import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import type { OktaGuardChangeEvent, OktaGuardElement } from '../../src/index.js';
import { next, painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`;

/** What a user could see: elements with a box on the screen. */
const visible = (element: Element | null) => !!element?.checkVisibility({ visibilityProperty: true });

async function guard(template: ReturnType<typeof html>): Promise<OktaGuardElement> {
  const page = await fixture(html`<div>${config}${template}</div>`);
  await painted();
  return page.querySelector('okta-guard')!;
}

describe('<okta-guard>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  describe('when the user is signed out', () => {
    it('hides its content and shows the signed-out slot', async () => {
      const el = await guard(
        html`<okta-guard
          ><p>secret</p>
          <p slot="signed-out">come in</p></okta-guard
        >`,
      );
      expect(el.state).to.equal('signed-out');
      expect(el.getAttribute('state')).to.equal('signed-out');
      expect(visible(el.querySelector('p'))).to.equal(false);
      expect(visible(el.querySelector('[slot=signed-out]'))).to.equal(true);
    });

    it('keeps a template out of the document', async () => {
      const el = await guard(
        html`<okta-guard
          ><template><p id="secret">secret</p></template></okta-guard
        >`,
      );
      expect(el.querySelector('#secret')).to.equal(null);
    });

    it('shows content with when="signed-out"', async () => {
      const el = await guard(html`<okta-guard when="signed-out"><p>come in</p></okta-guard>`);
      expect(el.state).to.equal('allowed');
      expect(visible(el.querySelector('p'))).to.equal(true);
    });

    it('is not opened by a state attribute in the markup', async () => {
      const el = await guard(html`<okta-guard><p>secret</p></okta-guard>`);
      el.setAttribute('state', 'allowed');
      await painted();
      expect(el.state).to.equal('signed-out');
      expect(visible(el.querySelector('p'))).to.equal(false);
    });
  });

  describe('when a user signs in', () => {
    it('shows its content and hides the rest', async () => {
      const el = await guard(
        html`<okta-guard
          ><p>secret</p>
          <p slot="signed-out">come in</p></okta-guard
        >`,
      );
      await signIn();
      await painted();
      expect(el.state).to.equal('allowed');
      expect(visible(el.querySelector('p'))).to.equal(true);
      expect(visible(el.querySelector('[slot=signed-out]'))).to.equal(false);
    });

    it('stamps its template, and removes it on sign-out', async () => {
      const el = await guard(html`
        <okta-guard>
          <template><p id="secret">secret</p></template>
          <template slot="signed-out"><p id="welcome">come in</p></template>
        </okta-guard>
      `);
      expect(visible(el.querySelector('#welcome'))).to.equal(true);
      const client = await signIn();
      await painted();
      expect(visible(el.querySelector('#secret'))).to.equal(true);
      expect(el.querySelector('#welcome')).to.equal(null);
      await client.signOut({ scope: 'local' });
      await painted();
      expect(el.querySelector('#secret')).to.equal(null);
      expect(visible(el.querySelector('#welcome'))).to.equal(true);
    });

    it('hides content with when="signed-out"', async () => {
      const el = await guard(html`<okta-guard when="signed-out"><p>come in</p></okta-guard>`);
      await signIn();
      await painted();
      expect(visible(el.querySelector('p'))).to.equal(false);
    });

    it('dispatches okta-guard-change with nothing missing', async () => {
      const el = await guard(html`<okta-guard><p>secret</p></okta-guard>`);
      setTimeout(() => void signIn());
      let event: OktaGuardChangeEvent;
      do event = await next('okta-guard-change', el);
      while (event.state === 'pending');
      expect(event.state).to.equal('allowed');
      expect(event.missing).to.deep.equal({ groups: [], scopes: [], claims: [] });
      expect(event.bubbles && event.composed).to.equal(true);
    });
  });

  describe('with a rule', () => {
    beforeEach(() => signIn());

    it('shows its content to a member of one of the groups', async () => {
      const el = await guard(html`<okta-guard groups='["Warehouse staff", "Members"]'><p>secret</p></okta-guard>`);
      expect(el.state).to.equal('allowed');
    });

    it('denies a user in none of the groups, and names the missing ones', async () => {
      const heard: OktaGuardChangeEvent[] = [];
      const listen = (event: OktaGuardChangeEvent) => heard.push(event);
      document.addEventListener('okta-guard-change', listen);
      const el = await guard(
        html`<okta-guard groups='["Warehouse staff"]'
          ><p>secret</p>
          <p slot="denied">not for you</p></okta-guard
        >`,
      );
      document.removeEventListener('okta-guard-change', listen);
      expect(el.state).to.equal('denied');
      expect(visible(el.querySelector('p'))).to.equal(false);
      expect(visible(el.querySelector('[slot=denied]'))).to.equal(true);
      expect(heard.at(-1)?.missing.groups).to.deep.equal(['Warehouse staff']);
    });

    it('requires all groups with match="all"', async () => {
      const el = await guard(
        html`<okta-guard groups='["Warehouse staff", "Members"]' match="all"><p>secret</p></okta-guard>`,
      );
      expect(el.state).to.equal('denied');
    });

    it('requires a scope', async () => {
      expect((await guard(html`<okta-guard scopes="groups"><p>secret</p></okta-guard>`)).state).to.equal('allowed');
      expect((await guard(html`<okta-guard scopes="orders:write"><p>secret</p></okta-guard>`)).state).to.equal(
        'denied',
      );
    });

    it('requires the value of a claim', async () => {
      const ada = html`<okta-guard claim="email" value="ada@example.com"><p>secret</p></okta-guard>`;
      const grace = html`<okta-guard claim="email" value="grace@example.com"><p>secret</p></okta-guard>`;
      expect((await guard(ada)).state).to.equal('allowed');
      expect((await guard(grace)).state).to.equal('denied');
    });

    it('calls the check property of the page, and again on recheck()', async () => {
      let open = false;
      const el = await guard(html`<okta-guard .check=${() => open}><p>secret</p></okta-guard>`);
      expect(el.state).to.equal('denied');
      open = true;
      el.recheck();
      await painted();
      expect(el.state).to.equal('allowed');
    });

    it('denies when that check throws', async () => {
      const check = () => {
        throw new Error('broken');
      };
      expect((await guard(html`<okta-guard .check=${check}><p>secret</p></okta-guard>`)).state).to.equal('denied');
    });

    it('hides its content when max-age expires', async () => {
      await signedOut();
      await signIn();
      const el = await guard(html`<okta-guard max-age="5"><p>secret</p></okta-guard>`);
      expect(el.state).to.equal('allowed');
      await waitUntil(() => el.state === 'step-up', 'it asks for more proof', { timeout: 9000 });
      expect(visible(el.querySelector('p'))).to.equal(false);
    });

    it('offers an accessible step-up with default text', async () => {
      const el = await guard(html`<okta-guard acr-values="urn:okta:loa:1fa:any"><p>secret</p></okta-guard>`);
      await waitUntil(() => el.state === 'step-up');
      await painted();
      await expect(el).to.be.accessible();
      expect(visible(el.shadowRoot!.querySelector('[part=button]'))).to.equal(true);
      el.insertAdjacentHTML('beforeend', '<p slot="step-up">Come again</p>');
      await painted();
      expect(visible(el.shadowRoot!.querySelector('[part=button]'))).to.equal(false);
    });

    it('hides its content when a rule is added that does not hold', async () => {
      const el = await guard(
        html`<okta-guard
          ><template><p id="secret">secret</p></template></okta-guard
        >`,
      );
      expect(visible(el.querySelector('#secret'))).to.equal(true);
      el.setAttribute('groups', 'Nobody');
      await painted();
      expect(el.querySelector('#secret')).to.equal(null);
    });
  });

  describe('in the document', () => {
    it('works in front of its configuration', async () => {
      await signIn();
      const page = await fixture(
        html`<div>
          <okta-guard><p>secret</p></okta-guard>${config}
        </div>`,
      );
      await painted();
      expect(page.querySelector('okta-guard')!.state).to.equal('allowed');
    });

    it('works inside another shadow root', async () => {
      await signIn();
      const host = await fixture(html`<div></div>`);
      host.attachShadow({ mode: 'open' }).innerHTML = '<okta-guard><p>secret</p></okta-guard>';
      await painted();
      expect(visible(host.shadowRoot!.querySelector('p'))).to.equal(true);
    });

    it('works after it was moved', async () => {
      await signIn();
      const el = await guard(
        html`<okta-guard
          ><template><p id="secret">secret</p></template></okta-guard
        >`,
      );
      const section = document.createElement('section');
      el.parentElement!.append(section);
      section.append(el);
      await painted();
      expect(el.querySelectorAll('#secret').length).to.equal(1);
      expect(visible(el.querySelector('#secret'))).to.equal(true);
    });

    it('is accessible in every state', async () => {
      const el = await guard(
        html`<okta-guard
          ><h2>Orders</h2>
          <p slot="signed-out">Sign in first.</p></okta-guard
        >`,
      );
      await expect(el).to.be.accessible();
      await signIn();
      await painted();
      await expect(el).to.be.accessible();
    });
  });
});
