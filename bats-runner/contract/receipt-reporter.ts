import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { mergeReports, writeReceipt } from '../reports/merged-reports.js';
import { redactor } from '../secrets.js';
import { codeIn, reasonIn, receiptPage, type Outcome } from './receipt.js';
import { settingsIn } from './suite-settings.js';
import { secretsOfFiles } from './target-secrets.js';

/** Writes the receipt of a run, one page, beside the other reports, which are there already. */
export default class ReceiptReporter implements Reporter {
  readonly #outcomes: Outcome[] = [];
  #suite: Suite | undefined;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const { error } = result;
    const skip = result.annotations.find(({ type }) => type === 'skip');
    this.#outcomes.push({
      title: test.title,
      status: statusOf(result),
      durationMs: result.duration,
      reason: skip?.description ?? (error && reasonIn(error.message ?? '', codeIn(error.snippet))),
    });
  }

  onEnd({ status, startTime, duration }: FullResult): void {
    const settings = settingsIn(process.env);
    if (settings === undefined) return;
    const { output, repeat, facts } = settings;
    const page = receiptPage({
      facts,
      repeat,
      end: status === 'timedout' ? 'failed' : status,
      startedAt: startTime.toISOString(),
      durationMs: duration,
      outcomes: this.#outcomes,
      notRun: this.#suite?.allTests().filter(({ results }) => results.length === 0).length ?? 0,
    });
    writeReceipt(output, 'contract', redactor(secretsOfFiles(settings))(page));
    // Those of the contract have been written anew.
    const problem = mergeReports(output);
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}

function statusOf({ status }: TestResult): Outcome['status'] {
  return status === 'timedOut' ? 'failed' : status;
}
