// Looks for each planted bug that no kept case finds in case after case, from seed 1 on, and keeps the first
// that finds it, made as small as it gets, for the tests and the documentation.
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { liveAgain, type KeptCase } from '../case.js';
import { failureText } from '../report/summary.js';
import { runProof, type Failure } from '../run.js';
import type { StageOptions } from '../stage.js';
import { plants } from './index.js';
import type { Plant } from './plant.js';
import { withPlantTable } from './plant-table.js';

/** A planted bug, and what finds it. */
export interface FoundPlant {
  readonly about: string;
  /** So many cases were lived through until it was found. */
  readonly cases: number;
  /** The promise that was seen broken. */
  readonly promise: string;
  readonly case: Omit<KeptCase, 'found'>;
}

export interface HuntOptions extends Pick<StageOptions, 'image' | 'registry'> {
  /** Where to stop looking for one. */
  readonly cases: number | undefined;
  readonly tell: (line: string) => void;
}

export const foundPlantsFile = new URL('found-plants.json', import.meta.url);
export const plantsPage = new URL('../../../docs/proof.md', import.meta.url);

/** The cases are kept, and lived through in each run of the tests: large ones cost time there. */
const narrowingMs = 15_000;

/** So many cases have to suffice. */
export const mostCases = 1_000;

/** Answers the status with which the program ends: 1 if one is not found. */
export async function huntAll(options: HuntOptions): Promise<number> {
  const { cases = mostCases, tell, ...stage } = options;
  const known = readFound();
  const found: FoundPlant[] = [];
  for (const plant of plants) {
    const kept = known.find(({ about }) => about === plant.about);
    const isStillFound = kept !== undefined && (await finds(kept.case, plant, stage));
    const one = isStillFound ? kept : await hunt(plant, stage, cases, tell);
    tell(`${one?.cases ?? 'NOT FOUND'}: ${plant.about}: ${one?.promise ?? ''}`);
    if (one === undefined) continue;
    found.push(one);
    const toCome = known.filter(({ about }) => found.every((other) => other.about !== about));
    await keep([...found, ...toCome]);
  }
  return found.length === plants.length ? 0 : 1;
}

export function readFound(): FoundPlant[] {
  return JSON.parse(readFileSync(foundPlantsFile, 'utf8')) as FoundPlant[];
}

/** Whether a case fails with the bug, and without it does not. */
export async function finds(
  kept: FoundPlant['case'],
  plant: Plant,
  stage: StageOptions,
): Promise<boolean> {
  const lived = { ...kept, found: plant.about };
  return (await isBroken(lived, { ...stage, plant })) && !(await isBroken(lived, stage));
}

async function isBroken(kept: KeptCase, options: StageOptions): Promise<boolean> {
  try {
    await liveAgain(kept, options);
    return false;
  } catch {
    return true;
  }
}

async function keep(found: readonly FoundPlant[]): Promise<void> {
  const text = await format(JSON.stringify(found), { parser: 'json', printWidth: 100 });
  writeFileSync(foundPlantsFile, text);
  const page = withPlantTable(readFileSync(plantsPage, 'utf8'), found);
  writeFileSync(plantsPage, await format(page, { parser: 'markdown', printWidth: 100 }));
}

export async function hunt(
  plant: Plant,
  stage: StageOptions,
  mostCases: number,
  tell: (line: string) => void,
): Promise<FoundPlant | undefined> {
  for (let seed = 1; seed <= mostCases;) {
    const failure = await firstFailure(plant, stage, seed, mostCases - seed + 1);
    if (failure === undefined) return undefined;
    const { conditions, turns } = failure.case;
    const promise = promiseIn(failure.what);
    const cases = failure.seed ?? seed;
    const one = { about: plant.about, cases, promise, case: { conditions, turns } };
    if (await finds(one.case, plant, stage)) return one;
    // What is found without the bug is another one, which nobody planted.
    tell(failureText(failure));
    seed = cases + 1;
  }
  return undefined;
}

async function firstFailure(
  plant: Plant,
  stage: StageOptions,
  seed: number,
  cases: number,
): Promise<Failure | undefined> {
  const isFound = new AbortController();
  const report = await runProof({
    ...{ ...stage, plant, cases, seed, minutes: 24 * 60, narrowingMs },
    onFailure: () => {
      isFound.abort();
    },
    signal: isFound.signal,
  });
  return report.failures[0];
}

/** Without what differs between cases. */
function promiseIn(what: string): string {
  const [line = ''] = what.split('\n');
  return line
    .replace(/( not after \d+ tries):.*/, '$1')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '…')
    .slice(0, 160);
}
