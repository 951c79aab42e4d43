// The process in which mutants are tried: loads a test file, or runs a test of one, each time that it
// is told to (test-process.ts). It is loaded once for as many mutants as do not make it stop.
import fc from 'fast-check';
import { declaredBy, runDeclared } from './declared-tests.js';
import { guards, takeReached, wake } from './guards.js';

export interface Wish {
  readonly file: string;
  /** Of the test to run; without it all are only loaded. */
  readonly title?: string;
  readonly mutant?: number | undefined;
}

export interface Answer {
  /** Why a test, or the file, fails. */
  readonly problem?: string;
  readonly titles: readonly string[];
  /** The mutants that were come to. */
  readonly reached: readonly number[];
  readonly ms: number;
}

type Load = () => Promise<unknown>;

/** What is called first in the bundle: answers its parent until that ends it. */
export function serve(files: Readonly<Record<string, Load>>): void {
  Object.assign(globalThis, guards);
  // That an input fails is enough; nobody asks for the smallest.
  fc.configureGlobal({ endOnFailure: true });
  const loaded = new Map<string, ReturnType<typeof declaredBy>>();
  const atStart = process.env['MUTANT'];
  const always = atStart === undefined ? undefined : Number(atStart);

  const grant = async ({ file, title, mutant }: Wish): Promise<readonly string[]> => {
    wake(always);
    const tests = loaded.get(file) ?? declaredBy(files[file]!);
    loaded.set(file, tests);
    const known = await tests;
    const test = title === undefined ? undefined : known.get(title);
    wake(always ?? mutant);
    if (title !== undefined && test !== undefined) await runDeclared(file, title, test);
    return [...known.keys()];
  };

  process.on('message', (wish: Wish) => {
    const startMs = performance.now();
    const answer = (rest: Pick<Answer, 'problem' | 'titles'>): void => {
      process.send!({ ...rest, reached: takeReached(), ms: performance.now() - startMs });
    };
    // What nobody waits for fails, too: of the test that is running, or of one that has failed.
    const stray = new Promise<never>((_, reject) => {
      process.removeAllListeners('uncaughtException').on('uncaughtException', reject);
    });
    Promise.race([grant(wish), stray]).then(
      (titles) => {
        answer({ titles });
      },
      (failure: unknown) => {
        answer({
          titles: [],
          problem: failure instanceof Error ? failure.message : String(failure),
        });
      },
    );
  });
}
