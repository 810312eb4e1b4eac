import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import type { GuardState, Missing } from '../../src/guard/decide.js';
import type { OktaGuardElement } from '../../src/index.js';
import { painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const page = (guard: string) => `
  <okta-config issuer=${issuer} client-id=${clientId} scopes="${scopes}"></okta-config>
  <okta-config name="broken" issuer="nowhere" client-id="nobody"></okta-config>
  ${guard}`;

/** Each state, and how a page comes to it. */
const states: Record<GuardState, string> = {
  allowed: '',
  'signed-out': '',
  denied: 'groups="Nobody"',
  'step-up': 'acr-values="urn:okta:loa:2fa:any"',
  pending: 'config="never-there"',
  error: 'config="broken"',
};
const names = Object.keys(states) as GuardState[];
const slotOf = (state: GuardState) => (state === 'allowed' ? '' : `slot="${state}"`);

/** Everything a guard can show: each text once as an element, and once in a template. */
const everything = names
  .map((state) => `<p ${slotOf(state)}>${state}</p><template ${slotOf(state)}><p>${state} stamped</p></template>`)
  .join('');

async function open(markup: string): Promise<OktaGuardElement> {
  const place = await fixture(html`<div></div>`);
  place.innerHTML = page(markup);
  return place.querySelector('okta-guard')!;
}

const shown = (el: Element) =>
  [...el.querySelectorAll('p')].filter((one) => one.checkVisibility()).map(({ textContent }) => textContent);

async function become(el: OktaGuardElement, state: GuardState): Promise<void> {
  await waitUntil(() => el.state === state, `it becomes ${state}, and is ${el.state}`, { timeout: 8000 });
  await el.updateComplete;
  await painted();
}

describe('<okta-guard> in each of its states', () => {
  beforeEach(signedOut);
  afterEach(signedOut);

  for (const state of names) {
    it(`${state}: shows only the elements and templates of that slot`, async () => {
      if (state !== 'signed-out') await signIn();
      const el = await open(`<okta-guard ${states[state]}>${everything}</okta-guard>`);
      await become(el, state);
      expect(el.getAttribute('state')).to.equal(state);
      expect(shown(el)).to.deep.equal([state, `${state} stamped`]);
      expect([...el.querySelectorAll('p')].filter((one) => one.textContent.endsWith('stamped')).length).to.equal(1);
    });
  }

  it('removes stamped content at every change of state', async () => {
    await signIn();
    const el = await open(`<okta-guard>${everything}</okta-guard>`);
    for (const state of ['allowed', 'denied', 'step-up', 'pending', 'error', 'allowed'] as const) {
      for (const name of ['groups', 'acr-values', 'config']) el.removeAttribute(name);
      const [, name, value] = /([\w-]+)="(.*)"/.exec(states[state]) ?? [];
      if (name) el.setAttribute(name, value!);
      await become(el, state);
      expect(shown(el)).to.deep.equal([state, `${state} stamped`]);
    }
  });

  it('uses a slot template of the page, not one inside its guarded content', async () => {
    await signIn();
    const el = await open(
      `<okta-guard><template><p>outer</p><template><p>inner</p></template></template></okta-guard>`,
    );
    await become(el, 'allowed');
    expect(shown(el)).to.deep.equal(['outer']);
  });
});

describe('okta-guard-change', () => {
  before(async () => {
    await signedOut();
    await signIn();
  });
  after(signedOut);

  const rows: [attributes: string, state: GuardState, missing: Partial<Missing>][] = [
    ['', 'allowed', {}],
    [`groups='["Nobody", "Members"]' match="all"`, 'denied', { groups: ['Nobody'] }],
    ['groups="Nobody Noone"', 'denied', { groups: ['Nobody', 'Noone'] }],
    ['scopes="orders:read groups" match="all"', 'denied', { scopes: ['orders:read'] }],
    ['claim="nickname"', 'denied', { claims: ['nickname'] }],
    ['claim="email" value="grace@example.com"', 'denied', { claims: ['email'] }],
    ['acr-values="phr phrh"', 'step-up', { acr: ['phr', 'phrh'] }],
    ['max-age="0"', 'step-up', { maxAge: 0 }],
    ['acr-values="phr" step-up="off"', 'denied', { acr: ['phr'] }],
    [
      'groups="Nobody" scopes="orders:read" claim="nickname" acr-values="phr"',
      'denied',
      { groups: ['Nobody'], scopes: ['orders:read'], claims: ['nickname'] },
    ],
    ['when="signed-out"', 'denied', {}],
  ];
  for (const [attributes, state, missing] of rows) {
    it(`carries ${state} and what the user lacks: ${attributes || 'nothing'}`, async () => {
      const told: { state: GuardState; missing: Missing }[] = [];
      const listen = ({ state, missing }: HTMLElementEventMap['okta-guard-change']) => told.push({ state, missing });
      document.addEventListener('okta-guard-change', listen);
      const el = await open(`<okta-guard ${attributes}><p>secret</p></okta-guard>`);
      await become(el, state);
      document.removeEventListener('okta-guard-change', listen);
      expect(told.at(-1)).to.deep.equal({ state, missing: { groups: [], scopes: [], claims: [], ...missing } });
    });
  }
});
