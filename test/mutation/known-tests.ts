// Which tests come to which mutants, and how long they take: each is run once while all mutants sleep.
import type { Bundle } from './bundle.js';
import { TestProcess } from './test-process.js';

export interface KnownTest {
  readonly file: string;
  readonly title: string;
  readonly ms: number;
  /** The mutants that it comes to. */
  readonly reached: readonly number[];
}

export interface KnownTests {
  /** Those that pass. */
  readonly tests: readonly KnownTest[];
  /** The mutants that are come to when the files are loaded. */
  readonly reachedAtLoad: ReadonlySet<number>;
}

const LIMIT_MS = 120_000;

export async function learnTests(
  bundle: Bundle,
  files: readonly string[],
  progress: (text: string) => void,
): Promise<KnownTests> {
  const tests: KnownTest[] = [];
  const reachedAtLoad = new Set<number>();
  const titlesOf = new Map<string, readonly string[]>();
  let process = new TestProcess(bundle);
  for (const file of files) {
    const loaded = await process.ask({ file }, LIMIT_MS);
    if (typeof loaded === 'string' || loaded.problem !== undefined) {
      const why = typeof loaded === 'string' ? loaded : loaded.problem;
      progress(`not asked, as it cannot be loaded: ${file}: ${why}`);
      continue;
    }
    for (const id of loaded.reached) reachedAtLoad.add(id);
    titlesOf.set(file, loaded.titles);
  }
  for (const [file, titles] of titlesOf) {
    const at = [...titlesOf.keys()].indexOf(file) + 1;
    progress(`seen with all mutants asleep: ${at} of ${titlesOf.size}, ${file}`);
    for (const title of titles) {
      const ran = await process.ask({ file, title }, LIMIT_MS);
      if (typeof ran !== 'string' && ran.problem === undefined) {
        tests.push({ file, title, ms: ran.ms, reached: ran.reached });
        continue;
      }
      const why = typeof ran === 'string' ? ran : ran.problem;
      progress(`not asked, as it fails here: ${file} › ${title}: ${why}`);
      if (typeof ran !== 'string') continue;
      process[Symbol.dispose]();
      process = new TestProcess(bundle);
    }
  }
  process[Symbol.dispose]();
  return { tests, reachedAtLoad };
}
