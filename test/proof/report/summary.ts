// A report for people, in a terminal.
import Table from 'cli-table3';
import type { Failure } from '../run.js';
import { brokenText, sumOf, type Numbers, type Report } from './tally.js';

export function summaryOf(report: Report): string {
  const { machines, crashPoints, failures } = report;
  return [
    headline(report),
    tableOf('call', report.calls),
    tableOf('request of a call', report.interruptions),
    tableOf('fault', report.faults),
    `${Object.keys(crashPoints).length} different requests of methods were interrupted.`,
    convergence(report),
    `Fingerprint of all requests and events: ${report.fingerprint}`,
    `Changes of state that came about: ${machines.map(visitedOf).join(', ')}`,
    ...failures.map(failureText),
    '',
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

/** How far a run has come, in one line. */
export function progressOf(report: Report): string {
  const { cases, keptCases, seconds, firstSeed, calls, requests, failures } = report;
  const at = cases === 0 ? `kept case ${keptCases}` : `seed ${firstSeed + cases - 1}`;
  const rate = seconds > 0 ? (cases / seconds).toFixed(1) : '0';
  return (
    `${at}: ${cases} cases in ${Math.round(seconds)} s (${rate} a second), ` +
    `${sumOf(calls)} calls, ${requests} requests, ${brokenText(failures)}`
  );
}

function visitedOf({ entity, transitions }: Report['machines'][number]): string {
  const seen = transitions.filter(({ times }) => times > 0).length;
  return `${entity} ${seen} of ${transitions.length}`;
}

function convergence({ cases, convergedWithinAnHour, longestConvergenceHours }: Report): string {
  return (
    `In ${convergedWithinAnHour} of ${cases} cases each Director had what it wanted within an hour of ` +
    `the cloud's after the last fault, in all within ${longestConvergenceHours} hours.`
  );
}

function headline(report: Report): string {
  const { keptCases, cases, calmCases, twice, calls, requests, events, seconds, virtualHours } =
    report;
  const again = twice > 0 ? `, ${twice} lived through twice` : '';
  return (
    (keptCases > 0 ? `${counted(keptCases, 'kept case')} and ` : '') +
    `${counted(cases, 'case')} from seed ${report.firstSeed} (${calmCases} of them calm${again}), ${sumOf(calls)} ` +
    `calls, ${requests} requests, ${events} events, ${virtualHours} hours of their time in ` +
    `${seconds} s: ${brokenText(report.failures)}`
  );
}

/** Which promise is broken, by what, and the command that shows it again. */
export function failureText({ what, replay, trace }: Failure): string {
  return [`BROKEN: ${what}`, ...trace.map((line) => `  ${line.slice(0, 400)}`), `  ${replay}`].join(
    '\n',
  );
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** Undefined where there is nothing to tell. */
function tableOf(head: string, numbers: Numbers): string | undefined {
  if (Object.keys(numbers).length === 0) return undefined;
  const table = new Table({ head: [head, 'number'], style: { head: [], border: [] } });
  for (const [name, number] of Object.entries(numbers)) table.push([name, number]);
  return table.toString();
}
