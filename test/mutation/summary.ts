// The report for people.
import Table from 'cli-table3';
import { told, type MutationReport, type Tried } from './run.js';

export function mutationSummaryOf({ of, mutants, seed, tried }: MutationReport): string {
  const table = new Table({
    head: ['of', 'tried', 'killed', 'does not end', 'survived', 'untested', 'noticed'],
    style: { head: [], border: [] },
  });
  for (const beginning of of) {
    const own = tried.filter(({ mutant }) => mutant.path.startsWith(beginning));
    table.push([beginning, ...countsOf(own)]);
  }
  if (of.length > 1) table.push(['all', ...countsOf(tried)]);
  const unnoticed = tried.filter(({ noticedBy }) => noticedBy === undefined);
  return [
    `${tried.length} of ${mutants} mutants, seed ${seed}`,
    table.toString(),
    ...unnoticed.map(told).sort(),
    '',
  ].join('\n');
}

function countsOf(tried: readonly Tried[]): string[] {
  const all = tried.length;
  const counts = (['killed', 'does not end', 'survived', 'untested'] as const).map(
    (wanted) => tried.filter(({ status }) => status === wanted).length,
  );
  const [killed, endless] = counts;
  const share = all === 0 ? '' : `${Math.round((100 * (killed! + endless!)) / all)} %`;
  return [all, ...counts, share].map(String);
}
