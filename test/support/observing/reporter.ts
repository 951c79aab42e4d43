// Compares what the tests of a run showed about the API with test/vectors/api/shown.json: what a
// file claims there but shows no more fails the run. With COVERAGE_API=record it renews the file
// instead (`npm run coverage:api`).
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import {
  ANNOTATION,
  fileName,
  isRecording,
  kinds,
  readShown,
  writeShown,
  type Shown,
} from './claims.js';

export default class ShownReporter implements Reporter {
  /** By file: what its tests showed in this run, as `kind key`. */
  readonly #shown = new Map<string, Set<string>>();
  readonly #failed = new Set<string>();
  #isSelection = true;

  onBegin(config: FullConfig, suite: Suite): void {
    this.#isSelection = config.shard !== null || process.argv.some((word) => SELECTS.test(word));
    for (const test of suite.allTests()) {
      this.#shown.set(fileName(test.location.file), new Set());
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const file = fileName(test.location.file);
    if (result.status !== 'passed') this.#failed.add(file);
    const shown = this.#shown.get(file);
    for (const { type, description } of result.annotations) {
      if (type !== ANNOTATION) continue;
      for (const key of JSON.parse(description ?? '[]') as string[]) shown?.add(key);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- Playwright reads the verdict from a promise
  async onEnd(): Promise<{ status: 'failed' } | undefined> {
    for (const file of this.#failed) this.#shown.delete(file);
    if (this.#isSelection) return undefined;
    const claims = readShown();
    if (isRecording) {
      writeShown(renewed(claims, this.#shown));
      return undefined;
    }
    const lost = lostClaims(claims, this.#shown);
    if (lost.length === 0) return undefined;
    process.stderr.write(
      '\nNo longer shown by the tests, though test/vectors/api/shown.json says so:\n' +
        lost.map((line) => `  ${line}\n`).join('') +
        `Mend the tests, or run \`npm run coverage:api\`, which looks for other tests.\n`,
    );
    return { status: 'failed' };
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** Arguments with which only some tests of a file run. */
const SELECTS = /^(-g|--grep.*|-gv|--shard.*|--last-failed|--only-changed.*|.*\.ts:\d+.*)$/;

/** What the files that ran claim but did not show. */
export function lostClaims(
  claims: Shown,
  shown: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  return kinds.flatMap((kind) =>
    Object.entries(claims[kind]).flatMap(([key, file]) => {
      const keys = shown.get(file);
      return keys === undefined || keys.has(`${kind} ${key}`) ? [] : [`${kind} ${key} (${file})`];
    }),
  );
}

/** The claims after a run: a file that showed something before keeps it, the first one gets it. */
export function renewed(claims: Shown, shown: ReadonlyMap<string, ReadonlySet<string>>): Shown {
  const lost = new Set(lostClaims(claims, shown));
  const files = [...shown.keys()].sort();
  const renew = (kind: (typeof kinds)[number]): Record<string, string> => {
    const kept = Object.entries(claims[kind]).filter(
      ([key, file]) => !lost.has(`${kind} ${key} (${file})`),
    );
    const found = [...files]
      .reverse()
      .flatMap((file) =>
        [...(shown.get(file) ?? [])]
          .filter((name) => name.startsWith(`${kind} `))
          .map((name) => [name.slice(kind.length + 1), file] as const),
      );
    const all = { ...Object.fromEntries(found), ...Object.fromEntries(kept) };
    return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return Object.fromEntries(kinds.map((kind) => [kind, renew(kind)])) as unknown as Shown;
}
