/**
 * What the smoke tests need of a browser. Each engine has its own way to do it; everything else, such as waiting, is
 * built on this in `page.ts` and is the same for all of them.
 *
 * An expression is JavaScript source. It has the functions of `in-page.ts` in scope.
 */
export interface Driver {
  /** A profile nobody has used yet: no cookies, no storage. */
  newProfile(): Promise<Profile>;
  /** Ends the browser and everything that was started with it. */
  close(): Promise<void>;
}

export interface Profile {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** The document in a tab or in a frame: whichever is there at the time of the call. */
export interface Content {
  /** Evaluates an expression and returns its value, which must be JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks the element that the expression evaluates to, with the mouse. */
  click(element: string): Promise<void>;
  /** Types into the element that the expression evaluates to, with the keyboard. */
  type(element: string, text: string): Promise<void>;
}

export interface Tab extends Content {
  /** Goes to an address and waits until the page has loaded. */
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  back(): Promise<void>;
  forward(): Promise<void>;
  /** The content of the frame that the expression evaluates to, also when it is of another origin. */
  frame(element: string): Content;
}

/** Milliseconds one command to a browser may take. */
export const COMMAND_LIMIT_MS = 60_000;
