import { withSums } from '../reports/junit-sums.js';
import type { Outcome } from './receipt.js';
import { xmlText } from '../xml-text.js';

/** How a case has ended, with everything that is known of a failure. */
export interface ReportedCase extends Omit<Outcome, 'status'> {
  /** A `failure` is what the CPI has done, an `error` what else has kept the case from its end. */
  readonly status: 'passed' | 'failure' | 'error' | 'skipped';
  readonly detail: string | undefined;
}

/** The report of a run as JUnit writes it. */
export function junitReport(cases: readonly ReportedCase[], startedAt: string): string {
  const count = (status: ReportedCase['status']): number =>
    cases.filter((one) => one.status === status).length;
  const seconds = cases.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return withSums(
    [
      '<testsuites>',
      `<testsuite name="CPI contract" timestamp="${startedAt}" tests="${cases.length}" ` +
        `failures="${count('failure')}" errors="${count('error')}" ` +
        `skipped="${count('skipped')}" time="${seconds}">`,
      ...cases.map(caseElement),
      '</testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
}

function caseElement({
  title,
  status,
  durationMs,
  reason = '',
  detail = '',
}: ReportedCase): string {
  const [kind = ''] = title.split('-');
  const head =
    `<testcase name="${xmlText(title)}" classname="contract.${xmlText(kind)}" ` +
    `time="${durationMs / 1000}"`;
  if (status === 'passed') return `${head}/>`;
  if (status === 'skipped') return `${head}><skipped message="${xmlText(reason)}"/></testcase>`;
  return `${head}><${status} message="${xmlText(reason)}">${xmlText(detail).replaceAll('&quot;', '"')}</${status}></testcase>`;
}
