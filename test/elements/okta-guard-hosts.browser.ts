import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import type { OktaErrorEvent } from '../../src/index.js';
import { HOST_MARKUP } from '../guard/host-markup.js';
import { painted, settings, signedOut } from '../support/browser/session.js';

const { issuer, clientId } = settings;

describe('<okta-guard> in markup as hosts deliver it', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  for (const { host, written, delivered, state, code, isPublished } of HOST_MARKUP) {
    it(`${host}: ${JSON.stringify(written)} is ${state ?? 'no guard'}${code ? `, ${code}` : ''}`, async () => {
      const codes: string[] = [];
      const note = (event: OktaErrorEvent) => codes.push(event.code);
      const place = await fixture<HTMLElement>(html`<div></div>`);
      place.addEventListener('okta-error', note);
      place.innerHTML = `<okta-config issuer="${issuer}" client-id="${clientId}"></okta-config><div id="page">${delivered}</div>`;
      const guard = place.querySelector('okta-guard');
      expect(guard === null).to.equal(state === undefined);
      if (guard) {
        await waitUntil(() => guard.state === state, `it becomes ${state}, and is ${guard.state}`, { timeout: 5000 });
      }
      if (code) await waitUntil(() => codes.length > 0, 'the error is dispatched', { timeout: 5000 });
      await painted();
      expect(codes).to.deep.equal(code ? [code] : []);
      expect(place.innerText.includes('SECRET')).to.equal(isPublished);
    });
  }
});
