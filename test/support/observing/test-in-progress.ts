// The test that is running, as far as observing it needs: what is asked of it, and what it showed.
import { test, type TestInfo } from '@playwright/test';
import { ANNOTATION, fileName, isRecording, kinds, readShown, type Kind } from './claims.js';

interface Progress {
  readonly shown: Set<string>;
  readonly attempts: Map<string, number>;
  readonly annotation: { type: string; description: string };
}

const shownInFile = { file: '', keys: new Set<string>() };
const progressOf = new WeakMap<TestInfo, Progress>();
const claimsByFile = new Map<string, ReadonlySet<string>>();
let isPaused = false;

/** Whether anything of this kind is worth looking for in the test that runs now, if one does. */
export function isSought(kind: Kind, key: string): boolean {
  const info = runningTest();
  if (info === undefined || isPaused) return false;
  enter(info);
  const name = `${kind} ${key}`;
  if (shownInFile.keys.has(name)) return false;
  return isRecording || claimsOf(shownInFile.file).has(name);
}

/** Whether the test may try once more to show this: a test has a few tries for each thing. */
export function takeAttempt(kind: Kind, key: string, limit: number): boolean {
  const { attempts } = progress();
  const name = `${kind} ${key}`;
  const made = attempts.get(name) ?? 0;
  attempts.set(name, made + 1);
  return made < limit;
}

/** The running test showed this. */
export function tellShown(kind: Kind, key: string): void {
  const { shown, annotation } = progress();
  const name = `${kind} ${key}`;
  shownInFile.keys.add(name);
  shown.add(name);
  annotation.description = JSON.stringify([...shown]);
}

/** Random requests show nothing that the next run must show, too. */
export async function unobserved<T>(action: () => Promise<T>): Promise<T> {
  isPaused = true;
  try {
    return await action();
  } finally {
    isPaused = false;
  }
}

function enter(info: TestInfo): void {
  const file = fileName(info.file);
  if (shownInFile.file === file) return;
  shownInFile.file = file;
  shownInFile.keys.clear();
}

function progress(): Progress {
  const info = test.info();
  const known = progressOf.get(info);
  if (known !== undefined) return known;
  const annotation = { type: ANNOTATION, description: '[]' };
  info.annotations.push(annotation);
  const fresh = { shown: new Set<string>(), attempts: new Map<string, number>(), annotation };
  progressOf.set(info, fresh);
  return fresh;
}

/** Clients are used outside of tests, too. */
function runningTest(): TestInfo | undefined {
  // Set in every worker of the runner: to ask elsewhere is dear.
  if (process.env['TEST_WORKER_INDEX'] === undefined) return undefined;
  try {
    return test.info();
  } catch {
    return undefined;
  }
}

function claimsOf(file: string): ReadonlySet<string> {
  if (claimsByFile.size === 0) {
    const byFile = new Map<string, Set<string>>();
    const shown = readShown();
    for (const kind of kinds) {
      for (const [key, where] of Object.entries(shown[kind])) {
        byFile.set(where, (byFile.get(where) ?? new Set()).add(`${kind} ${key}`));
      }
    }
    for (const [where, claims] of byFile) claimsByFile.set(where, claims);
  }
  return claimsByFile.get(file) ?? new Set();
}
