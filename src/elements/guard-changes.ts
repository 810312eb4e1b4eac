import type { GuardState } from '../guard/decide.js';
import { announce } from './guard-announcer.js';
import { keepFocus } from './guard-focus.js';
import type { OktaGuardElement } from './okta-guard.js';

/**
 * Makes a change of what a guard shows one that everybody can follow. Loaded when something changes while the page is
 * open.
 * @param focused what had the focus before, where that was in the guard
 */
export function follow(guard: OktaGuardElement, from: GuardState | undefined, focused: Element | null | false): void {
  keepFocus(guard, focused);
  announce(guard, from);
}
