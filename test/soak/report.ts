// What a soak measured, and which limits it held.
import { KEPT_EVENTS } from '../../simulator/kernel/event-log.js';

/** What was measured at a moment; the stall is the longest since the sample before. */
export interface Sample {
  readonly hour: number;
  readonly lives: number;
  readonly events: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly stallMs: number;
  readonly atWorkMs: number;
}

export interface Measured {
  readonly hours: number;
  readonly speed: number;
  readonly seed: number;
  readonly lives: number;
  readonly calls: number;
  readonly listings: number;
  readonly requests: number;
  readonly events: number;
  /** By table, the rows of what is gone. */
  readonly goneRows: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
}

export interface Report extends Measured {
  readonly problems: readonly string[];
}

/** The first part of a run fills the event log and the table of jobs. */
const WARM_UP = 0.4;
/** What a life may leave: the rows of what is gone, as in CloudStack's database. */
const LEFT_KIB = 32;
const STALL_MS = 50;

/** Limits that were not held. */
export function problemsOf(measured: Measured): string[] {
  const { stall, growth } = judgementOf(measured);
  return [
    ...(stall.atWorkMs <= STALL_MS
      ? []
      : [`it came to nothing else for ${stall.atWorkMs.toFixed(0)} ms at hour ${stall.hour}`]),
    ...(growth === undefined || growth.heapKiB <= LEFT_KIB
      ? []
      : [`its heap grows by ${growth.heapKiB.toFixed(0)} KiB a life`]),
  ];
}

interface Growth {
  readonly from: Sample;
  readonly to: Sample;
  /** A life, when the event log was full. */
  readonly heapKiB: number;
  readonly rssKiB: number;
}

function judgementOf({ samples, hours }: Measured): {
  readonly stall: Sample;
  readonly growth: Growth | undefined;
} {
  const stall = samples.reduce((one, other) => (other.atWorkMs > one.atWorkMs ? other : one));
  const steady = samples.filter(
    ({ hour, events }) => hour >= hours * WARM_UP && events >= KEPT_EVENTS,
  );
  const [from, to] = [steady[0], steady.at(-1)];
  if (from === undefined || to === undefined || to.lives === from.lives) {
    return { stall, growth: undefined };
  }
  return {
    stall,
    growth: { from, to, heapKiB: slope(steady, 'heapMiB'), rssKiB: slope(steady, 'rssMiB') },
  };
}

/** By least squares, in KiB a life. */
function slope(samples: readonly Sample[], of: 'heapMiB' | 'rssMiB'): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [lives, memory] = [mean(samples.map((s) => s.lives)), mean(samples.map((s) => s[of]))];
  const along = samples.reduce((sum, s) => sum + (s.lives - lives) * (s[of] - memory), 0);
  const squares = samples.reduce((sum, s) => sum + (s.lives - lives) ** 2, 0);
  return (along / squares) * 1_024;
}

/** The report for people. */
export function summaryOf(report: Report): string {
  const { hours, speed, seed, lives, calls, listings, requests, events, goneRows } = report;
  const { stall, growth } = judgementOf(report);
  const mib = ({ heapMiB, rssMiB }: Sample): string =>
    `${heapMiB.toFixed(0)} MiB of heap, ${rssMiB.toFixed(0)} MiB in all`;
  return [
    `${hours} hours of its time at ${speed} times the speed, seed ${seed}: ${lives} lives with ` +
      `${calls} calls, ${listings} listings, ${requests} requests, ${events} events`,
    growth === undefined
      ? `the event log, which keeps ${KEPT_EVENTS}, was not full for long enough: no growth is told`
      : `memory: ${mib(growth.from)} at hour ${growth.from.hour} (${growth.from.lives} lives), ` +
        `${mib(growth.to)} at hour ${growth.to.hour} (${growth.to.lives} lives); a life adds ` +
        `${growth.heapKiB.toFixed(1)} KiB of heap, ${growth.rssKiB.toFixed(1)} KiB in all ` +
        `(limit: ${LEFT_KIB} KiB of heap)`,
    `rows of what is gone: ${Object.entries(goneRows)
      .map(([table, rows]) => `${table} ${rows}`)
      .join(', ')}`,
    `longest stall: ${stall.atWorkMs.toFixed(0)} ms at work, at hour ${stall.hour} (limit: ` +
      `${STALL_MS} ms); ${Math.max(...report.samples.map(({ stallMs }) => stallMs)).toFixed(0)} ms ` +
      'with waiting for a processor',
    ...report.problems.map((problem) => `BROKEN: ${problem}`),
    report.problems.length === 0
      ? 'nothing was left, and every limit held'
      : `${report.problems.length} problems`,
    '',
  ].join('\n');
}
