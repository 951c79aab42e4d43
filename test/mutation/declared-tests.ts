// Stands for the test runner in the process that tries mutants (bundle.ts): keeps what test files
// declare, so that each test can be run by itself, again and again.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type TestInfo } from '@playwright/test';

export { expect };

type Body = (fixtures: object, info: TestInfo) => unknown;

interface Group {
  readonly title: string;
  /** The groups that it is in, and itself. */
  readonly path: readonly Group[];
  readonly beforeAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly afterAll: Body[];
}

interface Declared {
  readonly group: Group;
  readonly body: Body;
}

/** What is temporary goes away with the process, see test-process.ts. */
const outputDir = mkdtempSync(join(tmpdir(), 'output-'));
let group = groupIn('', []);
let declared = new Map<string, Declared>();
let running: TestInfo | undefined;

/** The tests of a file, by their titles. */
export async function declaredBy(
  load: () => Promise<unknown>,
): Promise<ReadonlyMap<string, Declared>> {
  group = groupIn('', []);
  declared = new Map();
  await load();
  return declared;
}

/** Runs a test with all that is to be done before and after it, also for its whole file. */
export async function runDeclared(file: string, title: string, test: Declared): Promise<void> {
  const info = infoOf(file, title);
  running = info;
  const { path } = test.group;
  const inwards = (hook: 'beforeAll' | 'beforeEach'): Body[] => path.flatMap((one) => one[hook]);
  const outwards = (hook: 'afterEach' | 'afterAll'): Body[] =>
    path.toReversed().flatMap((one) => one[hook]);
  try {
    for (const body of [...inwards('beforeAll'), ...inwards('beforeEach'), test.body]) {
      await body({}, info);
    }
  } finally {
    for (const body of [...outwards('afterEach'), ...outwards('afterAll')]) await body({}, info);
  }
}

const declareTest = (title: string, ...rest: unknown[]): void => {
  const whole = [...group.path.slice(1).map((one) => one.title), title].join(' › ');
  declared.set(whole, { group, body: rest.at(-1) as Body });
};

const describe = (title: string, body: () => void): void => {
  const outer = group;
  group = groupIn(title, outer.path);
  body();
  group = outer;
};

const nothing = (): void => undefined;

export const test = Object.assign(declareTest, {
  describe: Object.assign(describe, { configure: nothing }),
  beforeAll: (body: Body) => void group.beforeAll.push(body),
  beforeEach: (body: Body) => void group.beforeEach.push(body),
  afterEach: (body: Body) => void group.afterEach.push(body),
  afterAll: (body: Body) => void group.afterAll.push(body),
  step: (_title: string, body: () => unknown) => Promise.resolve(body()),
  setTimeout: nothing,
  slow: nothing,
  skip: (isSkipped: boolean, why: string) => {
    if (isSkipped) throw new Error(`skipped: ${why}`);
  },
  info: () => {
    if (running === undefined) throw new Error('No test is running.');
    return running;
  },
});

function groupIn(title: string, outer: readonly Group[]): Group {
  const path: Group[] = [...outer];
  const made = { title, path, beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
  path.push(made);
  return made;
}

function infoOf(file: string, title: string): TestInfo {
  const info: Partial<TestInfo> = {
    file: resolve(file),
    title,
    titlePath: [file, title],
    annotations: [],
    outputDir,
    outputPath: (...names) => join(outputDir, ...names),
    attach: () => Promise.resolve(),
  };
  return info as TestInfo;
}
