/**
 * `npm run mutants [-- FOLDER…]`: how much the unit tests notice. StrykerJS changes the code in many small ways, one at
 * a time; a mutant that no test fails on survives. With folders, only those, with a list of what survived.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import type { MutantOptions } from './support/mutants/runner.js';
import { rooms, type Room } from './support/mutants/rooms.js';

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

const columns = ['killed', 'survived', 'timeout', 'no coverage', 'score'];

const folders = process.argv.slice(2).map((folder) => relative('.', folder).replaceAll('\\', '/'));
const chosen = rooms.filter(({ folder }) => folders.length === 0 || folders.some((part) => isIn(part, folder)));
const temporary = mkdtempSync(join(tmpdir(), 'okta-elements-mutants-'));

try {
  if (chosen.length === 0) throw new Error(`Folders with mutants: ${rooms.map(({ folder }) => folder).join(', ')}`);
  const lines: string[] = [];
  const below: string[] = [];
  for (const room of chosen) {
    const start = performance.now();
    console.log(`\n${room.folder}`);
    const mutants = await mutate(room);
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    const score = scoreOf(mutants);
    // NaN, with no mutant at all, is below as well.
    if (!(score >= room.floor)) below.push(room.folder);

    if (folders.length > 0) listSurvivors(mutants);
    lines.push('', row(`${room.folder}, at least ${room.floor}`, mutants) + minutes.padStart(9));
    const files = [...new Set(mutants.map(({ fileName }) => fileName))].sort();
    for (const file of files) {
      lines.push(
        row(
          `  ${relative(room.folder, file)}`,
          mutants.filter(({ fileName }) => fileName === file),
        ),
      );
    }
  }
  console.log(`\n${''.padEnd(40)}${columns.map((name) => name.padStart(12)).join('')}  minutes${lines.join('\n')}`);
  const verdict = below.length === 0 ? 'every folder holds its score' : `BELOW its score: ${below.join(', ')}`;
  console.log(`\nmutants of ${chosen.map(({ folder }) => folder).join(', ')}: ${verdict}`);
  process.exitCode = below.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function mutate({ mutate, tests, startsOrg }: Room): Promise<Mutant[]> {
  const options: PartialStrykerOptions & MutantOptions = {
    mutate,
    testRunner: 'warm',
    mutantTests: tests,
    mutantTestsWithOrg: startsOrg,
    plugins: [resolve('test/support/mutants/runner.ts')],
    // Both kinds of process load the plugin.
    testRunnerNodeArgs: ['--import', 'tsx'],
    checkerNodeArgs: ['--import', 'tsx'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    tempDirName: temporary,
    cleanTempDir: 'always',
    ignorePatterns: ['/dist', '/stories', '/.ci'],
    reporters: ['progress-append-only'],
    logLevel: 'warn' as PartialStrykerOptions['logLevel'],
    // For mutants that block the process. In wall time, so generous: the machine may be busy.
    timeoutMS: 20_000,
    // It does not know the options of the runner.
    warnings: false,
  };
  return new Stryker(options).runMutationTest();
}

function listSurvivors(mutants: Mutant[]): void {
  for (const { status, fileName, location, mutatorName, replacement } of mutants) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const { line, column } = location.start;
    const place = `${relative('.', fileName)}:${line}:${column}`;
    console.log(`${status} ${place} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 120)}`);
  }
}

function count(mutants: Mutant[], ...statuses: Mutant['status'][]): number {
  return mutants.filter(({ status }) => statuses.includes(status)).length;
}

/** The share of mutants that a test noticed, in percent. One that never ends is noticed. */
function scoreOf(mutants: Mutant[]): number {
  const noticed = count(mutants, 'Killed', 'Timeout');
  return (100 * noticed) / (noticed + count(mutants, 'Survived', 'NoCoverage'));
}

function row(name: string, mutants: Mutant[]): string {
  const statuses = ['Killed', 'Survived', 'Timeout', 'NoCoverage'] as const;
  const cells = [...statuses.map((status) => count(mutants, status).toString()), scoreOf(mutants).toFixed(1)];
  return name.padEnd(40) + cells.map((cell) => cell.padStart(12)).join('');
}

function isIn(part: string, folder: string): boolean {
  return folder === part || folder.startsWith(`${part}/`);
}
