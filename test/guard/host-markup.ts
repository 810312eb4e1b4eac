import type { ErrorCode } from '../../src/errors.js';
import type { GuardState } from '../../src/guard/decide.js';

/** Markup as a host delivers it, and what becomes of the guard in it for a signed-out visitor. */
export interface HostMarkup {
  /** The program that made `delivered`, with its version, and what was given to it. */
  readonly host: string;
  readonly written: string;
  /** The output of that program, unchanged. */
  readonly delivered: string;
  /** State of the guard; undefined where the host removed the tag. */
  readonly state?: GuardState;
  readonly code?: ErrorCode;
  /** Whether a signed-out visitor can read SECRET. */
  readonly isPublished: boolean;
}

const WPAUTOP = 'WordPress 6.1.9, wpautop';
const KSES = 'WordPress 6.1.9, wp_kses_post (author), then wpautop';
const BLOCKS = 'WordPress 6.1.9, the_content with do_blocks';
const SHORTCODE = 'WordPress 6.1.9, the_content with a shortcode';
const HUGO = 'Hugo 0.111.3';
const UNSAFE = 'Hugo 0.111.3, unsafe = true';
const KRAMDOWN = 'kramdown 2.4.0 (Jekyll)';
const PARSER = 'HTML parser';

/** The real output of hosts. stories/docs/where-guards-get-lost.md explains it. */
export const HOST_MARKUP: readonly HostMarkup[] = [
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff"><p>SECRET</p></okta-guard>',
    delivered: '<p><okta-guard groups="staff"></p>\n<p>SECRET</p>\n<p></okta-guard></p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff">\n\nSECRET\n\n</okta-guard>',
    delivered: '<p><okta-guard groups="staff"></p>\n<p>SECRET</p>\n<p></okta-guard></p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: WPAUTOP,
    written: 'Hello\n\n<okta-guard groups="staff"><h2>SECRET</h2></okta-guard>\n\nBye',
    delivered: '<p>Hello</p>\n<p><okta-guard groups="staff"></p>\n<h2>SECRET</h2>\n<p></okta-guard></p>\n<p>Bye</p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff"><div>SECRET</div></okta-guard>',
    delivered: '<p><okta-guard groups="staff"></p>\n<div>SECRET</div>\n<p></okta-guard></p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff">\n<p>SECRET</p>\n<p slot="denied">Not for you</p>\n</okta-guard>',
    delivered:
      '<p><okta-guard groups="staff"></p>\n<p>SECRET</p>\n<p slot="denied">Not for you</p>\n<p></okta-guard></p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff">SECRET</okta-guard>',
    delivered: '<p><okta-guard groups="staff">SECRET</okta-guard></p>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff">\nSECRET\n</okta-guard>',
    delivered: '<p><okta-guard groups="staff"><br />\nSECRET<br />\n</okta-guard></p>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: WPAUTOP,
    written: '<div>\n<okta-guard groups="staff">\n<p>SECRET</p>\n</okta-guard>\n</div>',
    delivered: '<div>\n<okta-guard groups="staff"></p>\n<p>SECRET</p>\n<p></okta-guard>\n</div>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: WPAUTOP,
    written: '<okta-guard groups="staff"><template><p>SECRET</p></template></okta-guard>',
    delivered: '<p><okta-guard groups="staff"><template></p>\n<p>SECRET</p>\n<p></template></okta-guard></p>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: BLOCKS,
    written: '<!-- wp:html -->\n<okta-guard groups="staff"><p>SECRET</p></okta-guard>\n<!-- /wp:html -->',
    delivered: '\n<okta-guard groups="staff"><p>SECRET</p></okta-guard>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: KSES,
    written: '<okta-guard groups="staff"><p>SECRET</p></okta-guard>',
    delivered: '<p>SECRET</p>\n',
    isPublished: true,
  },
  {
    host: KSES,
    written: '<okta-guard groups="staff"><template><p>SECRET</p></template></okta-guard>',
    delivered: '<p>SECRET</p>\n',
    isPublished: true,
  },
  {
    host: SHORTCODE,
    written: '[okta_guard groups="staff"]\n\nSECRET\n\n[/okta_guard]',
    delivered: '<div><okta-guard groups="staff"></p>\n<p>SECRET</p>\n<p></okta-guard></div>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: HUGO,
    written: '<okta-guard groups="staff">\n\nSECRET\n\n</okta-guard>',
    delivered: '<!-- raw HTML omitted -->\n<p>SECRET</p>\n<!-- raw HTML omitted -->\n',
    isPublished: true,
  },
  {
    host: HUGO,
    written: '<okta-guard groups="staff">SECRET</okta-guard>',
    delivered: '<p><!-- raw HTML omitted -->SECRET<!-- raw HTML omitted --></p>\n',
    isPublished: true,
  },
  {
    host: HUGO,
    written: '{{< okta-guard groups="staff" >}}\n**SECRET**\n{{< /okta-guard >}}',
    delivered: '<okta-guard groups="staff"><p><strong>SECRET</strong></p>\n</okta-guard>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: UNSAFE,
    written: '<okta-guard groups="staff">\n\nSECRET\n\n</okta-guard>',
    delivered: '<okta-guard groups="staff">\n<p>SECRET</p>\n</okta-guard>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: UNSAFE,
    written: '<okta-guard groups="staff"><p>SECRET</p></okta-guard>',
    delivered: '<p><okta-guard groups="staff"><p>SECRET</p></okta-guard></p>\n',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: UNSAFE,
    written: '<div>\n<okta-guard groups="staff"><p>SECRET</p></okta-guard>\n</div>',
    delivered: '<div>\n<okta-guard groups="staff"><p>SECRET</p></okta-guard>\n</div>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: KRAMDOWN,
    written: '<okta-guard groups="staff">\n\n**SECRET**\n\n</okta-guard>',
    delivered: '<okta-guard groups="staff">\n\n**SECRET**\n\n</okta-guard>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: KRAMDOWN,
    written: '<okta-guard groups="staff"><div markdown="1">\n\n**SECRET**\n\n</div></okta-guard>',
    delivered: '<okta-guard groups="staff"><div>\n\n    <p><strong>SECRET</strong></p>\n\n  </div></okta-guard>\n',
    state: 'signed-out',
    isPublished: false,
  },
  {
    host: PARSER,
    written: '<p><okta-guard groups="staff"><p>SECRET</p></okta-guard></p>',
    delivered: '<p><okta-guard groups="staff"><p>SECRET</p></okta-guard></p>',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: PARSER,
    written: '<table><okta-guard groups="staff"><tr><td>SECRET</td></tr></okta-guard></table>',
    delivered: '<table><okta-guard groups="staff"><tr><td>SECRET</td></tr></okta-guard></table>',
    state: 'error',
    code: 'guard_empty',
    isPublished: true,
  },
  {
    host: PARSER,
    written: '<okta-guard groups="staff" />SECRET',
    delivered: '<okta-guard groups="staff" />SECRET',
    state: 'signed-out',
    isPublished: false,
  },
];
