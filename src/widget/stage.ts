import { OktaElementsError } from '../errors.js';
import type { WidgetGeneration } from './source.js';

/* What both generations of the widget have in common, as seen from here. */

/** Told with every form that is shown. */
export interface FormContext {
  /** Name of the remediation (`identify`, `challenge-authenticator` …), or `terminal`. */
  formName?: string;
  /** Name that generation 1 had for the same form. */
  controller?: string | null;
  /** Key of the authenticator that the form is about, such as `okta_email`. */
  authenticatorKey?: string;
}

/** A form that is shown. */
export interface ShownForm {
  readonly form: string;
  /** Okta's key of the authenticator it is about. */
  readonly authenticator?: string;
}

/** Told when a form shows an error. */
export interface FormError {
  /** The text the user sees. */
  errorSummary?: string;
}

/** How `showSignIn` ends when the code challenge was given from outside. */
export interface WidgetAnswer {
  status?: string;
  interaction_code?: string;
  state?: string;
}

/** Where a widget is shown, and who hears of it. */
export interface Stage {
  /** Empty, and in the document or in a shadow tree of it. */
  readonly container: HTMLElement;
  /** For pages whose policy names styles by nonce. */
  readonly cspNonce?: string;
  /** Aborted when the widget is gone. What happens after that concerns nobody. */
  readonly ended: AbortSignal;
  /** What takes the widget away again, last step first. */
  readonly undo: (() => void)[];
  readonly tell: {
    ready(): void;
    render(form: ShownForm): void;
    error(summary?: string): void;
  };
}

/** The form that is shown. */
export function formOf({ formName, controller, authenticatorKey }: FormContext): ShownForm {
  return { form: formName ?? controller ?? '', authenticator: authenticatorKey };
}

/** The script at `widget-src` is of the other design than was thought. */
export function otherGeneration(expected: WidgetGeneration): OktaElementsError {
  return new OktaElementsError(
    'config_invalid',
    `The script at widget-src is not generation ${expected} of the widget; set widget-generation to what it is.`,
  );
}
