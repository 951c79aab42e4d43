import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  FullResult,
  Reporter,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { withoutColours } from '../secrets.js';
import { junitReport, type ReportedCase } from './junit.js';
import { codeIn, reasonIn } from './receipt.js';
import { settingsIn } from './suite-settings.js';

/** Writes `report.xml`, which tells what a CPI has done from what went wrong beside it. */
export default class JunitReporter implements Reporter {
  readonly #cases: ReportedCase[] = [];

  onTestEnd({ title }: TestCase, result: TestResult): void {
    const { status, duration: durationMs, annotations, error } = result;
    const skip = annotations.find(({ type }) => type === 'skip');
    this.#cases.push({
      title,
      status: status === 'passed' || status === 'skipped' ? status : kindOf(error),
      durationMs,
      reason:
        skip?.description ?? reasonIn(error?.message ?? `it was ${status}`, codeIn(error?.snippet)),
      detail: detailOf(error),
    });
  }

  /** What is about no case. */
  onError(error: TestError): void {
    const reason = reasonIn(error.message ?? '');
    const title = 'The run itself';
    this.#cases.push({ title, status: 'error', durationMs: 0, reason, detail: detailOf(error) });
  }

  onEnd({ startTime }: FullResult): void {
    const settings = settingsIn(process.env);
    if (settings === undefined) return;
    const report = junitReport(this.#cases, startTime.toISOString());
    writeFileSync(join(settings.output, 'report.xml'), report);
  }

  printsToStdio(): boolean {
    return false;
  }
}

function kindOf(error: TestError | undefined): 'failure' | 'error' {
  return error?.message?.startsWith('PromiseBroken: ') === true ? 'failure' : 'error';
}

function detailOf(error: TestError | undefined): string | undefined {
  const text = error?.stack ?? error?.message ?? error?.value;
  return text && withoutColours(text);
}
