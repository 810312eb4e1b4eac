import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import type { OktaSigninElement } from '../../src/index.js';
import { next, painted, settings, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;

/* A page of its own: a page shows one embedded form at a time. */
describe('two embedded <okta-signin>', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  it('shows a form that had failed when it is put back', async () => {
    const body = await fixture(html`
      <div>
        <okta-config issuer=${issuer} client-id=${clientId} scopes=${scopes}></okta-config>
        <okta-signin mode="embedded"></okta-signin>
        <okta-signin mode="embedded"></okta-signin>
      </div>
    `);
    const both = [...body.querySelectorAll<OktaSigninElement>('okta-signin')];
    await waitUntil(() => both.some(({ state }) => state === 'error'), 'one form at a time', { timeout: 10_000 });
    const second = both.find(({ state }) => state === 'error')!;
    second.remove();
    for (const one of both) one.remove();
    await painted();
    body.append(second);
    await next('okta-widget-ready', second);
    await painted();
    expect(second.state).to.equal('ready');
    expect(second.shadowRoot!.querySelector('[role=alert]')).to.equal(null);
    expect(second.querySelector('input')!.checkVisibility()).to.equal(true);
  });
});
