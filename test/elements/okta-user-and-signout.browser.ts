import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import { getClient } from '../../src/index.js';
import { next, painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = html`<okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>`;

describe('<okta-user>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  it('shows its fallback to a signed-out user', async () => {
    const page = await fixture(
      html`<div>
        ${config}<okta-user><i>guest</i></okta-user>
      </div>`,
    );
    await painted();
    expect(page.querySelector('i')!.checkVisibility()).to.equal(true);
  });

  it('shows a claim as text', async () => {
    await signIn();
    const page = await fixture(html`<div>${config}<okta-user claim="email">guest</okta-user></div>`);
    await painted();
    expect(page.querySelector('okta-user')!.shadowRoot!.textContent).to.equal('ada@example.com');
  });

  it('shows its fallback when the claim is missing', async () => {
    await signIn();
    const page = await fixture(
      html`<div>
        ${config}<okta-user claim="constructor"><i>guest</i></okta-user>
      </div>`,
    );
    await painted();
    expect(page.querySelector('i')!.checkVisibility()).to.equal(true);
  });
});

describe('<okta-signout>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  it('is hidden when the user is signed out', async () => {
    const page = await fixture(html`<div>${config}<okta-signout></okta-signout></div>`);
    await painted();
    expect(page.querySelector('okta-signout')!.checkVisibility()).to.equal(false);
  });

  it('signs out, revokes the tokens and dispatches its events', async () => {
    const client = await signIn();
    const token = (await client.getAccessToken())!;
    const page = await fixture(html`<div>${config}<okta-signout scope="app"></okta-signout></div>`);
    await painted();
    const el = page.querySelector('okta-signout')!;
    await expect(el).to.be.accessible();
    setTimeout(() => el.shadowRoot!.querySelector('button')!.click());
    await next('okta-signout-complete');
    await painted();
    expect(el.checkVisibility()).to.equal(false);
    expect(await getClient().getAccessToken()).to.equal(undefined);
    expect(Object.keys(localStorage).filter((key) => key.startsWith('okta'))).to.deep.equal([]);
    let status = 200;
    for (let attempt = 0; status === 200 && attempt < 20; attempt++) {
      ({ status } = await fetch(`${issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } }));
      await painted();
    }
    expect(status).to.equal(401);
  });

  it('reports an unknown scope, and keeps its button', async () => {
    await signIn();
    const heard = next('okta-error');
    const page = await fixture(html`<div>${config}<okta-signout scope="everywhere"></okta-signout></div>`);
    const { code, message, target } = await heard;
    const el = page.querySelector('okta-signout')!;
    expect([code, target]).to.deep.equal(['config_invalid', el]);
    expect(message).to.contain('scope="everywhere"').and.to.contain('"global"');
    expect(el.state).to.equal('signed-in');
    expect(el.shadowRoot!.querySelector('button')!.disabled).to.equal(false);
  });

  it('does nothing when okta-signout-start is cancelled', async () => {
    await signIn();
    const page = await fixture(html`<div>${config}<okta-signout></okta-signout></div>`);
    await painted();
    const el = page.querySelector('okta-signout')!;
    el.addEventListener('okta-signout-start', (event) => event.preventDefault());
    el.shadowRoot!.querySelector('button')!.click();
    await painted();
    expect(getClient().state.status).to.equal('signed-in');
  });
});
