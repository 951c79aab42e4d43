import type { Paint } from '../terminal/paint.js';
import { beside } from '../terminal/text.js';
import type { Finding, Verdict } from './finding.js';

/** How a finding is shown. */
export interface Look {
  readonly paint: Paint;
  /** Characters. */
  readonly width: number;
}

const words: Readonly<Record<Verdict, string>> = { ok: 'ok', warning: 'warning', failed: 'failed' };
const verdictWidth = 9;

/** One finding for people: the verdict, what it is about, and below what to do. */
export function describe(
  { about, verdict, text, advice }: Finding,
  { paint, width }: Look,
): string {
  const colour = { ok: paint.good, warning: paint.doubtful, failed: paint.bad }[verdict];
  const layout = { indent: verdictWidth, width };
  const lines = beside(words[verdict], `${about}: ${text}`, layout);
  const coloured = lines
    .replace(words[verdict], colour(words[verdict]))
    .replace(`${about}:`, `${paint.strong(about)}:`);
  if (advice === undefined) return coloured;
  const toDo = beside(' '.repeat(verdictWidth - 1), `-> ${advice}`, {
    indent: verdictWidth,
    width,
  });
  return `${coloured}\n${toDo}`;
}

/** What it comes to. */
export function summaryOf(findings: readonly Finding[], { paint }: Pick<Look, 'paint'>): string {
  const count = (verdict: Verdict): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const [failures, warnings] = [count('failed'), count('warning')];
  if (failures + warnings === 0) return paint.good('All is well.');
  const parts = [
    ...(failures > 0 ? [paint.bad(`${failures} failed`)] : []),
    ...(warnings > 0 ? [paint.doubtful(counted(warnings, 'warning'))] : []),
  ];
  const verdict = failures > 0 ? 'The CPI cannot work like this' : 'The CPI can work';
  return `${verdict}: ${parts.join(', ')}.`;
}

/** The same for programs. */
export function jsonOf(findings: readonly Finding[]): string {
  return JSON.stringify(findings, null, 2);
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
