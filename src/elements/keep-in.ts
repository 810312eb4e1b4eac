import { OktaElementsError } from '../errors.js';

/**
 * How often in a second a form is put back where it was taken out by a page that renders the inside of our element anew.
 * One that takes it out whenever it is put back would keep itself and us busy for ever.
 */
const PATIENCE = 20;

/**
 * Keeps a form where it belongs while a page renders the inside of our element anew.
 * @returns what ends that, and a promise that fails when the page does not leave the form where it is
 */
export function keepIn(host: HTMLElement, container: HTMLElement): { letGo(): void; lost: Promise<never> } {
  let times = 0;
  let since = -Infinity;
  let lose: (error: OktaElementsError) => void;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  const observer = new MutationObserver(() => {
    if (container.parentElement === host) return;
    const now = performance.now();
    if (now - since > 1000) [times, since] = [0, now];
    times += 1;
    if (times <= PATIENCE) {
      host.append(container);
      return;
    }
    observer.disconnect();
    lose(
      new OktaElementsError(
        'widget_failed',
        '<okta-signin>: a script of this page keeps removing the sign-in form. Check what renders its content.',
      ),
    );
  });
  observer.observe(host, { childList: true });
  return { letGo: () => observer.disconnect(), lost };
}
