import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define.js';
import { GUARD_ATTRIBUTES } from '../../src/guard/attributes.js';
import { OktaGuardElement, type OktaErrorEvent } from '../../src/index.js';
import { painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = `<okta-config issuer="${issuer}" client-id="${clientId}" scopes="${scopes}"></okta-config>`;

let errors: OktaErrorEvent[] = [];
const note = (event: OktaErrorEvent) => errors.push(event);

async function open(markup: string): Promise<OktaGuardElement> {
  const place = await fixture(html`<div></div>`);
  place.innerHTML = config + markup;
  return place.querySelector('okta-guard')!;
}

const content = (guard: Element) => guard.querySelector('p')!;

async function become(guard: OktaGuardElement, state: string): Promise<void> {
  await waitUntil(() => guard.state === state, `it becomes ${state}, and is ${guard.state}`, { timeout: 5000 });
}

/** The error that a guard has dispatched, once. */
async function failed(guard: OktaGuardElement): Promise<OktaErrorEvent> {
  await become(guard, 'error');
  await waitUntil(() => errors.length > 0, 'the error is dispatched', { timeout: 5000 });
  await painted();
  expect(errors.length).to.equal(1);
  expect(errors[0]!.target).to.equal(guard);
  return errors[0]!;
}

/** The guard has settled: content that is shown stays shown, and nothing was reported. */
async function allowed(guard: OktaGuardElement): Promise<void> {
  await become(guard, 'allowed');
  await painted();
  expect(content(guard).checkVisibility()).to.equal(true);
  expect(errors).to.deep.equal([]);
}

describe('<okta-guard> that is written wrong', () => {
  before(async () => {
    await signedOut();
    await signIn();
  });
  after(signedOut);
  beforeEach(() => {
    errors = [];
    document.addEventListener('okta-error', note);
  });
  afterEach(() => document.removeEventListener('okta-error', note));

  const INVALID = [
    'groups',
    'groups=""',
    'groups=" "',
    'groups="[]"',
    'groups="[broken"',
    "groups='[1]'",
    `groups='["Members", ""]'`,
    'scopes=""',
    'claim=""',
    'claim="email" value=""',
    'value="gold"',
    'acr-values=""',
    'max-age=""',
    'max-age="soon"',
    'max-age="-1"',
    'src=""',
    'when=""',
    'when="signedin"',
    'when="Signed-Out"',
    'match=""',
    'match="none"',
    'unauthenticated="hide"',
    'unauthenticated=""',
    'step-up="never"',
    'step-up=""',
    'group="Nobody"',
    'scope="orders"',
    'claims="vip"',
    'claim="email" values="grace@example.com"',
    'maxage="900"',
    'acr_values="phr"',
    'acrvalues="phr"',
    'acrValues="phr"',
    'stepup="off"',
    'signed-out',
    'check="claims => false"',
  ];
  for (const attributes of INVALID) {
    it(`stays closed and reports guard_invalid: ${attributes}`, async () => {
      const guard = await open(`<okta-guard ${attributes}><p>secret</p></okta-guard>`);
      const seen: boolean[] = [];
      guard.addEventListener('okta-guard-change', () => seen.push(content(guard).checkVisibility()));
      const { code, message } = await failed(guard);
      expect(code).to.equal('guard_invalid');
      expect(message).to.match(/^<okta-guard [a-z_-]+=/i);
      expect(message.length).to.be.greaterThan(60);
      expect(content(guard).checkVisibility()).to.equal(false);
      expect(seen.includes(true)).to.equal(false);
    });
  }

  const VALID = [
    '',
    'class="x" id="guard" slot="" lang="en" dir="ltr" style="color: red" title="Guard" role="region" part="a" tabindex="0"',
    'data-group="x" aria-label="Guard" v-cloak x-data="{}" hx-boost="true" up-main wire:key="1" @click="x" :groups="x"',
    '[groups]="x" (click)="x" #guard *ngif="x" _ngcontent-groups-c12 _nghost-ng-c1 client:load astro-cid-abc name="a" key="1"',
    'bis_skin_checked="1" itemprop="x" nonce="x" is="x-y" foo="bar" href="/x" onclick="void 0"',
    'when="signed-in" match="any" unauthenticated="show" step-up="prompt" config=""',
    `groups=' [ "Members" , "Nobody" ] '`,
    'scopes="groups" claim="email" value="ada@example.com" max-age="9000.5"',
  ];
  for (const attributes of VALID) {
    it(`opens: ${attributes || 'no attribute'}`, async () => {
      await allowed(await open(`<okta-guard ${attributes}><p>secret</p></okta-guard>`));
    });
  }

  it('decides at once when every attribute is understood', async () => {
    const guard = await open(`<okta-guard class="a" groups='["Members", "Nobody"]'><p>secret</p></okta-guard>`);
    await guard.updateComplete;
    expect(guard.state).to.equal('allowed');
  });

  it('is pending, not open, until an unknown attribute has been looked at', async () => {
    const guard = await open('<okta-guard foo="bar"><p>secret</p></okta-guard>');
    const states: string[] = [];
    guard.addEventListener('okta-guard-change', ({ state }) => states.push(state));
    await guard.updateComplete;
    expect(['pending', 'allowed']).to.include(guard.state);
    await allowed(guard);
    expect(states.includes('error')).to.equal(false);
  });

  for (const [what, properties] of Object.entries({
    'an empty list': { groups: [] },
    'an empty text': { groups: '' },
    'a list with an empty entry': { groups: ['Members', ''] },
    'an object': { scopes: { orders: true } },
    'an empty claim': { claim: '' },
    'a value without a claim': { value: 'x' },
    'no number': { maxAge: 'soon' },
    'another value': { when: 'always' },
  })) {
    it(`rejects ${what} set by script, and opens when it is corrected`, async () => {
      const guard = await open('<okta-guard><p>secret</p></okta-guard>');
      await allowed(guard);
      Object.assign(guard, properties);
      expect((await failed(guard)).code).to.equal('guard_invalid');
      expect(content(guard).checkVisibility()).to.equal(false);
      errors = [];
      for (const name of Object.keys(properties)) Object.assign(guard, { [name]: undefined });
      await allowed(guard);
    });
  }

  it('leaves the error when the attribute is corrected, and reports the next one', async () => {
    const guard = await open('<okta-guard group="Nobody"><p>secret</p></okta-guard>');
    expect((await failed(guard)).message).to.contain('Write groups');
    errors = [];
    guard.removeAttribute('group');
    await allowed(guard);
    guard.setAttribute('claims', 'vip');
    expect((await failed(guard)).message).to.contain('Write claim');
  });

  it('shows its error slot, and neither signs in nor requests a fragment', async () => {
    const guard = await open(`<okta-guard group="x" unauthenticated="redirect" src="/__nothing.html">
      <p>secret</p><p slot="error">Sorry</p></okta-guard>`);
    await failed(guard);
    expect(guard.querySelector('[slot=error]')!.checkVisibility()).to.equal(true);
    expect(performance.getEntriesByType('resource').some(({ name }) => name.includes('__nothing'))).to.equal(false);
  });

  it('says error even before the page is configured', async () => {
    const guard = await open('<okta-guard config="not-there" groups=""><p>secret</p></okta-guard>');
    expect((await failed(guard)).code).to.equal('guard_invalid');
  });

  it('knows every attribute of the element', () => {
    const own = OktaGuardElement.observedAttributes.filter((name) => name !== 'state');
    expect(own.sort()).to.deep.equal([...GUARD_ATTRIBUTES].sort());
  });

  describe('without content', () => {
    for (const inner of ['', ' \n ', '<!-- only a comment -->', '<br>', '<p></p><br>']) {
      it(`reports guard_empty: ${JSON.stringify(inner)}`, async () => {
        const guard = await open(`<okta-guard>${inner}</okta-guard>`);
        const { code, message } = await failed(guard);
        expect(code).to.equal('guard_empty');
        expect(message).to.contain('<div>');
      });
    }

    for (const inner of [
      'text',
      '<p>text</p>',
      '<template><p>text</p></template>',
      '<p slot="denied">No</p>',
      '<p id="filled-later"></p>',
      '<img alt="">',
      '<slot></slot>',
    ]) {
      it(`accepts ${inner}`, async () => {
        const guard = await open(`<okta-guard>${inner}</okta-guard><okta-guard id="empty"></okta-guard>`);
        // The one beside it is reported, so this one would have been.
        const empty = guard.parentElement!.querySelector<OktaGuardElement>('#empty')!;
        await become(empty, 'error');
        await painted();
        expect(guard.state).to.equal('allowed');
        expect(errors.map(({ target }) => target)).to.deep.equal([empty]);
      });
    }

    it('leaves the error when content arrives', async () => {
      const guard = await open('<okta-guard><br></okta-guard>');
      await failed(guard);
      guard.append(document.createElement('p'), 'text');
      await become(guard, 'allowed');
    });

    it('leaves the error when text arrives in a node that is there', async () => {
      const guard = await open('<okta-guard> </okta-guard>');
      await failed(guard);
      (guard.firstChild as Text).data = 'text';
      await become(guard, 'allowed');
    });

    it('is not reported for a guard that a script fills later, or that was removed', async () => {
      const guard = await open(
        '<okta-guard></okta-guard><okta-guard id="gone"></okta-guard><okta-guard id="empty"></okta-guard>',
      );
      const place = guard.parentElement!;
      place.querySelector('#gone')!.remove();
      await painted();
      guard.append('text');
      const empty = place.querySelector<OktaGuardElement>('#empty')!;
      await become(empty, 'error');
      await painted();
      expect(errors.map(({ target }) => target)).to.deep.equal([empty]);
      expect(guard.state).to.equal('allowed');
    });
  });
});
