import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import { chromiumArguments, ensureBrowser } from '../support/runners/browsers.js';
import { endpoints, faultKinds, type FaultKind } from './faults.js';
import { FaultFixture } from './fixture.js';
import type { Outcome, Row } from './row.js';
import { orgDownRows } from './rows/org-down.js';
import { sessionRows } from './rows/session.js';
import { signInRows } from './rows/sign-in.js';
import { signOutRows } from './rows/sign-out.js';
import { FaultPage } from './fault-page.js';

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
const FIXTURES = 4;
/** Milliseconds in which whatever failed must have ended. */
const LIMIT = 15_000;

/** Milliseconds that a cell may take in all: a browser that answers no more must not keep the others waiting. */
const CELL_LIMIT = 3 * 60_000;

/** A browser and some fixtures, in which cells are played. */
export class Matrix {
  readonly #browser: Browser;
  readonly #idle: FaultFixture[] = [];
  readonly #waiting: ((fixture: FaultFixture) => void)[] = [];
  readonly #fixtures: FaultFixture[];

  private constructor(browser: Browser, fixtures: FaultFixture[]) {
    this.#browser = browser;
    this.#fixtures = fixtures;
    this.#idle.push(...fixtures);
  }

  static async open(fixtures = FIXTURES): Promise<Matrix> {
    const browser = await chromium.launch({
      executablePath: await ensureBrowser('chromium'),
      args: chromiumArguments,
      // The way back from a page of Okta's leads through it.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    return new Matrix(browser, await Promise.all(Array.from({ length: fixtures }, () => FaultFixture.open(browser))));
  }

  /** Plays a cell as soon as a fixture is free. @throws when it does not end as it must */
  async play({ row, kind }: Cell): Promise<Outcome> {
    const fixture = this.#idle.pop() ?? (await new Promise<FaultFixture>((resolve) => this.#waiting.push(resolve)));
    try {
      return await playIn(fixture, row, kind);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(fixture);
      else this.#idle.push(fixture);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#fixtures.map((fixture) => fixture.close()));
  }
}

async function playIn(fixture: FaultFixture, row: Row, kind: FaultKind): Promise<Outcome> {
  const context = await fixture.newContext();
  try {
    const page = await FaultPage.start(fixture, kind, context);
    const outcome = await within(CELL_LIMIT, row.play(page));
    page.assertClean();
    assert.equal(outcome.ending, row.endings[kind]);
    assert.ok(outcome.after < LIMIT, `it took ${outcome.after} ms`);
    return outcome;
  } finally {
    await fixture.release(context);
  }
}

async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${limit / 1000} s`)), limit);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
