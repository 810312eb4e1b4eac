import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import type { OktaClient, OktaGuardElement } from '../../src/index.js';
import { painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;
const config = `<okta-config issuer=${issuer} client-id=${clientId} scopes="${scopes}"></okta-config>`;
const TEMPLATE = '<template><p class="secret">secret</p></template>';

let client: OktaClient;

async function open(markup: string): Promise<HTMLElement> {
  const place = await fixture<HTMLElement>(html`<div></div>`);
  place.innerHTML = config + markup;
  await painted();
  return place;
}

const guardIn = (place: ParentNode) => place.querySelector('okta-guard')!;
/** What can be seen of what is guarded. */
const secrets = (place: ParentNode) => [...place.querySelectorAll('.secret')].filter((one) => one.checkVisibility());

/** Nobody is signed in any more, and nothing is left of what was stamped. */
async function leave(place: ParentNode): Promise<void> {
  await client.signOut({ scope: 'local' });
  await painted();
  expect(secrets(place).length).to.equal(0);
}

describe('<okta-guard> in a page that scripts and editors change', () => {
  beforeEach(async () => {
    await signedOut();
    client = await signIn();
  });
  afterEach(signedOut);

  it('applies a rule that a script sets after creating it', async () => {
    const place = await open('');
    const el = document.createElement('okta-guard');
    el.innerHTML = '<p class="secret">secret</p>';
    place.append(el);
    el.groups = 'Nobody';
    await painted();
    expect(secrets(place).length).to.equal(0);
    // As frameworks do when a value goes away.
    el.groups = undefined;
    await painted();
    expect(secrets(place).length).to.equal(1);
    el.groups = null as unknown as undefined;
    el.acrValues = el.scopes = el.claim = el.value = el.src = null as unknown as undefined;
    el.maxAge = null as unknown as undefined;
    await painted();
    expect(el.state).to.equal('allowed');
  });

  it('shows a template that is added later, and nothing of one that is removed', async () => {
    const place = await open('<okta-guard></okta-guard>');
    const el = guardIn(place);
    el.innerHTML = TEMPLATE;
    await painted();
    expect(secrets(place).length).to.equal(1);
    el.insertAdjacentHTML('beforeend', TEMPLATE);
    await painted();
    expect(secrets(place).length).to.equal(2);
    el.querySelector('template')!.remove();
    await painted();
    expect(el.querySelectorAll('.secret').length).to.equal(1);
    await leave(place);
    expect(el.querySelector('.secret')).to.equal(null);
  });

  it('stamps its template again when a re-render removes the copy', async () => {
    const place = await open(`<okta-guard>${TEMPLATE}</okta-guard>`);
    const el = guardIn(place);
    // What is in the page, and not in what the framework has rendered before.
    el.querySelector('template')!.nextElementSibling!.remove();
    await painted();
    expect(secrets(place).length).to.equal(1);
    el.replaceChildren(...[...el.children].filter((child) => child.localName === 'template'));
    await painted();
    expect(secrets(place).length).to.equal(1);
    place.innerHTML = `${config}<okta-guard>${TEMPLATE}</okta-guard>`;
    await painted();
    expect(secrets(place).length).to.equal(1);
  });

  it('keeps what the user typed into stamped content while siblings come and go', async () => {
    const place = await open(`<okta-guard><template><input /></template></okta-guard>`);
    const el = guardIn(place);
    const input = el.querySelector('input')!;
    input.value = 'typed';
    el.append(document.createElement('p'));
    el.insertAdjacentHTML('afterbegin', TEMPLATE);
    el.recheck();
    await painted();
    expect(el.querySelector('input')).to.equal(input);
    expect(input.checkVisibility()).to.equal(true);
  });

  it('does not duplicate its content when it is cloned, or when the page was saved while open', async () => {
    const place = await open(
      `<okta-guard>${TEMPLATE}<template slot="signed-out"><p>come in</p></template></okta-guard>`,
    );
    const copy = guardIn(place).cloneNode(true) as OktaGuardElement;
    place.append(copy);
    const saved = document.createElement('div');
    saved.innerHTML = guardIn(place).outerHTML;
    place.append(saved);
    await painted();
    expect(secrets(place).length).to.equal(3);
    await leave(place);
    expect(place.querySelector('.secret')).to.equal(null);
    expect(place.innerText.match(/come in/g)!.length).to.equal(3);
  });

  it('works after an editor wraps it, moves it and puts it back', async () => {
    const place = await open(`<okta-guard>${TEMPLATE}</okta-guard><section></section>`);
    const el = guardIn(place);
    const section = place.querySelector('section')!;
    for (const to of [section, place, section]) {
      to.append(el);
      await painted();
      expect(secrets(place).length).to.equal(1);
    }
    section.remove();
    expect(el.querySelector('.secret')).to.equal(null);
    await leave(place);
    place.append(section);
    await painted();
    expect(el.state).to.equal('signed-out');
    expect(el.querySelector('.secret')).to.equal(null);
  });

  for (const [what, inner] of Object.entries({
    elements: '<p class="secret">secret</p>',
    'a template': TEMPLATE,
  })) {
    it(`shows ${what} of a nested guard only when both rules hold`, async () => {
      const place = await open(`
        <okta-guard id="outer"><okta-guard id="inner">${inner}</okta-guard></okta-guard>
        <okta-guard><template><okta-guard groups="Nobody">${inner}</okta-guard></template></okta-guard>`);
      expect(secrets(place).length).to.equal(1);
      place.querySelector('#inner')!.setAttribute('groups', 'Nobody');
      await painted();
      expect(secrets(place).length).to.equal(0);
      place.querySelector('#inner')!.removeAttribute('groups');
      place.querySelector('#outer')!.setAttribute('groups', 'Nobody');
      await painted();
      expect(secrets(place).length).to.equal(0);
    });
  }

  it('guards content that is slotted into another component', async () => {
    const place = await open('<div id="panel"><p class="secret">secret</p></div>');
    const root = place.querySelector('#panel')!.attachShadow({ mode: 'closed' });
    root.innerHTML = `<okta-guard><slot></slot><template><p class="secret">stamped</p></template></okta-guard>`;
    await painted();
    expect([secrets(place).length, secrets(root).length]).to.deep.equal([1, 1]);
    await leave(place);
    expect(root.querySelector('p')).to.equal(null);
  });
});
