// In JUnit a failure is what the CPI has done, and an error what else kept a case from its end; the
// sums are those of all suites, also of one that is merged in.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { withReport } from '../../../bats-runner/contract/case-report.js';
import { CpiAnswerError } from '../../../bats-runner/contract/cpi-under-test.js';
import { junitReport, type ReportedCase } from '../../../bats-runner/contract/junit.js';
import { mergeReports } from '../../../bats-runner/reports/merged-reports.js';
import { CpiCallFailed } from '../../../bats-runner/lite/cpi-calls.js';

function ended(status: ReportedCase['status'], title = 'DSK-01 Life'): ReportedCase {
  return {
    title,
    status,
    durationMs: 1500,
    reason: 'it <failed>',
    detail: 'at "once" & <all>\u0000',
  };
}

const all = [ended('passed'), ended('failure'), ended('error'), ended('error'), ended('skipped')];

test('it counts failures and errors apart, and tells each with its reason', () => {
  const report = junitReport(all, '2026-11-26T18:00:00.000Z');
  const counts = 'tests="5" failures="1" errors="2" skipped="1" time="7.5"';
  expect(report).toContain(`<testsuites ${counts}>`);
  expect(report).toContain(
    `<testsuite name="CPI contract" timestamp="2026-11-26T18:00:00.000Z" ${counts}>`,
  );
  expect(report).toContain(
    '<testcase name="DSK-01 Life" classname="contract.DSK" time="1.5">' +
      '<failure message="it &lt;failed&gt;">at "once" &amp; &lt;all&gt;</failure></testcase>',
  );
  expect(report.match(/<error message=/g)).toHaveLength(2);
  expect(report).toContain('<skipped message="it &lt;failed&gt;"/>');
});

test('a suite that is merged in is counted, also when it is merged again', () => {
  const output = mkdtempSync(join(tmpdir(), 'bats-runner-junit-'));
  const bats =
    '<testsuite name="Director BATS" tests="3" failures="1" errors="1" skipped="0" time="2">';
  writeFileSync(join(output, 'report.xml'), junitReport(all, '2026-11-26T18:00:00.000Z'));
  writeFileSync(join(output, 'bats.xml'), `${bats}\n</testsuite>`);
  mergeReports(output);
  mergeReports(output);
  const merged = readFileSync(join(output, 'report.xml'), 'utf8');
  rmSync(output, { recursive: true });
  expect(merged).toContain('<testsuites tests="8" failures="2" errors="3" skipped="1" time="9.5">');
  expect(merged.match(/Director BATS"/g)).toHaveLength(1);
});

const nameOf = (failure: Error): string => withReport(failure, '', (text) => text).name;

test('what the CPI did is a broken promise, anything else is not', () => {
  expect(nameOf(new CpiAnswerError('has_vm', 'it gave no CID'))).toBe('PromiseBroken');
  expect(nameOf(new CpiCallFailed('has_vm', 'CloudError', 'no', false))).toBe('PromiseBroken');
  let unmet: unknown;
  try {
    expect(1).toBe(2);
  } catch (failure) {
    unmet = failure;
  }
  expect(nameOf(unmet as Error)).toBe('PromiseBroken');
  expect(nameOf(new TypeError('undefined is no object'))).toBe('TypeError');
});
