import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { mergeReports, writeReceipt } from './merged-reports.js';
import { receiptPage, type Outcome } from './receipt.js';
import { settingsIn } from './suite-settings.js';

/** Writes the receipt of a run, one page, beside the other reports, which are there already. */
export default class ReceiptReporter implements Reporter {
  readonly #outcomes: Outcome[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    const skip = result.annotations.find(({ type }) => type === 'skip');
    this.#outcomes.push({
      title: test.title,
      status: result.status === 'interrupted' ? 'failed' : statusOf(result),
      durationMs: result.duration,
      reason: skip?.description ?? result.error?.message?.split('\n')[0],
    });
  }

  onEnd({ status, startTime, duration }: FullResult): void {
    const settings = settingsIn(process.env);
    if (settings === undefined) return;
    const { output, repeat, facts } = settings;
    const page = receiptPage({
      facts,
      repeat,
      isInterrupted: status === 'interrupted',
      startedAt: startTime.toISOString(),
      durationMs: duration,
      outcomes: this.#outcomes,
    });
    writeReceipt(output, 'contract', page);
    // Those of the contract have been written anew.
    const problem = mergeReports(output);
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}

function statusOf({ status }: TestResult): Outcome['status'] {
  return status === 'passed' || status === 'skipped' ? status : 'failed';
}
