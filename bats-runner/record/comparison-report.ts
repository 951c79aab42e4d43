import type { Comparison, Difference } from './compare.js';
import type { Recording } from './recording.js';

/** A recording and the folder or words that name it. */
export interface NamedRecording {
  readonly name: string;
  readonly recording: Recording;
}

const casesShown = 4;

/** A comparison for people: what was compared, then the differences by command. */
export function comparisonReport(
  first: NamedRecording,
  second: NamedRecording,
  comparison: Comparison,
): string {
  const { compared, onlyInFirst, onlyInSecond, commands, differences } = comparison;
  const certain = differences.filter(({ mayBeTiming }) => !mayBeTiming);
  const maybe = differences.filter(({ mayBeTiming }) => mayBeTiming);
  return [
    `A: ${told(first)}`,
    `B: ${told(second)}`,
    `compared: ${counted(compared.length, 'transcript')} that both have, ${counted(commands, 'command')}`,
    ...leftOut('A', onlyInFirst),
    ...leftOut('B', onlyInSecond),
    '',
    ...linesOf(certain),
    ...(maybe.length === 0
      ? []
      : ['perhaps only because the CPI looked at another moment:', ...linesOf(maybe)]),
    closing(compared.length, certain.length),
    '',
  ].join('\n');
}

function closing(compared: number, differences: number): string {
  if (compared === 0) return 'nothing was compared';
  return differences === 0 ? 'no difference' : counted(differences, 'difference');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function told({ name, recording: { manifest } }: NamedRecording): string {
  const { target, cloudstack, hypervisor } = manifest;
  return `${name} (${target}, CloudStack ${cloudstack}, ${hypervisor})`;
}

function leftOut(side: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`left out, because only ${side} has them: ${names.join(', ')}`];
}

function linesOf(differences: readonly Difference[]): string[] {
  const byPlace = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { command, outcome } = difference;
    const place = outcome === undefined ? command : `${command}, ${outcome}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), difference]);
  }
  return [...byPlace].flatMap(([place, all]) => [
    `${place}:`,
    ...all.map(({ what, cases }) => `  ${what} (${shown(cases)})`),
    '',
  ]);
}

function shown(cases: readonly string[]): string {
  const [more, first] = [cases.length - casesShown, cases.slice(0, casesShown).join(', ')];
  return more > 0 ? `${first} and ${more} more` : first;
}
