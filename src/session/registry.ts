import { OktaElementsError } from '../errors.js';
import { explainError } from '../report.js';
import { OktaClient } from './client.js';
import { parseConfig, type ConfigInput } from './config.js';
import { browserEnvironment } from './environment.js';
import { own } from './own.js';

/** What several bundles of this package on one page share, so that there is one client and one session. */
interface Registry {
  /** By issuer and client id. */
  readonly clients: Map<string, OktaClient>;
  /** By the name other tags choose with `config="…"`. */
  readonly names: Map<string, OktaClient>;
  /** Names whose configuration was refused, and why. */
  readonly failures: Map<string, OktaElementsError>;
  /** Told whenever a name gets a client, or is refused one. */
  readonly listeners: Set<() => void>;
}

const KEY = Symbol.for('okta-elements');
const DEFAULT = 'default';

function registry(): Registry {
  const page = globalThis as { [KEY]?: Registry };
  return (page[KEY] ??= { clients: new Map(), names: new Map(), failures: new Map(), listeners: new Set() });
}

/** Calls `listener` whenever a name gets a client, or is refused one. @returns how to stop */
export function onConfigured(listener: () => void): () => void {
  const { listeners } = registry();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The client of that name, if it is configured yet. */
export function findClient(name?: string): OktaClient | undefined {
  return registry().names.get(name || DEFAULT);
}

/** Why there is no client of that name, if its configuration was refused. */
export function findFailure(name?: string): OktaElementsError | undefined {
  return registry().failures.get(name || DEFAULT);
}

/** What it is called when there is no configuration of that name. */
export function missing(name?: string): OktaElementsError {
  return new OktaElementsError('config_missing', `There is no configuration "${name || DEFAULT}"; add <okta-config>.`);
}

/** Notes that the configuration of that name could not be had, so that its elements can say so. */
export function refuse(name: string | undefined, error: OktaElementsError): void {
  const { names, failures, listeners } = registry();
  names.delete(name || DEFAULT);
  failures.set(name || DEFAULT, error);
  for (const listener of listeners) listener();
}

/** Explains what is thrown, without waiting for that. */
function explained<T>(work: () => T, where?: EventTarget): T {
  try {
    return work();
  } catch (error) {
    void explainError(error as OktaElementsError, where);
    throw error;
  }
}

/**
 * The page's client.
 * @param name default `default`
 * @throws OktaElementsError `config_missing` when there is none of that name yet
 */
export function getClient(name?: string): OktaClient {
  const client = findClient(name);
  return (
    client ??
    explained(() => {
      throw missing(name);
    })
  );
}

/**
 * Does in script what `<okta-config>` does in markup. The same issuer and client id again give the same client, with
 * its first configuration, unless the target is the same, too: then all but `storage` is taken over.
 * @param options.name what other tags call it with `config="…"`; default `default`
 * @param options.target where session events are dispatched; default the document
 * @throws OktaElementsError `config_invalid`
 */
export function configure(input: ConfigInput, options: { name?: string; target?: EventTarget } = {}): OktaClient {
  const { name = input.name, target } = own(options);
  const { clients, names, failures, listeners } = registry();
  const environment = browserEnvironment();
  const config = explained(() => parseConfig(input, environment.location.href), target);
  const key = `${config.issuer} ${config.clientId}`;
  const known = clients.get(key);
  const client = known ?? new OktaClient(config, environment, target ?? document);
  clients.set(key, client);
  names.set(name || DEFAULT, client);
  failures.delete(name || DEFAULT);
  if (known) {
    // Its element says it anew: that counts, but for where the tokens are.
    if (known.target === target) Object.assign(known.config, config, { storage: known.config.storage });
    known.target = target ?? known.target;
  } else client.start();
  for (const listener of listeners) listener();
  return client;
}
