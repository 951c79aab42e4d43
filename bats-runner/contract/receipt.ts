import { withoutColours } from '../secrets.js';
import { kindOfCase, subjects } from './documentation.js';

/** How one run of a case has ended. */
export interface Outcome {
  /** Begins with the id of the case. */
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'interrupted' | 'skipped';
  readonly durationMs: number;
  /** Why it was skipped, or what failed, in a line. */
  readonly reason: string | undefined;
}

export interface Receipt {
  /** What was run on what: names and values. */
  readonly facts: readonly (readonly [string, string])[];
  /** The command that runs it again; `--case ID` behind it runs a part. */
  readonly repeat: string;
  readonly end: 'passed' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcomes: readonly Outcome[];
  /** How many were to run and were not begun. */
  readonly notRun: number;
}

/**
 * What a message of a failure says of the reason, in one line without colours. An expectation does not
 * say what it is about: the line of code does in which it stands.
 */
export function reasonIn(message: string, code?: string): string {
  const [told = ''] = withoutColours(message).split(/\n\n(?=CPI call|again: |$)/);
  const lines = told
    .replace(/^\w+: /, '')
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const [first = '', ...others] = lines;
  const head = code !== undefined && first.startsWith('expect(') ? code : first;
  return [head, ...others].join('; ');
}

const lineCharacters = 1000;

/** A line of the page; the other reports have all of it. */
function shortened(line: string): string {
  if (line.length <= lineCharacters) return line;
  return `${line.slice(0, lineCharacters).replace(/\s+\S*$/, '')} …`;
}

/** The line of code at which a failure happened, as Playwright shows it. */
export function codeIn(snippet = ''): string | undefined {
  return /^> *\d+ \| *(.*?);?$/m.exec(withoutColours(snippet))?.[1];
}

/** A page about a run: what ran on what, how it ended, what was skipped and why. */
export function receiptPage(receipt: Receipt): string {
  const { facts, repeat, startedAt, durationMs, outcomes } = receipt;
  const of = (status: Outcome['status']): Outcome[] =>
    outcomes.filter((outcome) => outcome.status === status);
  const failed = of('failed');
  const interrupted = of('interrupted');
  const all: (readonly [string, string])[] = [
    ...facts,
    ['begun', startedAt],
    ['took', seconds(durationMs)],
    ['again', `\`${repeat}\``],
  ];
  const parts = [
    `# The CPI contract: ${verdictOf(receipt)}`,
    countsIn(receipt),
    all.map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    ...(failed.length === 0 ? [] : ['## Failed', failed.map(failedLine(repeat)).join('\n')]),
    ...(interrupted.length === 0
      ? []
      : ['## Interrupted', interrupted.map(({ title }) => `- ${title}`).join('\n')]),
    '## What ran',
    tableOf(outcomes),
    ...skippedPart(of('skipped')),
  ];
  return `${parts.join('\n\n')}\n`;
}

function verdictOf({ end, outcomes }: Receipt): Receipt['end'] | 'nothing ran' {
  if (end === 'interrupted') return end;
  return outcomes.every(({ status }) => status === 'skipped') ? 'nothing ran' : end;
}

function countsIn({ outcomes, notRun }: Receipt): string {
  const count = (status: Outcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const parts = [
    `${count('passed')} passed`,
    `${count('failed')} failed`,
    ...(count('interrupted') === 0 ? [] : [`${count('interrupted')} interrupted`]),
    `${count('skipped')} skipped`,
    ...(notRun === 0 ? [] : [`${notRun} did not run`]),
  ];
  return `${parts.join(', ')}.`;
}

function failedLine(repeat: string): (outcome: Outcome) => string {
  return ({ title, reason }) =>
    `- ${title}: ${shortened(reason ?? 'no reason is known')} (again: \`${repeat} --case ${idIn(title)}\`)`;
}

function tableOf(outcomes: readonly Outcome[]): string {
  const rows = Object.entries(subjects).flatMap(([kind, subject]) => {
    const own = outcomes.filter(({ title }) => kindOfCase(idIn(title)) === kind);
    if (own.length === 0) return [];
    const count = (status: Outcome['status']): number =>
      own.filter((outcome) => outcome.status === status).length;
    const took = own.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const slowest = [...own].sort((a, b) => b.durationMs - a.durationMs)[0];
    return [
      `| ${kind} ${subject} | ${count('passed')} | ${count('failed')} | ${count('skipped')} | ` +
        `${seconds(took)} | ${slowest === undefined ? '' : `${idIn(slowest.title)}, ${seconds(slowest.durationMs)}`} |`,
    ];
  });
  return [
    '| cases | passed | failed | skipped | took | slowest |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function skippedPart(skipped: readonly Outcome[]): string[] {
  if (skipped.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { title, reason = 'no reason was given' } of skipped) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), idIn(title)]);
  }
  const lines = [...byReason].map(
    ([reason, ids]) => `- because ${reason}: ${[...new Set(ids)].join(', ')}`,
  );
  return ['## Skipped', lines.join('\n')];
}

function idIn(title: string): string {
  return title.split(' ')[0] ?? title;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
