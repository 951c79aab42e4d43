import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints at the end which cases were skipped, and why: no target serves every case. */
export default class SkipsReporter implements Reporter {
  readonly #titles = new Map<string, string[]>();

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== 'skipped') return;
    const annotation = result.annotations.find(({ type }) => type === 'skip');
    const reason = annotation?.description ?? 'no reason was given';
    this.#titles.set(reason, [...(this.#titles.get(reason) ?? []), test.title]);
  }

  onEnd(): void {
    for (const [reason, titles] of this.#titles) {
      process.stdout.write(`\nskipped, because ${reason}:\n`);
      for (const title of titles) process.stdout.write(`  ${title}\n`);
    }
  }

  printsToStdio(): boolean {
    return false;
  }
}
