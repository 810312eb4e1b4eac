import type { WidgetFixture } from './widget-fixture.js';

/* The ways to show the widget, with the content security policy that the documentation has for each. */

export type Policy = Record<string, readonly string[]>;

export const NONCE = 'n1';

/** As `stories/docs/content-security.md` has it. */
export const generation2Policy = ({ org }: WidgetFixture): Policy => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'", org.origin],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['okta-elements-widget'],
});

export const generation3Policy = (fixture: WidgetFixture): Policy => ({
  ...generation2Policy(fixture),
  'style-src': [`'nonce-${NONCE}'`],
  'img-src': ['data:'],
});

export interface Way {
  name: string;
  policy(fixture: WidgetFixture): Policy;
  /** Attributes of `<okta-config>`. */
  config: Record<string, string>;
  /** Attributes of `<okta-signin>`. */
  attributes: string;
  /** Globals that the page has while a form is shown. */
  globals: readonly string[];
}

export const ways: readonly Way[] = [
  {
    name: 'generation 2',
    policy: generation2Policy,
    config: { 'widget-generation': '2' },
    attributes: '',
    globals: ['AbstractChosen', 'Chosen', 'SelectParser', 'jQueryCourage'],
  },
  {
    name: 'generation 3',
    policy: generation3Policy,
    config: { 'widget-generation': '3', nonce: NONCE },
    attributes: '',
    globals: ['regeneratorRuntime'],
  },
  {
    name: 'generation 3 in a shadow root',
    policy: generation3Policy,
    config: { nonce: NONCE },
    attributes: 'isolation="shadow"',
    globals: ['regeneratorRuntime'],
  },
];

/** The value of the header. */
export const written = (policy: Policy): string =>
  Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
