import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ReactiveController } from 'lit';
import { OktaElementsError } from '../../src/errors.js';
import type { OktaErrorEvent } from '../../src/events.js';
import type { OktaClient } from '../../src/session/client.js';
import { findClient, getClient, noteFailure, onConfigured } from '../../src/session/registry.js';
import { SessionController, type SessionHost } from '../../src/session/session-controller.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded, until } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

/** An element as Lit makes one, reduced to what a controller sees of it. */
class Host extends EventTarget implements SessionHost {
  config = '';
  isConnected = false;
  updates = 0;
  readonly updateComplete = Promise.resolve(true);
  readonly session: SessionController;
  #controller!: ReactiveController;

  constructor(config = '') {
    super();
    this.config = config;
    this.session = new SessionController(this);
  }

  addController(controller: ReactiveController): void {
    this.#controller = controller;
  }

  removeController(): void {}

  requestUpdate(): void {
    this.updates += 1;
  }

  connect(): this {
    this.isConnected = true;
    this.#controller.hostConnected?.();
    return this;
  }

  /** An update that was asked for is made, connected or not, as Lit does. */
  update(): void {
    this.#controller.hostUpdate?.();
  }

  remove(): void {
    this.isConnected = false;
    this.#controller.hostDisconnected?.();
  }
}

interface Registry {
  readonly names: Map<string, OktaClient>;
  readonly listeners: Set<() => void>;
}

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;

/** The page-wide registry, which any bundle finds by this symbol. */
function registry(): Registry {
  onConfigured(() => {})();
  return (globalThis as unknown as Record<symbol, Registry>)[Symbol.for('okta-elements/registry-2')]!;
}

function configure(name = 'default') {
  const page = loadPage(browser.openTab(`${shop}/`), provider);
  registry().names.set(name, page.client);
  for (const listener of registry().listeners) listener();
  return page;
}

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
});

afterEach(() => {
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('okta-elements/registry-2')];
});

describe('an element before the page is configured', () => {
  it('does not know who is signed in, and learns it when the configuration comes', () => {
    const host = new Host().connect();
    assert.deepEqual(host.session.state, { status: 'pending' });
    assert.equal(host.session.client, undefined);
    host.updates = 0;
    configure();
    assert.equal(host.session.state.status, 'signed-out');
    clock.tick(10_000);
    assert.equal(host.updates, 1);
  });

  it('says after five seconds that there is none, and still takes one that comes later', async () => {
    const host = new Host().connect();
    clock.tick(4999);
    assert.equal(host.session.state.status, 'pending');
    host.updates = 0;
    const told: string[] = [];
    host.addEventListener('okta-error', (event) => told.push((event as OktaErrorEvent).code));
    clock.tick(1);
    const { status, error } = host.session.state;
    assert.deepEqual([status, error?.code, host.updates], ['error', 'config_missing', 1]);
    await until(() => told.length > 0);
    assert.deepEqual(told, ['config_missing']);
    assert.match(error!.message, /<okta-config/);
    configure();
    assert.equal(host.session.state.status, 'signed-out');
  });

  it('says at once that a configuration was refused, and why', () => {
    const host = new Host().connect();
    noteFailure('', new OktaElementsError('config_invalid', 'Set issuer.'));
    assert.equal(host.session.state.error?.code, 'config_invalid');
  });

  it('does not complain when it was removed before', () => {
    const host = new Host().connect();
    host.remove();
    host.updates = 0;
    clock.tick(10_000);
    assert.equal(host.updates, 0);
  });
});

describe('an element on a configured page', () => {
  it('knows at once, and is updated with every change', async () => {
    const page = configure();
    const host = new Host().connect();
    assert.equal(host.session.state.status, 'signed-out');
    host.updates = 0;
    await signInEmbedded(page, provider);
    assert.equal(host.session.state.status, 'signed-in');
    assert.equal(host.updates, 2);
  });

  it('goes by the configuration that it names, and changes with the name', () => {
    const [first, second] = [configure(), configure('second')];
    const host = new Host('second').connect();
    assert.equal(host.session.client, second.client);
    host.config = '';
    host.update();
    assert.equal(host.session.client, first.client);
    host.updates = 0;
    void second.client.signOut({ scope: 'local', returnTo: '/' });
    assert.equal(host.updates, 0, 'it no longer listens to the other');
  });

  it('says after five seconds that there is none of the name that it is given now', () => {
    configure();
    const host = new Host().connect();
    host.config = 'second';
    host.update();
    assert.equal(host.session.state.status, 'pending');
    clock.tick(5000);
    const { error } = host.session.state;
    assert.equal(error?.code, 'config_missing');
    assert.match(error.message, /"second"/);
    host.config = 'third';
    host.update();
    assert.equal(host.session.state.status, 'pending');
    clock.tick(5000);
    assert.match(host.session.state.error?.message ?? '', /"third"/);
  });

  it('hears nothing once it is removed, not even after the update that was still to come', async () => {
    const page = configure();
    const host = new Host().connect();
    host.remove();
    host.update();
    host.updates = 0;
    await signInEmbedded(page, provider);
    assert.equal(host.updates, 0);
    assert.equal(host.session.client, undefined);
    assert.equal(registry().listeners.size, 0);
  });

  it('is as new when it is put back', async () => {
    const page = configure();
    const host = new Host().connect();
    host.remove();
    await signInEmbedded(page, provider);
    host.connect();
    assert.equal(host.session.state.status, 'signed-in');
    host.updates = 0;
    await page.client.signOut({ scope: 'local' });
    assert.equal(host.updates, 1, 'and listens once');
  });
});

describe('getClient', () => {
  it('gives the client of a name, "default" when there is none', () => {
    const { client } = configure();
    for (const name of [undefined, '', 'default']) assert.equal(getClient(name), client);
  });

  it('says that there is none', () => {
    assert.equal(findClient(), undefined);
    assert.throws(() => getClient(), { code: 'config_missing', message: /"default"/ });
    assert.throws(() => getClient('blog'), { code: 'config_missing', message: /"blog"/ });
  });
});
