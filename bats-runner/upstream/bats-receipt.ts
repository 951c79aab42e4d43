import type { BatsOutcome, BatsResults } from '../reports/bats-results.js';
import type { LeftOut } from './tags.js';

export interface BatsReceipt {
  /** What was run on what: names and values. */
  readonly facts: readonly (readonly [string, string])[];
  readonly verdict: 'passed' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly results: BatsResults;
  readonly leftOut: readonly LeftOut[];
}

/** The page about a run of the acceptance tests. */
export function batsReceiptPage(receipt: BatsReceipt): string {
  const { facts, verdict, startedAt, durationMs, results, leftOut } = receipt;
  const { outcomes, errorsOutside, problem } = results;
  const of = (status: BatsOutcome['status']): BatsOutcome[] =>
    outcomes.filter((outcome) => outcome.status === status);
  const all = [...facts, ['begun', startedAt], ['took', seconds(durationMs)]] as const;
  const failed = of('failed');
  const skipped = [
    ...leftOut.map(({ what, reason }) => `- ${what}: ${reason}`),
    ...of('skipped').map(({ title, reason }) => `- ${title}: ${reason ?? 'no reason was given'}`),
  ];
  const parts = [
    `# Director BATS: ${verdict}`,
    `${of('passed').length} passed, ${failed.length} failed, ${of('skipped').length} skipped.` +
      (errorsOutside === 0 ? '' : ` ${errorsOutside} errors before or after all examples.`),
    ...(problem === undefined ? [] : [problem]),
    all.map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    ...(failed.length === 0 ? [] : ['## Failed', failed.map(failedLine).join('\n')]),
    '## What ran',
    tableOf(outcomes),
    ...(skipped.length === 0 ? [] : ['## Left out', skipped.join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function failedLine({ title, file, line, reason }: BatsOutcome): string {
  return `- ${title} (${file}:${line}): ${reason ?? 'no reason is known'}`;
}

function tableOf(outcomes: readonly BatsOutcome[]): string {
  const files = [...new Set(outcomes.map(({ file }) => file))];
  const rows = files.map((file) => {
    const own = outcomes.filter((outcome) => outcome.file === file);
    const count = (status: BatsOutcome['status']): number =>
      own.filter((outcome) => outcome.status === status).length;
    const took = own.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const counts = [count('passed'), count('failed'), count('skipped')].join(' | ');
    return `| ${file} | ${counts} | ${seconds(took)} |`;
  });
  return [
    '| examples | passed | failed | skipped | took |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
