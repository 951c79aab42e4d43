// A report for people.
import Table from 'cli-table3';
import type { Counts, Report } from './tally.js';

const MOST = 25;

export function summaryOf(report: Report): string {
  const { requests, chapters, seconds, seed, failures, slowest, memoryMiB } = report;
  const memory = memoryMiB.map(({ heap, rss }) => `${heap}/${rss}`).join(' ');
  return [
    `${requests} requests in ${chapters} zones, ${seconds} s, seed ${seed}: ` +
      (failures.length === 0 ? 'no promise broken' : `${failures.length} FAILURES`),
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
    ...failures.map(({ what, replay, request, answer }) =>
      [
        `FAILURE: ${what}`,
        `  ${JSON.stringify(request).slice(0, 600)}`,
        `  ${answer.slice(0, 600)}`,
        `  ${replay}`,
      ].join('\n'),
    ),
    '',
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
