import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import { chromiumArguments, ensureBrowser } from '../support/runners/browsers.js';
import { endpoints, faultKinds, type FaultKind } from './faults.js';
import { Lane } from './lane.js';
import type { Outcome, Row } from './row.js';
import { orgDownRows } from './rows/org-down.js';
import { sessionRows } from './rows/session.js';
import { signInRows } from './rows/sign-in.js';
import { signOutRows } from './rows/sign-out.js';
import { Visit } from './visit.js';

/** One fault at one moment. */
export interface Cell {
  row: Row;
  kind: FaultKind;
}

/** Endpoint by endpoint, in the order in which a session meets them. */
export const rows: Row[] = [...signInRows, ...sessionRows, ...signOutRows, ...orgDownRows].sort(
  (a, b) => endpoints.indexOf(a.endpoint) - endpoints.indexOf(b.endpoint),
);

export const cells: Cell[] = rows.flatMap((row) =>
  faultKinds.filter((kind) => row.endings[kind] !== undefined).map((kind) => ({ row, kind })),
);

/** How many cells run at the same time. Most of the time they wait. */
const LANES = 4;
/** Milliseconds in which whatever failed must have ended. */
const LIMIT = 15_000;

/** Milliseconds that a cell may take in all: a browser that answers no more must not keep the others waiting. */
const CELL_LIMIT = 3 * 60_000;

/** A browser and some lanes, in which cells are played. */
export class Matrix {
  readonly #browser: Browser;
  readonly #idle: Lane[] = [];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  readonly #lanes: Lane[];

  private constructor(browser: Browser, lanes: Lane[]) {
    this.#browser = browser;
    this.#lanes = lanes;
    this.#idle.push(...lanes);
  }

  static async open(lanes = LANES): Promise<Matrix> {
    const browser = await chromium.launch({
      executablePath: await ensureBrowser('chromium'),
      args: chromiumArguments,
      // The way back from a page of Okta's leads through it.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    return new Matrix(browser, await Promise.all(Array.from({ length: lanes }, () => Lane.open(browser))));
  }

  /** Plays a cell as soon as a lane is free. @throws when it does not end as it must */
  async play({ row, kind }: Cell): Promise<Outcome> {
    const lane = this.#idle.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    try {
      return await playIn(lane, row, kind);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#idle.push(lane);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

async function playIn(lane: Lane, row: Row, kind: FaultKind): Promise<Outcome> {
  const window = await lane.openWindow();
  try {
    const visit = await Visit.start(lane, kind, window);
    const outcome = await within(CELL_LIMIT, row.play(visit));
    visit.assertClean();
    assert.equal(outcome.ending, row.endings[kind]);
    assert.ok(outcome.after < LIMIT, `it took ${outcome.after} ms`);
    return outcome;
  } finally {
    await lane.closeWindow(window);
  }
}

async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${limit / 1000} s`)), limit);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
