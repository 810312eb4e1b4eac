import { OktaElementsError } from '../../errors.js';
import { withAdvice } from '../../session/config-advice.js';
import { isSecure, parseConfig, type OktaConfig } from '../../session/config.js';

/** What a sign-in frame is for: `okta-frame.json`, beside it. Nothing of it can be changed from the page around it. */
export interface FrameSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** The application's: on the origin of the pages that show the frame. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Origins of the pages that may show it. */
  readonly parents: readonly string[];
  readonly generation: 2 | 3;
  /** Milliseconds until a request to Okta is given up. */
  readonly requestTimeout: number;
  /** Options of the Okta Sign-In Widget, as far as JSON can say them. */
  readonly widgetOptions: Readonly<Record<string, unknown>>;
}

const NAMES = [
  'issuer',
  'clientId',
  'redirectUri',
  'scopes',
  'parents',
  'generation',
  'requestTimeout',
  'widgetOptions',
];

/**
 * Checks the settings of a sign-in frame.
 * @throws OktaElementsError `config_invalid`, saying which setting and what it should be
 */
export function parseFrameSettings(file: unknown): FrameSettings {
  const input = { ...(isObject(file) ? file : undefined) };
  const unknown = Object.keys(input).find((name) => !NAMES.includes(name) && name !== '$schema');
  if (unknown) throw invalid(`"${unknown}" is no setting of a sign-in frame; there are ${NAMES.join(', ')}.`);
  const { issuer, clientId, redirectUri, scopes, parents, generation = 2, requestTimeout, widgetOptions = {} } = input;
  if (typeof redirectUri !== 'string' || !URL.canParse(redirectUri) || !isSecure(new URL(redirectUri))) {
    throw invalid('redirectUri is the whole address that the application in Okta comes back to, with https.');
  }
  const said = { issuer, clientId, redirectUri, scopes, requestTimeout } as Record<string, string>;
  const config = parse(said, redirectUri);
  if (!Array.isArray(parents) || parents.length === 0) {
    throw invalid(
      'parents lists the origins of the pages that may show this frame, such as "https://app.example.com".',
    );
  }
  if (Number(generation) !== 2 && Number(generation) !== 3) throw invalid('generation is 2 or 3.');
  if (!isObject(widgetOptions)) throw invalid('widgetOptions is an object.');
  return {
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scopes: config.scopes,
    parents: parents.map(parseParent),
    generation: Number(generation) as 2 | 3,
    requestTimeout: config.requestTimeout,
    widgetOptions,
  };
}

function parseParent(said: unknown): string {
  const url = typeof said === 'string' && URL.canParse(said) && !said.includes('*') ? new URL(said) : undefined;
  if (!url || !isSecure(url) || url.href !== `${url.origin}/`) {
    throw invalid(`parents lists ${JSON.stringify(said)}, which is not an origin such as "https://app.example.com".`);
  }
  return url.origin;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): OktaElementsError {
  return new OktaElementsError('config_invalid', message);
}

/** Says at once what a setting may be: this page loads nothing else for that. */
function parse(settings: Record<string, string>, redirectUri: string): OktaConfig {
  try {
    return parseConfig(settings, redirectUri);
  } catch (error) {
    (error as OktaElementsError).message = withAdvice(error as OktaElementsError);
    throw error;
  }
}
