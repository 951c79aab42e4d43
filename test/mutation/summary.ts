// The report for people.
import Table from 'cli-table3';
import { told, type MutationReport, type Tried } from './run.js';

export function mutationSummaryOf({ of, mutants, seed, tried }: MutationReport): string {
  const table = new Table({
    head: ['of', 'tried', 'killed', 'does not end', 'survived', 'noticed'],
    style: { head: [], border: [] },
  });
  for (const beginning of of) {
    const own = tried.filter(({ mutant }) => mutant.path.startsWith(beginning));
    table.push([beginning, ...countsOf(own)]);
  }
  if (of.length > 1) table.push(['all', ...countsOf(tried)]);
  const unnoticed = tried.filter(({ status }) => status === 'survived' || status === 'untested');
  return [
    `${tried.length} of ${mutants} mutants, seed ${seed}`,
    table.toString(),
    ...unnoticed.map(told).sort(),
    '',
  ].join('\n');
}

function countsOf(tried: readonly Tried[]): string[] {
  const count = (...statuses: Tried['status'][]): number =>
    tried.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('killed', 'does not end');
  const known = noticed + count('survived', 'untested');
  const share = known === 0 ? '' : `${Math.round((100 * noticed) / known)} %`;
  return [
    ...[tried.length, count('killed'), count('does not end'), count('survived', 'untested')],
    share,
  ].map(String);
}
