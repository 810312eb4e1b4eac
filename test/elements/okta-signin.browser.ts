import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import type { OktaSigninElement } from '../../src/index.js';
import { next, painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`;

async function signin(template: ReturnType<typeof html>): Promise<OktaSigninElement> {
  const page = await fixture(html`<div>${config}${template}</div>`);
  await painted();
  return page.querySelector('okta-signin')!;
}

const button = (el: Element) => el.shadowRoot!.querySelector<HTMLButtonElement>('[part=button]');

/** Fills in the widget's form, and sends it in a moment. */
function enter(el: Element, identifier: string, password: string): void {
  for (const [name, value] of Object.entries({ identifier, 'credentials.passcode': password })) {
    const field = el.querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  setTimeout(() => el.querySelector<HTMLInputElement>('input[type=submit]')!.click());
}

describe('<okta-signin>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  describe('hosted', () => {
    it('is a button with the label of its content', async () => {
      const el = await signin(html`<okta-signin>Come in</okta-signin>`);
      expect(el.state).to.equal('idle');
      expect(button(el)?.disabled).to.equal(false);
      await expect(el).to.be.accessible();
    });

    it('does not start when okta-signin-start is cancelled', async () => {
      const el = await signin(html`<okta-signin></okta-signin>`);
      el.addEventListener('okta-signin-start', (event) => event.preventDefault());
      setTimeout(() => button(el)!.click());
      const event = await next('okta-signin-start', el);
      await painted();
      expect(event.mode).to.equal('hosted');
      expect(el.state).to.equal('idle');
    });

    it('does not start while disabled', async () => {
      const el = await signin(html`<okta-signin disabled></okta-signin>`);
      let started = false;
      el.addEventListener('okta-signin-start', () => (started = true));
      button(el)!.click();
      await el.signIn();
      expect(started).to.equal(false);
    });

    it('shows its signed-in slot to a signed-in user', async () => {
      await signIn();
      const el = await signin(html`<okta-signin><p slot="signed-in">Hello</p></okta-signin>`);
      expect(el.state).to.equal('signed-in');
      expect(button(el)).to.equal(null);
      expect(el.querySelector('p')!.checkVisibility()).to.equal(true);
    });

    it('shows an error and a retry when Okta cannot be reached', async () => {
      const page = await fixture(html`
        <div>
          <okta-config
            name="nowhere"
            issuer="http://localhost:1/oauth2/default"
            client-id="a"
            redirect-uri="/nowhere"
          ></okta-config>
          <okta-signin config="nowhere"></okta-signin>
        </div>
      `);
      await painted();
      const el = page.querySelector('okta-signin')!;
      setTimeout(() => button(el)!.click());
      const event = await next('okta-error');
      await painted();
      expect(event.code).to.equal('network');
      expect(el.state).to.equal('error');
      expect(event.message).to.contain('Trusted Origin');
      expect(el.shadowRoot!.querySelector('[role=alert]')!.textContent).to.equal(event.userMessage);
      expect(button(el)!.disabled).to.equal(false);
      await expect(el).to.be.accessible();
    });

    it('tells the developer what to change when the configuration is invalid', async () => {
      const listening = next('okta-error');
      const page = await fixture(html`
        <div>
          <okta-config name="wrong" issuer="https://dev-1-admin.okta.com/oauth2/default" client-id="a"></okta-config>
          <okta-signin config="wrong"></okta-signin>
        </div>
      `);
      const el = page.querySelector('okta-signin')!;
      const { message, userMessage } = await listening;
      await painted();
      expect(el.state).to.equal('error');
      expect(message).to.contain('-admin');
      expect(el.shadowRoot!.querySelector('[role=alert]')!.textContent).to.equal(userMessage);
    });
  });

  describe('with a value that is none of the list', () => {
    for (const attributes of [
      'mode="popup"',
      'mode=""',
      'display="window"',
      'theme="purple"',
      'flow="register"',
      'isolation="iframe"',
      'mode="embedded" isolation="iframe"',
    ]) {
      it(`shows an error in place of the button: ${attributes}`, async () => {
        const heard = next('okta-error');
        const written: string[] = [];
        const { error: original } = console;
        console.error = (text: string) => written.push(text);
        const page = await fixture(html`<div>${config}</div>`);
        page.insertAdjacentHTML('beforeend', `<okta-signin auto ${attributes}></okta-signin>`);
        const el = page.querySelector('okta-signin')!;
        const { code, message, target } = await heard;
        console.error = original;
        await painted();
        expect(written.length).to.equal(1);
        expect(written[0]).to.contain(message);
        expect([code, target, el.state]).to.deep.equal(['config_invalid', el, 'error']);
        expect(message).to.contain(attributes.split(' ').at(-1)).and.to.contain('set it to one of');
        expect(button(el)).to.equal(null);
        expect(el.childElementCount).to.equal(0);
        expect(el.shadowRoot!.querySelector('[role=alert]')!.textContent).not.to.equal('');
        await el.signIn();
        expect(el.state).to.equal('error');
      });
    }

    it('shows the button again when the attribute is removed', async () => {
      const heard = next('okta-error');
      const el = await signin(html`<okta-signin mode="popup" theme="dark"></okta-signin>`);
      await heard;
      el.removeAttribute('mode');
      await painted();
      expect(el.state).to.equal('idle');
      expect(button(el)!.disabled).to.equal(false);
      el.removeAttribute('theme');
      await painted();
      expect(el.state).to.equal('idle');
    });
  });

  describe('embedded', () => {
    it('shows the widget in light DOM', async () => {
      const ready = next('okta-widget-ready');
      const el = await signin(html`<okta-signin mode="embedded"></okta-signin>`);
      expect((await ready).target).to.equal(el);
      await painted();
      expect(el.state).to.equal('ready');
      expect(el.querySelector<HTMLInputElement>('input[name=identifier]')!.checkVisibility()).to.equal(true);
    });

    it('signs in with the widget, then removes it', async () => {
      const el = await signin(html`<okta-signin mode="embedded"></okta-signin>`);
      await waitUntil(() => el.state === 'ready', 'the widget is shown', { timeout: 20_000 });
      await waitUntil(() => el.querySelector('input[name="credentials.passcode"]'), 'the password field is there', {
        timeout: 20_000,
      });
      enter(el, 'ada@example.com', 'ada-password');
      const event = await next('okta-signin-success', el);
      await painted();
      expect(event.user.email).to.equal('ada@example.com');
      expect(el.state).to.equal('signed-in');
      expect(el.querySelector('input')).to.equal(null);
    });

    it('dispatches okta-signin-success even if a guard then hides it', async () => {
      const page = await fixture(html`
        <div>
          ${config}
          <okta-guard>
            <template slot="signed-out"><okta-signin mode="embedded"></okta-signin></template>
          </okta-guard>
        </div>
      `);
      const el = () => page.querySelector('okta-signin')!;
      await waitUntil(() => el()?.state === 'ready', 'the widget is shown', { timeout: 20_000 });
      await waitUntil(() => el().querySelector('input[name="credentials.passcode"]'), 'the password field is there', {
        timeout: 20_000,
      });
      enter(el(), 'ada@example.com', 'ada-password');
      expect((await next('okta-signin-success')).user.email).to.equal('ada@example.com');
      await painted();
      expect(page.querySelector('okta-signin')).to.equal(null);
    });

    it('replaces the widget with the button when the mode changes', async () => {
      const el = await signin(html`<okta-signin mode="embedded"></okta-signin>`);
      await waitUntil(() => el.state === 'ready', 'the widget is shown', { timeout: 20_000 });
      el.mode = 'hosted';
      await painted();
      expect(el.querySelector('input')).to.equal(null);
      expect(button(el)!.checkVisibility()).to.equal(true);
      expect(el.state).to.equal('idle');
    });

    it('removes the widget while disabled, and mounts it again', async () => {
      const el = await signin(html`<okta-signin mode="embedded"></okta-signin>`);
      await waitUntil(() => el.state === 'ready', 'the widget is shown', { timeout: 20_000 });
      el.disabled = true;
      await painted();
      expect(el.querySelector('input')).to.equal(null);
      el.disabled = false;
      await waitUntil(() => el.state === 'ready', 'the widget is shown again', { timeout: 20_000 });
      expect(el.querySelector('input[name=identifier]')).not.to.equal(null);
    });

    it('leaves nothing behind when it is removed', async () => {
      const el = await signin(html`<okta-signin mode="embedded"></okta-signin>`);
      await waitUntil(() => el.state === 'ready', 'the widget is shown', { timeout: 20_000 });
      el.remove();
      await painted();
      expect(el.childElementCount).to.equal(0);
    });
  });
});
