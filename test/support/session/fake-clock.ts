interface Timer {
  readonly due: number;
  readonly call: () => void;
}

/**
 * A clock that stands until a test moves it, and takes the place of `setTimeout` in this process. Unlike the mock
 * timers of `node:test` it forgets what an earlier test left behind, and it can sleep.
 */
export class FakeClock {
  #now = 0;
  #timers = new Set<Timer>();

  constructor() {
    const { setTimeout: fake, clearTimeout: clear } = this;
    Object.assign(globalThis, { setTimeout: fake, clearTimeout: clear });
  }

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now;

  readonly setTimeout = (call: () => void, delay = 0): object => {
    // As in browsers, which count in 32 bits.
    const wait = delay > 2 ** 31 - 1 ? 0 : Math.max(delay, 0);
    const timer = { due: this.#now + wait, call };
    this.#timers.add(timer);
    return timer;
  };

  readonly clearTimeout = (timer: object | undefined): void => {
    this.#timers.delete(timer as Timer);
  };

  /** Begins anew: no timer is left. */
  reset(now: number): void {
    this.#now = now;
    this.#timers = new Set();
  }

  /** Lets time pass; timers fire when they are due, those they start included. */
  tick(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.due);
      timer.call();
    }
    this.#now = end;
  }

  /** Lets time pass while the machine sleeps: no timer fires. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end);
    return due.sort((first, second) => first.due - second.due)[0];
  }
}
