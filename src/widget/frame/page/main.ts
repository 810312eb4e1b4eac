/*
 * The page that is deployed on the sign-in origin: Okta's widget alone, for the page that shows it in a frame. Which
 * organisation and application it signs in to is in the file beside it, and the page around it has no say in that.
 */
import { OktaElementsError } from '../../../errors.js';
import { loadWidget } from '../../loader.js';
import { mountWidget } from '../../mount.js';
import type { WidgetSource } from '../../source.js';
import { applyLooks } from '../looks.js';
import type { FrameFailure } from '../messages.js';
import { parseFrameSettings, type FrameSettings } from '../settings.js';
import { connect, type Connection } from './connection.js';
import { keepFocusOut } from './focus.js';
import { watchHeight } from './height.js';
import { replaceBlockedStorage } from './storage.js';
import { watchWaysOut } from './ways-out.js';

const form = document.querySelector<HTMLElement>('#form')!;

start().catch((error: unknown) => {
  // In a frame the visitor gets a general sentence, and the console has the reason. Opened on its own, the page is most
  // likely being looked at by the developer who deployed it.
  form.textContent =
    parent === window ? (error as Error).message : 'Sign-in isn’t available on this page right now. Try again later.';
  reportError(error);
});

async function start(): Promise<void> {
  replaceBlockedStorage();
  const settings = await readSettings();
  loadWidget({ generation: settings.generation }).catch(() => {});
  const connection = await connect(settings.parents);
  try {
    await show(settings, connection);
  } catch (error) {
    const { code, message } = error as OktaElementsError;
    connection.tell({ type: 'failed', code: (code ?? 'widget_failed') as FrameFailure, message });
  } finally {
    form.replaceChildren();
  }
}

async function readSettings(): Promise<FrameSettings> {
  const file = 'okta-frame.json';
  const response = await fetch(file, { mode: 'same-origin' });
  if (!response.ok) throw new Error(`The file ${file} beside this page answers with status ${response.status}.`);
  return parseFrameSettings(await response.json());
}

/** The widget beside this page; its stylesheet is what the page says that it is. */
function source(generation: FrameSettings['generation']): WidgetSource {
  const said = document.querySelector<HTMLLinkElement>('link[rel=preload][as=style]');
  return { generation, stylesheet: said ? { url: said.href, integrity: said.integrity } : undefined };
}

async function show(settings: FrameSettings, { asked, tell, hear }: Connection): Promise<void> {
  const { issuer, clientId, redirectUri, scopes, generation, requestTimeout, widgetOptions } = settings;
  tell({ type: 'welcome', issuer, clientId, redirectUri, scopes: scopes.join(' ') });
  if ('wrong' in asked) throw wrongly(asked.wrong);
  const { looks, language, flow, loginHint, idp, ...transaction } = asked.request;
  const root = document.documentElement;
  applyLooks(looks, root);
  if (language) root.lang = language;
  watchHeight(form, (height) => tell({ type: 'height', height }));
  watchWaysOut(issuer, (url) => tell({ type: 'leave', url }));
  const takeFocus = keepFocusOut();
  hear((message) => {
    if (message.type === 'looks') applyLooks(message.looks, root);
    else takeFocus();
  });
  const { interactionCode, state } = await mountWidget({
    host: form,
    source: source(generation),
    transaction: {
      ...transaction,
      issuer,
      clientId,
      redirectUri,
      scopes: [...scopes],
      codeChallengeMethod: 'S256',
    },
    requestTimeout,
    flow,
    language,
    loginHint,
    idp,
    widgetOptions,
    cspNonce: document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce || undefined,
    // It ends with the frame.
    signal: new AbortController().signal,
    onReady: () => tell({ type: 'ready' }),
    onRender: ({ form: name, authenticator = '' }) => tell({ type: 'view', form: name, authenticator }),
    onError: ({ message }) => tell({ type: 'problem', message: message.slice(0, 1000) }),
  });
  tell({ type: 'done', interactionCode, state });
}

/** @param field as the message has it; the page's author knows it as an attribute */
function wrongly(field: string): OktaElementsError {
  const attribute = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new OktaElementsError(
    'config_invalid',
    `The sign-in frame cannot take ${attribute} as the page says it; correct it on <okta-signin>.`,
  );
}
