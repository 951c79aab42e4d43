// What the tests say to a mutant: those that come to it are asked until one fails. First those that
// have noticed most of the same source, then the shortest.
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
    const { path, id } = mutant;
    const coming = tests.filter(({ reached }) => reached.includes(id));
    const verdict = await this.#ask(mutant, coming, (test) => this.#runAwake(test, id));
    if (!reachedAtLoad.has(id) || verdict.noticedBy !== undefined) return verdict;
    // Nobody knows to whom it matters what is made when it is loaded; likely to what uses the rest of
    // its source.
    const ofSource = new Set(
      this.#bundle.mutants.filter((other) => other.path === path).map((other) => other.id),
    );
    const isLikely = ({ reached }: KnownTest): boolean =>
      reached.some((other) => ofSource.has(other));
    using fresh = new TestProcess(this.#bundle, id);
    return await this.#ask(mutant, tests, (test) => run(fresh, test), isLikely);
  }

  async #ask(
    { path }: Mutant,
    tests: readonly KnownTest[],
    runTest: (test: KnownTest) => Promise<Outcome>,
    isLikely: (test: KnownTest) => boolean = () => true,
  ): Promise<Verdict> {
    const noticed = this.#noticed.get(path) ?? new Map<KnownTest, number>();
    this.#noticed.set(path, noticed);
    const times = (test: KnownTest): number => noticed.get(test) ?? 0;
    const startMs = performance.now();
    let asked = 0;
    const rank = (test: KnownTest): number => times(test) + (isLikely(test) ? 0.5 : 0);
    for (const test of tests.toSorted((a, b) => rank(b) - rank(a) || a.ms - b.ms)) {
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
