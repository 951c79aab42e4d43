// What the tests say to a mutant: those that come to it are asked until one fails. First those that
// have noticed most of the same source, then the shortest; each folder that a test has in common with
// it counts as if it took half as long.
import type { Bundle } from './bundle.js';
import type { KnownTest, KnownTests } from './known-tests.js';
import type { Mutant } from './mutants.js';
import { TestProcess, type Outcome } from './test-process.js';

export interface Verdict {
  /** A test that does not end notices, too. */
  readonly status: 'killed' | 'does not end' | 'survived' | 'untested';
  /** How many were asked. */
  readonly tests: number;
  readonly noticedBy?: string;
}

/** After so long no further test is asked. */
const ASKED_MS = 20_000;

export class Trials implements Disposable {
  readonly #bundle: Bundle;
  readonly #known: KnownTests;
  readonly #noticed = new Map<string, Map<KnownTest, number>>();
  #process: TestProcess;

  constructor(bundle: Bundle, known: KnownTests) {
    this.#bundle = bundle;
    this.#known = known;
    this.#process = new TestProcess(bundle);
  }

  async verdictOn(mutant: Mutant): Promise<Verdict> {
    const { tests, reachedAtLoad } = this.#known;
    const { id } = mutant;
    const coming = tests.filter(({ reached }) => reached.includes(id));
    if (coming.length > 0 || !reachedAtLoad.has(id)) {
      return this.#ask(mutant, coming, (test) => this.#runAwake(test, id));
    }
    // Nobody knows to whom it matters what is made when it is loaded.
    using fresh = new TestProcess(this.#bundle, id);
    return await this.#ask(mutant, tests, (test) => run(fresh, test));
  }

  async #ask(
    { path }: Mutant,
    tests: readonly KnownTest[],
    runTest: (test: KnownTest) => Promise<Outcome>,
  ): Promise<Verdict> {
    const noticed = this.#noticed.get(path) ?? new Map<KnownTest, number>();
    this.#noticed.set(path, noticed);
    const times = (test: KnownTest): number => noticed.get(test) ?? 0;
    const startMs = performance.now();
    let asked = 0;
    const cost = (test: KnownTest): number => test.ms / 2 ** nearness(test.file, path);
    const inOrder = tests.toSorted((a, b) => times(b) - times(a) || cost(a) - cost(b));
    for (const test of inOrder) {
      if (performance.now() - startMs > ASKED_MS) break;
      asked += 1;
      const outcome = await runTest(test);
      if (passes(outcome)) continue;
      noticed.set(test, times(test) + 1);
      const status = outcome === 'does not end' ? outcome : 'killed';
      return { status, tests: asked, noticedBy: `${test.file} › ${test.title}` };
    }
    return { status: asked > 0 ? 'survived' : 'untested', tests: asked };
  }

  /** Believes a failure only where the test passes without the mutant in the same process. */
  async #runAwake(test: KnownTest, mutant: number): Promise<Outcome> {
    const outcome = await run(this.#process, test, mutant);
    if (passes(outcome)) return outcome;
    const isSound = typeof outcome !== 'string' && passes(await run(this.#process, test));
    if (isSound) return outcome;
    this.#process[Symbol.dispose]();
    this.#process = new TestProcess(this.#bundle);
    return typeof outcome === 'string' ? outcome : run(this.#process, test, mutant);
  }

  [Symbol.dispose](): void {
    this.#process[Symbol.dispose]();
  }
}

/** Three times as long as without a mutant, and what a busy machine and loading need. */
async function run(process: TestProcess, test: KnownTest, mutant?: number): Promise<Outcome> {
  const { file, title, ms } = test;
  return process.ask({ file, title, mutant }, 3 * ms + 5_000);
}

function passes(outcome: Outcome): boolean {
  return typeof outcome !== 'string' && outcome.problem === undefined;
}

/** How much of a test's path is that of a source: its folders, and its name. */
function nearness(test: string, source: string): number {
  const names = test
    .replace(/\.test\.ts$/, '')
    .split('/')
    .slice(1);
  const others = source.replace(/\.ts$/, '').split('/');
  const differs = names.findIndex((name, index) => name !== others[index]);
  return differs < 0 ? names.length : differs;
}
