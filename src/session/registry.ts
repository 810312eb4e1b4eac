import { OktaElementsError } from '../errors.js';
import { explainError } from '../report.js';
import { OktaClient } from './client.js';
import { parseConfig, type ConfigInput, type OktaConfig } from './config.js';
import { browserEnvironment } from './environment.js';
import { own } from './own.js';
import { landing } from './redirect-uri.js';

/** A configuration that a script or a tag of this page declares. */
interface Declaration {
  readonly name: string;
  readonly config: OktaConfig;
  /** Where session events are dispatched: the tag. Default: the document. */
  readonly target?: EventTarget;
  /** Declared by `configure()` or by JSON in a script element: the page owner's word. */
  readonly byScript: boolean;
}

/** What several bundles of this package on one page share, so that there is one client and one session. */
interface Registry {
  /** By issuer, client id and whether a script declared it. */
  readonly clients: Map<string, OktaClient>;
  /** By the name other tags choose with `config="…"`. */
  readonly names: Map<string, OktaClient>;
  /** Names that have no client, and why. */
  readonly failures: Map<string, OktaElementsError>;
  /** By what declares them: a tag, a script element, a name that `configure()` was called with. */
  readonly declarations: Map<unknown, Declaration>;
  /** Notified whenever a name gets a client or loses it. */
  readonly listeners: Set<() => void>;
  /** Script elements whose JSON was read. */
  readonly scripts: WeakSet<HTMLScriptElement>;
  /** Whether a script configures this page, so that tags configure nothing. */
  isSealed: boolean;
}

/** The number is that of the shape of `Registry`: bundles with another shape do not share it. */
const KEY = Symbol.for('okta-elements/registry-2');
const DEFAULT = 'default';

function registry(): Registry {
  const page = globalThis as { [KEY]?: Registry };
  return (page[KEY] ??= {
    clients: new Map(),
    names: new Map(),
    failures: new Map(),
    declarations: new Map(),
    listeners: new Set(),
    scripts: new WeakSet(),
    isSealed: false,
  });
}

/** Calls `listener` whenever a name gets a client or loses it. @returns how to stop */
export function onConfigured(listener: () => void): () => void {
  const { listeners } = registry();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The clients that are in force on this page. */
export function clientsInForce(): OktaClient[] {
  return [...registry().names.values()];
}

/** The client of that name, if it is configured yet. */
export function findClient(name?: string): OktaClient | undefined {
  return registry().names.get(name || DEFAULT);
}

/** Why there is no client of that name, if its configuration was rejected. */
export function findFailure(name?: string): OktaElementsError | undefined {
  return registry().failures.get(name || DEFAULT);
}

/** The error for a name without a configuration. */
export function missing(name?: string): OktaElementsError {
  return new OktaElementsError('config_missing', `This page has no configuration "${name || DEFAULT}"`);
}

/** Notes why a name has no client, so that its elements can show it. A name that has a client keeps it. */
export function noteFailure(name: string | undefined, error: OktaElementsError): void {
  const { names, failures, listeners } = registry();
  if (names.has(name || DEFAULT)) return;
  failures.set(name || DEFAULT, error);
  for (const listener of listeners) listener();
}

/** Notes that the JSON of a script element is being read. @returns whether nobody has read it before */
export function takeScript(script: HTMLScriptElement): boolean {
  const { scripts } = registry();
  return !scripts.has(script) && Boolean(scripts.add(script));
}

/** Whether a script configures this page, so that tags configure nothing. */
export function isSealed(): boolean {
  return registry().isSealed;
}

/** From now on, tags of this page choose among the configurations of scripts, and those that tags declared end. */
export function seal(): void {
  const page = registry();
  if (page.isSealed) return;
  page.isSealed = true;
  settle();
}

/**
 * The page's client.
 * @param name default `default`
 * @throws OktaElementsError `config_missing` when there is none of that name yet, or why it was rejected
 */
export function getClient(name?: string): OktaClient {
  const client = findClient(name);
  if (client) return client;
  const error = findFailure(name) ?? missing(name);
  void explainError(error);
  throw error;
}

/**
 * Configures this page from script, as `<script type="application/json" data-okta-config>` does, and seals it: tags then
 * configure nothing. Called again with a name, it replaces the configuration of that name; the same issuer and client id
 * give the same client, with the settings that came first.
 * @param options.name what other tags call it with `config="…"`; default `default`
 * @param options.target where session events are dispatched; default the document
 * @throws OktaElementsError `config_invalid`; `config_conflict` when JSON of this page gives the name another issuer or
 * client id, or when another issuer has the same redirect URI
 */
export function configure(input: ConfigInput, options: { name?: string; target?: EventTarget } = {}): OktaClient {
  const { name: given = input.name, target } = own(options);
  const name = given || DEFAULT;
  seal();
  try {
    declare(`configure ${name}`, name, input, target);
  } catch (error) {
    noteFailure(name, error as OktaElementsError);
    void explainError(error as OktaElementsError, target);
    throw error;
  }
  return getClient(name);
}

/**
 * Declares a configuration. The same `source` again replaces what it declared before.
 * @param target where session events are dispatched: the tag. Default: the document, for scripts
 * @throws OktaElementsError `config_invalid`, `config_conflict`
 */
export function declare(source: object | string, name: string, input: ConfigInput, target?: EventTarget): void {
  const { declarations, failures } = registry();
  const config = parseConfig(input, location.href);
  declarations.set(source, { name, config, target, byScript: !(source instanceof Element) });
  settle();
  const failure = failures.get(name);
  if (failure) throw failure;
}

/** Takes back what a source declared. */
export function retract(source: object): void {
  if (registry().declarations.delete(source)) settle();
}

/** Gives every declared name its client, or the reason why it has none. */
export function settle(): void {
  const { clients, names, failures, declarations, listeners, isSealed } = registry();
  const all = [...declarations].filter(([, { byScript }]) => byScript || !isSealed);
  // A tag that left the document, as when a framework renders another page, counts until another one has its name.
  const live = all.filter(([source]) => (source as Partial<Node>).isConnected !== false);
  const started: OktaClient[] = [];
  names.clear();
  for (const entry of new Set([...live, ...all])) {
    const [source, declaration] = entry;
    const { name, config, target, byScript } = declaration;
    const isLive = live.includes(entry);
    if (names.has(name)) {
      if (!isLive) declarations.delete(source);
      continue;
    }
    const rival = live.find(([, its]) => areInConflict(declaration, its));
    if (rival) {
      // A tag that left the document is not reported.
      if (isLive) failures.set(name, conflict(declaration, rival[1]));
      continue;
    }
    failures.delete(name);
    const key = `${byScript} ${keyOf(config)}`;
    let client = clients.get(key);
    if (!client) {
      client = new OktaClient(config, browserEnvironment(), target ?? document);
      clients.set(key, client);
      started.push(client);
    } else if (target && !clientsInForce().includes(client)) {
      // The first of several tags with this client sets its settings, except `storage`.
      Object.assign(client.config, config, { storage: client.config.storage });
      client.target = target;
    }
    names.set(name, client);
  }
  for (const client of clients.values()) {
    // Looked up for each: a listener may configure the page meanwhile.
    const isInForce = clientsInForce().includes(client);
    client.suspend(
      isInForce ? undefined : new OktaElementsError('config_conflict', 'Another configuration is in force'),
    );
  }
  for (const client of started) client.start();
  for (const listener of listeners) listener();
}

function keyOf({ issuer, clientId }: OktaConfig): string {
  return JSON.stringify([issuer, clientId]);
}

/**
 * Whether nobody can sign in to either: both declare one name differently, or two issuers share a redirect URI, so that
 * the response of one could be taken for that of the other (RFC 9700 section 4.4).
 */
function areInConflict(one: Declaration, other: Declaration): boolean {
  const { issuer, redirectUri } = one.config;
  return (
    (one.name === other.name && keyOf(one.config) !== keyOf(other.config)) ||
    (issuer !== other.config.issuer && landing(redirectUri) === landing(other.config.redirectUri))
  );
}

/** @returns an error that names both; what to change is said where it is explained */
function conflict(...both: readonly Declaration[]): OktaElementsError {
  const named = both.map(({ name, config }) => `"${name}": ${config.issuer} ${config.clientId} ${config.redirectUri}`);
  return new OktaElementsError('config_conflict', `In conflict: ${named.join(', ')}`);
}
