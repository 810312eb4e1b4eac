import { ReactiveElement, css, type PropertyValues } from '@lit/reactive-element';
import type { OktaElementsError } from '../errors.js';
import { OktaGuardChangeEvent, OktaGuardRedirectEvent } from '../events.js';
import { decide, type Decision, type GuardState, type Rule } from '../guard/decide.js';
import { reportError } from '../report.js';
import { loaded } from '../session/parts.js';
import { parseList } from '../session/config.js';
import { SessionController } from '../session/session-controller.js';
import type { SessionState } from '../session/state.js';
import type { SignInOptions } from '../session/sign-in.js';
import { arrange, make } from './dom.js';
import { output, texts } from './properties.js';
import type { GuardServices } from './guard-services.js';
import { stamp } from './templates.js';
import { isUnderstood } from './understood.js';

/** What takes less than this is not waited for, milliseconds. */
const PATIENCE = 1000;
/** How long scripts may take to fill a guard before that is looked into, milliseconds. */
const EMPTY_GRACE_MS = 500;
/** The longest a browser timer can wait, milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** A text, or a plain JSON array of texts. */
const NAMES = '\\s*[^\\s[{][^]*|\\["[^"\\\\]+"(, ?"[^"\\\\]+")*]';
/** Properties that say what is shown to which users. */
const RULE = {
  when: 'signed-(in|out)',
  groups: NAMES,
  scopes: NAMES,
  claim: NAMES,
  value: NAMES,
  match: 'any|all',
  acrValues: NAMES,
  maxAge: '\\d+',
  unauthenticated: 'show|redirect',
  stepUp: 'prompt|redirect|off',
  src: NAMES,
};
/** Attributes that have nothing to do with a rule. Any other is looked into before the guard opens. */
const HARMLESS = /^(class|id|slot|style|(data|aria)-.*)$|[:@.]/;
/** Names may have spaces, so a list of them may also be a JSON array. */
function parseNames(value: OktaGuardElement['groups']): readonly string[] {
  if (typeof value !== 'string' || !value.trim().startsWith('[')) return parseList(value);
  try {
    return JSON.parse(value) as string[];
  } catch {
    return [value];
  }
}

/**
 * Shows its content only while a rule holds for who is signed in. It decides what is presented, before the first
 * paint and without a request; whether somebody may have the data is for the API to say.
 *
 * @slot - shown while the rule holds; elements, or a `<template>` that is stamped then and removed when access is lost
 * @slot pending - shown until the session is known
 * @slot signed-out - shown when nobody is signed in
 * @slot denied - shown to who is signed in but may not see the content
 * @slot step-up - shown to who may see the content after proving more
 * @slot error - shown when the guard is written wrong, the session could not be established, or what the guard needs could not be had
 * @csspart button - what it offers where a slot is empty: to confirm who one is, to try again
 * @csspart spinner - in that button, while it is busy
 * @csspart message - says what the button is for
 * @csspart error - says what went wrong
 * @cssprop --okta-color-primary - background of the button
 * @cssprop --okta-color-on-primary - text of the button
 * @cssprop --okta-color-danger - text of the error
 * @cssprop --okta-radius - radius of corners
 * @fires {OktaGuardChangeEvent} okta-guard-change - shows something else than before, and what is missing
 * @fires {OktaGuardRedirectEvent} okta-guard-redirect - is about to send the user to sign in; cancel to stay
 * @fires {OktaErrorEvent} okta-error - the guard is written wrong or empty, or a part of this package, the groups or the
 *   fragment could not be had
 */
export class OktaGuardElement extends ReactiveElement {
  static override properties = {
    ...texts(...Object.keys(RULE), 'config'),
    check: { attribute: false },
    state: output,
  };

  static override styles = css`
    :host {
      display: block;
    }
    :host([hidden]) {
      display: none !important;
    }
    ::slotted([data-okta-stamped]) {
      display: contents !important;
    }
  `;

  /** Who the content is for: `signed-in` (default) or `signed-out`. */
  when: Rule['when'] = 'signed-in';
  /** Groups, space-separated, a JSON array or a list; the user is in one of them, or in all with `match="all"`. */
  groups?: string | readonly string[];
  /** Scopes that the access token must have: space-separated, a JSON array or a list. */
  scopes?: string | readonly string[];
  /** Name of a claim of the ID token that must be there, or have the `value`. */
  claim?: string;
  /** What the claim must be; a claim that is a list must hold it. */
  value?: string;
  /** Whether `any` (default) entry of a list is enough, or `all` are needed. */
  match: Rule['match'] = 'any';
  /** Authentication context classes, one of which the sign-in must have satisfied: space-separated, a JSON array or a list. */
  acrValues?: string | readonly string[];
  /** Seconds since the user last proved who they are, at most; text where the attribute says it. */
  maxAge?: number | string;
  /** What to do when nobody is signed in: `show` the slot (default) or `redirect` to sign in. */
  unauthenticated: 'show' | 'redirect' = 'show';
  /**
   * What to do when the user may see the content after proving more (`acr-values`, `max-age`): `prompt` shows the slot
   * (default), `redirect` goes to Okta for it, once, `off` denies.
   */
  stepUp: 'prompt' | 'redirect' | 'off' = 'prompt';
  /**
   * Where the content comes from: an address that gives a piece of HTML to whoever brings an access token. Only what is
   * not in the page is truly kept from those who may not see it.
   */
  src?: string;
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';
  /** A check of your own on the claims, beside the attributes. */
  check?: Rule['check'];

  readonly #session = new SessionController(this);
  readonly #slot = make('slot');
  #decision: Decision | undefined;
  /** Whose content is stamped. */
  #sub: string | undefined;
  #redirecting = false;
  /** Its changes are told: it has shown something before, or has kept the user waiting. */
  #isFollowed = false;
  /** Loaded when the token alone does not settle what to show. */
  #services: GuardServices | undefined;
  #loading = false;
  /** When `max-age` runs out. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #error: OktaElementsError | undefined;

  /** What the guard shows. Reflected as an attribute for CSS; writing to that changes nothing. */
  get state(): GuardState {
    return this.#decision?.state ?? 'pending';
  }

  /** What `client.signIn()` has to be asked for, while the state is `step-up`. */
  get stepUpOptions(): SignInOptions | undefined {
    return this.state === 'step-up' ? this.#services?.options : undefined;
  }

  /** Decides anew, for instance after what `check` looks at has changed. */
  recheck(): void {
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch(false);
    // Whoever moves it gets it decided anew; whoever keeps it does not keep the content.
    stamp(this);
    this.#services?.end();
    this.#decision = undefined;
    this.#redirecting = false;
  }

  protected override update(changed: PropertyValues): void {
    this.#decide();
    super.update(changed);
    const { state } = this;
    this.#slot.name = state === 'allowed' ? '' : state;
    arrange(this.renderRoot, this.#services?.render(state) ?? this.#slot);
  }

  protected override firstUpdated(): void {
    // Whoever edits the page may add and take templates.
    this.renderRoot.addEventListener('slotchange', () => this.#stamp());
    setTimeout(() => {
      if (!this.src && !this.querySelector(':not(p,br)') && !this.textContent.trim()) void this.#load();
    }, EMPTY_GRACE_MS);
  }

  protected override updated(_changed: PropertyValues): void {
    // What a page's scripts filled in for one user is not for the next.
    const { sub } = this.#session.state.user ?? {};
    if (sub !== this.#sub) stamp(this);
    this.#sub = sub;
    this.#stamp();
    this.#services?.updated(this.state);
    this.#watch(this.isConnected && this.state === 'allowed');
    if (this.state !== 'signed-out') this.#redirecting = false;
    else if (this.unauthenticated === 'redirect') void this.#redirect();
  }

  get #rule(): Rule {
    return {
      when: this.when,
      groups: parseNames(this.groups),
      scopes: parseNames(this.scopes),
      claim: this.claim,
      values: this.value == null ? [] : [this.value],
      match: this.match,
      acrValues: parseNames(this.acrValues),
      // Frameworks may set what is text in the markup.
      maxAge: this.maxAge == null ? undefined : Number(this.maxAge),
      check: this.check,
    };
  }

  #decide(): void {
    const before = this.#decision;
    const session = this.#session.state;
    // The button that was clicked may be in what is shown to who is signed out: that stays until the browser leaves.
    const forSignedOut = before?.state === 'signed-out' || this.when === 'signed-out';
    if (before && forSignedOut && session.status === 'signing-in') return;
    const decision = this.#refine(session);
    this.#decision = decision;
    if (JSON.stringify(before) === JSON.stringify(decision)) return;
    // It may be in what the guard hides now.
    const focused = this.matches(':focus-within') && document.activeElement;
    this.updateComplete
      .then(() => {
        this.dispatchEvent(new OktaGuardChangeEvent(decision.state, decision.missing));
        // What comes with the page is no change, unless it keeps the user waiting.
        if (this.#isFollowed || (before && before.state !== 'pending')) this.#follow(before?.state, focused);
        else if (decision.state === 'pending') {
          setTimeout(() => this.isConnected && this.state === 'pending' && this.#follow(), PATIENCE);
        }
      })
      .catch(() => {});
  }

  #follow(from?: GuardState, focused: Element | null | false = false): void {
    this.#isFollowed = true;
    import('./guard-changes.js').then(({ follow }) => follow(this, from, focused)).catch(() => {});
  }

  #stamp(): void {
    stamp(this, this.state === 'allowed' ? '' : this.state);
  }

  /** The decision, and what becomes of it where the token alone does not settle it. */
  #refine(session: SessionState): Decision {
    const rule = this.#rule;
    const services = this.#services;
    const isUnderstood = services ? !services.findFault() : this.#isUnderstood;
    // What is not understood is not shown.
    const status = services || this.#error ? 'error' : 'pending';
    const decision = decide(isUnderstood ? session : { status }, rule, Date.now() / 1000);
    const { client } = this.#session;
    if (!isUnderstood) void this.#load();
    if (!client) {
      services?.end();
      return decision;
    }
    const { stepUp, src } = this;
    if (services) return services.refine({ decision, rule, session, client, stepUp, src });
    const { state, missing } = decision;
    // Okta leaves long lists of groups out of the token.
    const asks = state === 'allowed' ? src : missing.groups.length && session.user && session.user.groups === undefined;
    if (state !== 'step-up' && !asks) return decision;
    void this.#load();
    return { ...decision, state: this.#error ? 'error' : 'pending' };
  }

  /** Whether every attribute and value is understood without looking further into it. */
  get #isUnderstood(): boolean {
    const { observedAttributes } = OktaGuardElement;
    return (
      this.getAttributeNames().every((name) => observedAttributes.includes(name) || HARMLESS.test(name)) &&
      isUnderstood(this, RULE) &&
      (this.value == null || this.claim != null)
    );
  }

  /** What is allowed for a while is decided anew when that is over, also when the page slept through its end. */
  #watch(open: boolean): void {
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#recheck);
    const { maxAge } = this.#rule;
    if (!open || maxAge === undefined) return;
    const { user, clockSkew = 0 } = this.#session.state;
    const left = (Number(user?.auth_time) + maxAge - clockSkew) * 1000 - Date.now();
    this.#timer = setTimeout(this.#recheck, Math.min(left + 1, LONGEST));
    document.addEventListener('visibilitychange', this.#recheck);
  }

  readonly #recheck = (): void => this.recheck();

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const { GuardServices } = await loaded(import('./guard-services.js'));
      this.#services = new GuardServices(this, OktaGuardElement.elementStyles);
    } catch (error) {
      this.#fail(error as OktaElementsError);
    }
    this.requestUpdate();
  }

  #fail(error: OktaElementsError): void {
    this.#error = error;
    void reportError(this, error);
  }

  async #redirect(): Promise<void> {
    const { client } = this.#session;
    if (this.#redirecting || !client) return;
    this.#redirecting = true;
    if (!this.dispatchEvent(new OktaGuardRedirectEvent())) return;
    // A failure is the session's then, and shown as such.
    await client.signIn({ automatic: true }).catch(() => {});
  }
}
