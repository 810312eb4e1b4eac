import { jsonConfiguration } from '../support/pages/configuration.js';
import type { ErrorCode } from '../../src/errors.js';

/** What authors of pages get wrong, and what names the setting to change. */
export interface Mistake {
  /** As in stories/docs/mistakes.md. */
  readonly name: string;
  /** The configuration. Default: one that is right. */
  readonly configuration?: string;
  /** The rest of the page. Default: a button and a guard. */
  readonly body?: string;
  readonly code: ErrorCode;
  /** What the console names. */
  readonly names: RegExp;
  /** The page is opened by a signed-in user. */
  readonly signedIn?: boolean;
}

export interface Site {
  readonly issuer: string;
  /** Another origin. */
  readonly elsewhere: string;
}

/** A button, and content that only signed-in users see. */
export const CONTENT = '<okta-signin></okta-signin><okta-guard><p id="secret">Secret</p></okta-guard>';

const attributesOf = (settings: Record<string, string>) =>
  Object.entries(settings)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');

export function mistakes({ issuer, elsewhere }: Site): readonly Mistake[] {
  const right = { issuer, 'client-id': 'app' };
  const tag = (settings: Record<string, string>) => `<okta-config${attributesOf(settings)}></okta-config>`;
  const setting = (name: string, value: string, names: RegExp): Mistake => ({
    name: `<okta-config ${name}="${value}">`,
    configuration: tag({ ...right, [name]: value }),
    code: 'config_invalid',
    names,
  });
  const inMarkup = (name: string, value: string): Mistake => ({
    name: `<okta-config ${name}="…">`,
    configuration: tag({ ...right, [name]: value }),
    code: 'config_not_allowed',
    names: new RegExp(`${name}[^]*data-okta-config`),
  });
  const signin = (name: string, value: string): Mistake => ({
    name: `<okta-signin ${name}="${value}">`,
    body: `<okta-signin ${name}="${value}"></okta-signin>`,
    code: 'config_invalid',
    names: new RegExp(`<okta-signin ${name}="${value}">: set it to one of`),
  });
  const guard = (attributes: string, names: RegExp): Mistake => ({
    name: `<okta-guard ${attributes}>`,
    body: `<okta-guard ${attributes}><p id="secret">Secret</p></okta-guard>`,
    code: 'guard_invalid',
    names,
  });
  return [
    { name: 'no configuration', configuration: '', code: 'config_missing', names: /"default"[^]*<okta-config/ },
    {
      name: 'config="staf", where the configuration is called "staff"',
      body: '<okta-signin config="staf"></okta-signin>',
      code: 'config_missing',
      names: /"staf"/,
    },
    {
      name: '<okta-config> without issuer',
      configuration: tag({ 'client-id': 'app' }),
      code: 'config_invalid',
      names: /issuer="": set your authorization server/,
    },
    setting('issuer', 'http://example.okta.com', /issuer=.*: set an https URL/),
    setting('issuer', 'https://{yourOktaDomain}/oauth2/default', /issuer=.*placeholder/),
    setting('issuer', 'https://example-admin.okta.com', /issuer=.*"-admin"/),
    setting('issuer', 'https://example.okta.com/?x=1', /issuer=.*without user name, query or fragment/),
    {
      name: '<okta-config> without client-id',
      configuration: tag({ issuer }),
      code: 'config_invalid',
      names: /client-id="": set the client ID/,
    },
    {
      name: '<okta-config client_id="…">',
      configuration: tag({ issuer, client_id: 'app' }),
      code: 'config_invalid',
      names: /client-id="": set the client ID/,
    },
    setting('redirect-uri', 'https://other.example/', /redirect-uri=.*this page's origin/),
    setting('post-logout-redirect-uri', '/#top', /post-logout-redirect-uri=.*without a fragment/),
    setting('scopes', 'profile email', /scopes=.*: add openid/),
    setting('storage', 'cookie', /storage="cookie": set one of local, session, memory/),
    setting('renew', 'never', /renew="never": set one of auto, on-demand, off/),
    setting('callback', 'none', /callback="none": set one of auto, manual/),
    setting('request-timeout', '10s', /request-timeout="10s": set a number of milliseconds/),
    setting('idle-timeout', 'soon', /idle-timeout="soon": set a number of seconds/),
    inMarkup('allowed-origins', elsewhere),
    inMarkup('widget-src', '/widget.js'),
    inMarkup('frame-src', elsewhere),
    inMarkup('src', '/okta.json'),
    {
      name: '<okta-config> on a page that a script configures',
      configuration: `${jsonConfiguration(right)}${tag(right)}`,
      code: 'config_not_allowed',
      names: /a script configures this page/,
    },
    {
      name: 'two <okta-config> of one name for different applications',
      configuration: tag(right) + tag({ ...right, 'client-id': 'other' }),
      code: 'config_conflict',
      names: /In conflict: (?=.*"default": \S+ app )(?=.*"default": \S+ other )/,
    },
    {
      name: 'two issuers with one redirect URI',
      configuration: tag(right) + tag({ issuer: `${elsewhere}/oauth2/x`, 'client-id': 'b', name: 'second' }),
      code: 'config_conflict',
      names: /(?=.*"default")(?=.*"second").*redirect URI of its own/,
    },
    {
      name: '<script data-okta-config> with broken JSON',
      configuration: '<script type="application/json" data-okta-config>{ "issuer": </script>',
      code: 'config_invalid',
      names: /<script data-okta-config>: .*JSON/,
    },
    {
      name: '<script data-okta-config> without client-id',
      configuration: jsonConfiguration({ issuer }),
      code: 'config_invalid',
      names: /client-id=/,
    },
    {
      name: '<script data-okta-config> with a "src" that is not there',
      configuration: jsonConfiguration({ src: '/not-there.json' }),
      code: 'config_invalid',
      names: /settings file "\/not-there\.json"[^]*404/,
    },
    signin('mode', 'embed'),
    signin('display', 'window'),
    signin('theme', 'night'),
    signin('flow', 'register'),
    signin('isolation', 'iframe'),
    {
      name: '<okta-signin isolation="frame"> without frame-src',
      body: '<okta-signin mode="embedded" isolation="frame"></okta-signin>',
      code: 'config_invalid',
      names: /frame-src/,
    },
    guard('groups=""', /<okta-guard groups="">/),
    guard('groups="[]"', /<okta-guard groups="\[\]">/),
    guard(`groups='["Members"'`, /groups=/),
    guard('group="Members"', /group[^]*groups/),
    guard('acrvalues="phr"', /acrvalues[^]*acr-values/),
    guard('when="signedin"', /when="signedin"[^]*signed-in/),
    guard('max-age="1h"', /max-age="1h"/),
    guard('value="gold"', /value="gold"[^]*claim/),
    guard('unauthenticated="login"', /unauthenticated="login"[^]*redirect/),
    {
      name: 'a guard whose content the HTML parser moves out of it',
      body: '<p><okta-guard><p>Published</p></okta-guard>',
      code: 'guard_empty',
      names: /<okta-guard>/,
    },
    {
      name: '<okta-guard src> that is not there',
      body: '<okta-guard src="/not-there.html"></okta-guard>',
      code: 'config_invalid',
      names: /src="[^"]*\/not-there\.html"[^]*404/,
      signedIn: true,
    },
    {
      name: '<okta-signout scope="everywhere">',
      body: '<okta-signout scope="everywhere"></okta-signout>',
      code: 'config_invalid',
      names: /<okta-signout scope="everywhere">: set it to one of/,
    },
  ];
}
