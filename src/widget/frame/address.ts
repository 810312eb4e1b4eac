import { OktaElementsError } from '../../errors.js';
import { isSecure } from '../../session/config.js';

/**
 * Checks where the sign-in form is to be framed from (`frame-src`).
 * @param page address of the page, which must be of another origin: scripts of one origin reach into each other
 * @throws OktaElementsError `config_invalid`
 */
export function frameAddress(said: unknown, page: string): URL {
  if (typeof said !== 'string' || !said.trim()) {
    throw invalid('isolation="frame" needs frame-src on <okta-config>: the address of the sign-in frame you deployed.');
  }
  const url = URL.canParse(said, page) ? new URL(said, page) : undefined;
  if (!url || !isSecure(url) || url.username || url.password) {
    throw invalid(`frame-src is an https address, such as https://signin.example.com/; "${said}" is not.`);
  }
  if (url.origin === new URL(page).origin) {
    throw invalid(
      'frame-src must be on another origin than this page: only there are the scripts of this page kept out of it.',
    );
  }
  return url;
}

function invalid(message: string): OktaElementsError {
  return new OktaElementsError('config_invalid', message);
}
