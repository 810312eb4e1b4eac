import { expect, fixture, html } from '@open-wc/testing';
import { sendMouse } from '@web/test-runner-commands';
import '../../src/define.js';
import type { OktaSessionExpiringEvent } from '../../src/session/expiring-event.js';
import type { OktaGuardElement } from '../../src/index.js';
import { next, painted, settings, signIn, signedOut } from '../support/browser/session.js';

const { issuer, clientId, scopes } = settings;

/** Seconds. Half of it is warned of. */
const idle = 4;

describe('a session with idle-timeout', () => {
  const { debug } = console;
  let logged: unknown[];

  beforeEach(async () => {
    logged = [];
    console.debug = (type: unknown) => void logged.push(type);
    await signedOut();
  });
  afterEach(async () => {
    await signedOut();
    console.debug = debug;
  });

  async function open(): Promise<{ guard: OktaGuardElement; shown: () => boolean; countdown: number[] }> {
    const page = await fixture(html`
      <div>
        <okta-config debug issuer=${issuer} client-id=${clientId} scopes=${scopes} idle-timeout=${idle}></okta-config>
        <okta-guard><p>secret</p></okta-guard>
      </div>
    `);
    const countdown: number[] = [];
    page.addEventListener('okta-session-expiring', (event) => {
      countdown.push((event as OktaSessionExpiringEvent).secondsLeft);
    });
    await signIn();
    await painted();
    const guard = page.querySelector('okta-guard')!;
    return { guard, countdown, shown: () => guard.querySelector('p')!.checkVisibility() };
  }

  it('warns before it ends, then hides guarded content', async () => {
    const { shown, countdown } = await open();
    expect(shown()).to.equal(true);
    const began = performance.now();
    await next('okta-session-expired');
    expect((performance.now() - began) / 1000).to.be.within(idle - 1, idle + 1);
    expect(countdown).to.deep.equal([2, 1]);
    await painted();
    expect(shown()).to.equal(false);
    expect(Object.keys(localStorage)).to.deep.equal([]);
  });

  it('continues when the user is active, and dispatches an event', async () => {
    const { shown, countdown } = await open();
    await next('okta-session-expiring');
    await sendMouse({ type: 'move', position: [20, 20] });
    await sendMouse({ type: 'move', position: [40, 40] });
    await next('okta-session-expiring');
    expect(countdown[1]).to.be.within(idle - 1, idle);
    expect(shown()).to.equal(true);
    await next('okta-session-expired');
  });

  it('logs its events to the console with debug', async () => {
    await open();
    await next('okta-session-expired');
    expect(logged).to.include.members(['okta-state-change', 'okta-guard-change', 'okta-session-expired']);
  });
});
