import { css, unsafeCSS, type CSSResult } from '@lit/reactive-element';

/** What our buttons and messages go by, below what a selector names. */
export const look = (scope: CSSResult): CSSResult => css`
  ${scope} {
    font-family: var(--okta-font-family, inherit);
    font-size: var(--okta-font-size, inherit);
  }
`;

/** Our buttons and messages, from the `--okta-*` custom properties alone. */
export const buttons = css`
  :host([hidden]) {
    display: none !important;
  }
  /* A page may say it for all elements; this one has been told otherwise. */
  :host([theme='light']) {
    color-scheme: light !important;
  }
  :host([theme='dark']) {
    color-scheme: dark !important;
  }
  button {
    font: inherit;
    font-weight: 600;
    padding: calc(var(--okta-space, 8px) * 1.25) calc(var(--okta-space, 8px) * 2.5);
    color: var(--okta-color-on-primary, light-dark(#fff, #08152b));
    background: var(--okta-color-primary, light-dark(#1662dd, #7fb0ff));
    border: 1px solid transparent;
    border-radius: var(--okta-radius, 6px);
    cursor: pointer;
  }
  button:hover {
    filter: brightness(1.08);
  }
  button:focus-visible {
    outline: 3px solid var(--okta-color-focus, var(--okta-color-primary, light-dark(#1662dd, #7fb0ff)));
    outline-offset: 2px;
  }
  button:disabled {
    cursor: default;
    opacity: 0.65;
  }
  [part='error'] {
    margin: 0 0 var(--okta-space, 8px);
    overflow-wrap: anywhere;
    color: var(--okta-color-danger, light-dark(#b3261e, #ffb4ab));
  }
  [part='error']:empty {
    display: none;
  }
  [part='spinner'] {
    display: inline-block;
    width: 0.8em;
    height: 0.8em;
    margin-inline-end: 0.5em;
    border: 2px solid;
    border-inline-end-color: transparent;
    border-radius: 50%;
    vertical-align: -0.1em;
    /* A short wait is not worth the frames. */
    animation: turn 0.8s linear 0.5s infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion) {
    [part='spinner'] {
      animation-duration: 4s;
    }
  }
`;

/** For an element that is a control and nothing else. */
export const controls = [
  // Prettier would end it with a semicolon if it were a template.
  look(unsafeCSS(':host')),
  buttons,
];
