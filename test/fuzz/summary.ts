// A report for people.
import Table from 'cli-table3';
import type { Counts, Failure, Report } from './tally.js';

const MOST = 25;

export function summaryOf(report: Report): string {
  const { requests, chapters, seconds, seed, failures, slowest, memoryMiB } = report;
  const memory = memoryMiB.map(({ heap, rss }) => `${heap}/${rss}`).join(' ');
  return [
    `${requests} requests in ${chapters} zones, ${seconds} s, seed ${seed}: ` +
      brokenText(failures),
    tableOf('mutation', report.mutations),
    tableOf('sent', report.forms),
    tableOf('answer (HTTP status / cserrorcode)', report.answers),
    tableOf('command', report.commands),
    `memory, heap/process in MiB as the run went on: ${memory}`,
    'slowest:',
    ...slowest.map(
      ({ ms, command, mutation, form, chapter, step }) =>
        `  ${ms} ms  ${command}, ${mutation}, ${form} (chapter ${chapter}, step ${step})`,
    ),
    ...failures.map(failureText),
    '',
  ].join('\n');
}

/** How many promises are broken, in words. */
export function brokenText({ length }: readonly Failure[]): string {
  if (length === 0) return 'no promise broken';
  return length === 1 ? '1 PROMISE BROKEN' : `${length} PROMISES BROKEN`;
}

/** Which promise is broken, by what, and the command that does it again. */
export function failureText({ what, replay, request, answer }: Failure): string {
  return [
    `BROKEN: ${what}`,
    `  ${JSON.stringify(request).slice(0, 600)}`,
    `  ${answer.slice(0, 600)}`,
    `  ${replay}`,
  ].join('\n');
}

function tableOf(head: string, counts: Counts): string {
  const table = new Table({ head: [head, 'requests'], style: { head: [], border: [] } });
  const entries = Object.entries(counts);
  for (const [name, number] of entries.slice(0, MOST)) table.push([name, number]);
  const rest = entries.slice(MOST);
  if (rest.length > 0) {
    table.push([`${rest.length} more`, rest.reduce((sum, [, number]) => sum + number, 0)]);
  }
  return table.toString();
}
