import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/pages/browser.js';
import { endings, endpointOf, momentOf, rowNames, type RowName } from './endings.js';
import { FaultPage } from './fault-page.js';
import { faultKinds, type FaultKind } from './faults.js';
import { FaultFixture } from './fixture.js';
import type { Outcome, Row, Run } from './row.js';
import { orgDownRuns } from './rows/org-down.js';
import { sessionRuns } from './rows/session.js';
import { signInRuns } from './rows/sign-in.js';
import { signOutRuns } from './rows/sign-out.js';

/** One fault at one moment. */
export interface Cell {
  row: Row;
  kind: FaultKind;
}

const runs: Record<RowName, Run> = { ...signInRuns, ...sessionRuns, ...signOutRuns, ...orgDownRuns };

/** In the order in which a session requests the endpoints. */
export const rows: Row[] = rowNames.map((name) => ({
  name,
  endpoint: endpointOf(name),
  moment: momentOf(name),
  endings: endings[name],
  run: runs[name],
}));

export const cells: Cell[] = rows.flatMap((row) =>
  faultKinds.filter((kind) => row.endings[kind] !== undefined).map((kind) => ({ row, kind })),
);

/** The name of a cell, as in `token, return from Okta: hang`. */
export function nameOf({ row, kind }: Cell): string {
  return `${row.name}: ${kind}`;
}

/** A browser, and a shop with an org for each worker. */
export class Matrix {
  readonly #browser: Browser;
  readonly #fixtures: FaultFixture[];

  private constructor(browser: Browser, fixtures: FaultFixture[]) {
    this.#browser = browser;
    this.#fixtures = fixtures;
  }

  static async open(workers: number): Promise<Matrix> {
    const browser = await openBrowser({
      // The user goes back to the page from a page of Okta's that failed.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    return new Matrix(browser, await Promise.all(Array.from({ length: workers }, () => FaultFixture.open(browser))));
  }

  /** Runs a cell. One worker runs one at a time. @throws Error when the cell does not end as it must */
  async run({ row, kind }: Cell, worker: number): Promise<Outcome> {
    const fixture = this.#fixtures[worker]!;
    const context = await fixture.newContext();
    try {
      const page = await FaultPage.create(fixture, kind, context);
      const outcome = await row.run(page);
      page.assertClean();
      assert.equal(outcome.ending, row.endings[kind]);
      return outcome;
    } finally {
      await fixture.release(context);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#fixtures.map((fixture) => fixture.close()));
  }
}
