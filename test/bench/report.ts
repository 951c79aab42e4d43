// How the figures are shown: a table for people, one JSON object a line for programs.
import Table from 'cli-table3';
import type { Verdict } from './figure.js';

export function tableOf(verdicts: readonly Verdict[]): string {
  const table = new Table({
    head: ['figure', 'cost', 'against', 'ratio (middle half)', 'limit', ''],
    style: { head: [], border: [] },
  });
  for (const verdict of verdicts) {
    const { ratio, limit, holds, unit, isForAll = false } = verdict;
    const largest = isForAll ? `\nlargest ${number(ratio.largest)}` : '';
    table.push([
      `${verdict.subject}\n  against ${verdict.yardstick}`,
      `${number(verdict.subjectCost.median)} ${unit}${rateText(verdict)}`,
      `${number(verdict.yardstickCost.median)} ${unit}`,
      `${number(ratio.median)} (${number(ratio.low)} to ${number(ratio.high)})${largest}`,
      limit === undefined ? '' : number(limit),
      holds === undefined ? '' : holds ? 'holds' : 'MISSED',
    ]);
  }
  return table.toString();
}

export function jsonLines(verdicts: readonly Verdict[]): string {
  return verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join('');
}

function rateText({ isRate = false, subjectCost, unit }: Verdict): string {
  return isRate && unit === 'ms' ? `\n${number(1_000 / subjectCost.median)} a second` : '';
}

/** Three digits say as much as a noisy machine knows. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
