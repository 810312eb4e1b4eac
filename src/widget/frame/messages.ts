/*
 * What a page and the sign-in form in a frame of another origin say to each other. The frame holds whatever the user
 * types; the page holds the code verifier and, in the end, the tokens. So neither takes the other's word for a thing:
 * each message is read into an object of the reader's own, field by field, and what is not named here is not read.
 *
 *   frame  window   hello                        I am here (to each allowed parent, and to no one else)
 *   page   window   connect + MessagePort        the transaction and how the form is to look
 *   frame  port     welcome                      what this frame is set up for
 *   frame  port     ready, view, problem, height …
 *   page   port     looks, focus                 what changed on the page; it is the form's turn
 *   frame  port     done | failed | leave        how it ended
 */

/** First words of the frame. They tell nothing but that it is there. */
export const HELLO = 'okta-elements:frame-hello';
const CONNECT = 'okta-elements:frame-connect';

/** What the page may say to the form. */
export interface FrameRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  /** The sign-in goes on: the page or the frame has been loaded again. */
  readonly resumed?: boolean;
  /** Code from a mailed link, and whether that link was opened in another browser than the one that wanted it. */
  readonly otp?: string;
  readonly elsewhere?: boolean;
  readonly acrValues?: string;
  readonly maxAge?: number;
  readonly prompt?: string;
  readonly flow?: 'login' | 'signup' | 'resetPassword' | 'unlockAccount';
  readonly language?: string;
  readonly loginHint?: string;
  readonly idp?: string;
  /** Values of `--okta-*` properties and `color-scheme`, by name. */
  readonly looks: Readonly<Record<string, string>>;
}

/** What the page may say to the form once it is there. */
export type PageMessage =
  | { readonly type: 'looks'; readonly looks: Readonly<Record<string, string>> }
  /** Nothing on the page has the focus: the form may take it. */
  | { readonly type: 'focus' };

/** What the form may say to the page. */
export type FrameMessage =
  | {
      readonly type: 'welcome';
      readonly issuer: string;
      readonly clientId: string;
      readonly redirectUri: string;
      /** Separated by spaces. Not said by a frame of an older release. */
      readonly scopes?: string;
    }
  | { readonly type: 'ready' }
  | { readonly type: 'view'; readonly form: string; readonly authenticator: string }
  | { readonly type: 'problem'; readonly message: string }
  /** CSS pixels. */
  | { readonly type: 'height'; readonly height: number }
  /** Somewhere on Okta that does not work in a frame: an identity provider. */
  | { readonly type: 'leave'; readonly url: string }
  | { readonly type: 'done'; readonly interactionCode: string; readonly state: string }
  | { readonly type: 'failed'; readonly code: FrameFailure; readonly message: string };

const FAILURES = [
  'widget_load_failed',
  'widget_failed',
  'timeout',
  'access_denied',
  'state_mismatch',
  'config_invalid',
] as const;
export type FrameFailure = (typeof FAILURES)[number];

type Reader<T> = (value: unknown) => T | undefined;

const text =
  (pattern: RegExp): Reader<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined;
const choice =
  <T extends string>(...choices: readonly T[]): Reader<T> =>
  (value) =>
    choices.find((one) => one === value);
const count =
  (most: number): Reader<number> =>
  (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most ? (value as number) : undefined;
const yes: Reader<boolean> = (value) => value === true || undefined;

/** Anything short; the reader shows it as text. */
const sentence = text(/^[^]{0,1000}$/);
const address = text(/^https?:\/\/\S{1,4000}$/);

const REQUEST: { readonly [K in keyof Omit<FrameRequest, 'looks'>]-?: Reader<FrameRequest[K]> } = {
  state: text(/^okta-elements\.embedded\.[0-9a-f]{64}$/),
  nonce: text(/^[\w-]{20,200}$/),
  // A SHA-256, base64url (RFC 7636 section 4.2).
  codeChallenge: text(/^[\w-]{43}$/),
  resumed: yes,
  otp: text(/^\w{1,100}$/),
  elsewhere: yes,
  acrValues: text(/^[\w:./ -]{1,500}$/),
  maxAge: count(10 ** 9),
  prompt: text(/^[a-z_ ]{1,100}$/),
  flow: choice('login', 'signup', 'resetPassword', 'unlockAccount'),
  language: text(/^[A-Za-z\d-]{2,35}$/),
  loginHint: text(/^[^\p{Cc}]{1,320}$/u),
  idp: text(/^\w{1,100}$/),
};

const NEEDED = ['state', 'nonce', 'codeChallenge'];
/** What a form can do without: pages have languages of every spelling. */
const DISPENSABLE = ['language', 'loginHint'];

const MESSAGES: { readonly [T in FrameMessage['type']]: Readonly<Record<string, Reader<unknown>>> } = {
  welcome: { issuer: address, clientId: text(/^\S{1,200}$/), redirectUri: address, scopes: sentence },
  ready: {},
  view: { form: text(/^[\w-]{0,100}$/), authenticator: text(/^\w{0,100}$/) },
  problem: { message: sentence },
  height: { height: count(20_000) },
  leave: { url: address },
  done: { interactionCode: text(/^[\x21-\x7e]{1,2000}$/), state: REQUEST.state },
  failed: { code: choice(...FAILURES), message: sentence },
};

/** @returns whether this is the frame's first word */
export function isHello(data: unknown): boolean {
  return fieldsOf(data).type === HELLO;
}

/** What the page sends in answer to the frame's first word. */
export function connectMessage(request: FrameRequest): object {
  return { type: CONNECT, ...request };
}

/** What a page asks for, as it may be used; or the first field that is not as it must be. */
export type Asked = { readonly request: FrameRequest } | { readonly wrong: string };

/** @returns undefined when a page asks for nothing */
export function readConnect(data: unknown): Asked | undefined {
  const said = fieldsOf(data);
  if (said.type !== CONNECT) return undefined;
  const { found, wrong } = read(said, REQUEST);
  const missing = NEEDED.filter((name) => found[name] === undefined);
  const [name] = [...wrong, ...missing].filter((each) => !DISPENSABLE.includes(each));
  if (name) return { wrong: name };
  return { request: { ...(found as Omit<FrameRequest, 'looks'>), looks: textsOf(said.looks) } };
}

/** @returns what the page says to a form that is there; undefined when it is nothing that a page says */
export function readPageMessage(data: unknown): PageMessage | undefined {
  const { type, looks } = fieldsOf(data);
  if (type === 'looks') return { type, looks: textsOf(looks) };
  return type === 'focus' ? { type } : undefined;
}

/** @returns what the frame says; undefined when it is nothing that a frame says */
export function readMessage(data: unknown): FrameMessage | undefined {
  const said = fieldsOf(data);
  const type = typeof said.type === 'string' && Object.hasOwn(MESSAGES, said.type) ? said.type : undefined;
  if (!type) return undefined;
  const fields = MESSAGES[type as FrameMessage['type']];
  const { found } = read(said, fields);
  const whole = Object.keys(fields).every((name) => found[name] !== undefined || name === 'scopes');
  return whole ? ({ type, ...found } as FrameMessage) : undefined;
}

/** The fields that are text. */
function textsOf(said: unknown): Record<string, string> {
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(fieldsOf(said)).filter(isText));
}

/** The named fields that are there: those that are as they must be, and the names of the others. */
function read(said: Readonly<Record<string, unknown>>, readers: Readonly<Record<string, Reader<unknown>>>) {
  const found: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, reader] of Object.entries(readers)) {
    if (said[name] === undefined) continue;
    const value = reader(said[name]);
    if (value === undefined) wrong.push(name);
    else found[name] = value;
  }
  return { found, wrong };
}

/** The object's own fields, with nothing inherited. */
function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return Object.assign(Object.create(null), typeof data === 'object' ? data : undefined) as Record<string, unknown>;
}
