// A report for people.
import Table from 'cli-table3';
import type { Failure } from './run.js';
import { brokenText, sumOf, type Numbers, type Report } from './tally.js';

export function summaryOf(report: Report): string {
  const { cases, calmCases, calls, requests, seconds, virtualHours, firstSeed, failures } = report;
  return [
    `${cases} cases from seed ${firstSeed} (${calmCases} of them calm), ${sumOf(calls)} calls, ` +
      `${requests} requests, ${virtualHours} hours of their time in ${seconds} s: ` +
      brokenText(failures),
    tableOf('call', calls),
    tableOf('request of a call', report.interruptions),
    tableOf('fault', report.faults),
    ...failures.map(failureText),
    '',
  ].join('\n');
}

/** Which promise is broken, by what, and the command that shows it again. */
export function failureText({ what, replay, trace }: Failure): string {
  return [`BROKEN: ${what}`, ...trace.map((line) => `  ${line.slice(0, 400)}`), `  ${replay}`].join(
    '\n',
  );
}

function tableOf(head: string, numbers: Numbers): string {
  const table = new Table({ head: [head, 'number'], style: { head: [], border: [] } });
  for (const [name, number] of Object.entries(numbers)) table.push([name, number]);
  return table.toString();
}
