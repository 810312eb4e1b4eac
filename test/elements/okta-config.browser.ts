import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import { getClient, OktaElementsError, type OktaConfigElement } from '../../src/index.js';
import { next, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;

describe('<okta-config>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  it('renders nothing and exposes a client', async () => {
    const el = await fixture<OktaConfigElement>(
      html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`,
    );
    expect(el.getBoundingClientRect().height).to.equal(0);
    expect(el.client).to.equal(getClient());
    expect((await el.client!.ready).status).to.equal('signed-out');
  });

  it('shares one client between configurations with the same issuer and client id', async () => {
    await fixture(html`
      <div>
        <okta-config issuer=${issuer} client-id=${clientId}></okta-config>
        <okta-config name="other" issuer=${issuer} client-id=${clientId}></okta-config>
      </div>
    `);
    expect(getClient('other')).to.equal(getClient());
  });

  it('gives a client that two tags share the settings of the first', async () => {
    const container = await fixture(html`
      <div>
        <okta-config issuer=${issuer} client-id=${clientId} request-timeout="2000"></okta-config>
        <okta-config name="other" issuer=${issuer} client-id=${clientId} request-timeout="3000"></okta-config>
      </div>
    `);
    const [first, second] = container.querySelectorAll('okta-config');
    const timeout = () => getClient().config.requestTimeout;
    expect(timeout()).to.equal(2000);
    for (const [tag, value] of [
      [second!, '5000'],
      [first!, '4000'],
    ] as const) {
      tag.setAttribute('request-timeout', value);
      await tag.updateComplete;
    }
    expect(timeout()).to.equal(4000);
    second!.setAttribute('request-timeout', '6000');
    await second!.updateComplete;
    expect(timeout()).to.equal(4000);
    first!.remove();
    await Promise.resolve();
    expect(timeout()).to.equal(6000);
  });

  it('names the invalid setting', async () => {
    const listening = next('okta-error');
    await fixture(html`<okta-config name="wrong" issuer="http://example.com" client-id="a"></okta-config>`);
    const event = await listening;
    expect(event.code).to.equal('config_invalid');
    expect(event.message).to.contain('https');
  });

  it('getClient() throws when there is no configuration', () => {
    expect(() => getClient('nobody'))
      .to.throw(OktaElementsError)
      .with.property('code', 'config_missing');
  });

  it('dispatches an event without tokens when a user signs in', async () => {
    await fixture(html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`);
    const states: string[] = [];
    let said = '';
    const listen = (event: Event) => {
      said += JSON.stringify(event, (_key, value: unknown) => value);
      states.push((event as Event & { state: { status: string } }).state.status);
      said += JSON.stringify((event as Event & { state: unknown }).state);
    };
    document.addEventListener('okta-state-change', listen);
    const client = await signIn();
    document.removeEventListener('okta-state-change', listen);
    expect(states).to.deep.equal(['signing-in', 'signed-in']);
    expect(said).not.to.contain(await client.getAccessToken());
  });

  it('ends the session when another tab clears the storage', async () => {
    const client = await signIn();
    expect(client.state.status).to.equal('signed-in');
    localStorage.clear();
    window.dispatchEvent(new StorageEvent('storage', { key: null }));
    expect(client.state.status).to.equal('signed-out');
  });

  it('works when the stored session is corrupt', async () => {
    const client = await signIn();
    const key = Object.keys(localStorage).find((name) => name.startsWith('okta-elements:'))!;
    localStorage.setItem(key, '{"accessToken":');
    window.dispatchEvent(new StorageEvent('storage', { key }));
    expect(client.state.status).to.equal('signed-out');
    expect(localStorage.getItem(key)).to.equal(null);
  });
});
