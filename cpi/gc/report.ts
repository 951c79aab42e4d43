import type { LeftForNow, Told } from './collect.js';

/** One thing, for people: what it is and what became of it, then how one can see that. */
export function describe(told: Told): string {
  const { forgotten, ageMs } = told;
  const { kind, id, name, directorUuid, why } = forgotten;
  const facts = [
    ...(ageMs === undefined ? [] : [`${durationText(Math.max(0, ageMs))} old`]),
    directorUuid === undefined ? 'of an unknown Director' : `of Director ${directorUuid}`,
  ].join(', ');
  return `${kind} ${name} (${id}), ${facts}\n  ${whatBecameOf(told)}; ${why}`;
}

function whatBecameOf(told: Told): string {
  if ('until' in told) return `left for now: ${reasonOf(told)}`;
  const { outcome } = told;
  return typeof outcome === 'string' ? outcome : `could not be removed: ${outcome.failed}`;
}

function reasonOf({ until }: LeftForNow): string {
  if (until === 'its age is known') return 'nobody tells its age';
  if (until === 'CloudStack is done with it') return 'CloudStack is still at work on it';
  return `it counts from ${exactText(until.ageMs)} on`;
}

/**
 * What it comes to, and what to do next. `asked` is the only Director whose things were looked for.
 */
export function summaryOf(told: readonly Told[], asked?: string): string {
  const all = told.filter((one) => 'outcome' in one);
  const left = leftText(told.length - all.length);
  const of = asked === undefined ? '' : ` of Director ${asked}`;
  if (told.length === 0) return `Nothing${of} is left over.`;
  if (all.length === 0) return `Nothing${of} is to go.${left}`;
  const count = (outcome: 'found' | 'deleted'): number =>
    all.filter((collected) => collected.outcome === outcome).length;
  const failed = all.length - count('found') - count('deleted');
  const parts = [
    ...(count('found') > 0 ? [`${count('found')} found; remove with --delete`] : []),
    ...(count('deleted') > 0 ? [`${count('deleted')} deleted`] : []),
    ...(failed > 0 ? [`${failed} could not be removed`] : []),
  ];
  return `${parts.join(', ')}.${left}`;
}

/** That there is more, which is not to go yet. */
function leftText(count: number): string {
  if (count === 0) return '';
  const them = count === 1 ? 'it' : 'them';
  return ` ${count} left for now: a call may be at work on ${them}, or a Director know of ${them}.`;
}

/** That less time was asked for than a call may take. */
export function raised(asked: string, atLeastMs: number): string {
  return (
    `--older-than ${asked} is too little, ${Math.ceil(atLeastMs / unitMs.m)}m counts: so long a call may be at ` +
    'work on what it has made (cloudstack.state_timeout, state_timeout_volume, ' +
    'state_timeout_snapshot and timeout)'
  );
}

/** That a part is not known, after the summary of the rest. */
export const withoutRegistry = 'What is left over in the registry is not known.';

/**
 * That nothing is of the Director that was asked for, and of which Directors there is something: a
 * mistyped uuid must not pass for a clean cloud. Any text may be one, for not all are UUIDs.
 */
export function otherDirectors(
  asked: string,
  counts: ReadonlyMap<string | undefined, number>,
): string {
  const found = [...counts].map(([uuid, count]) =>
    uuid === undefined ? `${count} of an unknown Director` : `${count} of Director ${uuid}`,
  );
  return `nothing that is left over has the mark of Director ${asked}, but ${found.join(', ')}`;
}

/** That there is more which the Director that was asked for may have left, or another one. */
export function ofUnknownDirector(count: number): string {
  const [things, them] = count === 1 ? ['thing', 'it'] : ['things', 'them'];
  return `${count} ${things} of an unknown Director left alone: gc without --director finds ${them}`;
}

/** The same for programs. */
export function jsonOf(all: readonly Told[]): string {
  const rows = all.map((told) => {
    const { forgotten, ageMs } = told;
    return {
      kind: forgotten.kind,
      id: forgotten.id,
      name: forgotten.name,
      director: forgotten.directorUuid ?? null,
      age_seconds: ageMs === undefined ? null : Math.round(ageMs / 1000),
      why: forgotten.why,
      ...outcomeOf(told),
    };
  });
  return JSON.stringify(rows, null, 2);
}

function outcomeOf(told: Told): object {
  if ('until' in told) return { outcome: 'left for now', reason: reasonOf(told) };
  const { outcome } = told;
  return typeof outcome === 'string' ? { outcome } : { outcome: 'failed', error: outcome.failed };
}

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;

/** `24h`, `90m`, `7d` in ms; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([dhm])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * unitMs[unit as keyof typeof unitMs];
}

function durationText(ms: number): string {
  const hours = Math.floor(ms / unitMs.h);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 1 ? `${hours} h` : `${Math.floor(ms / unitMs.m)} min`;
}

/** The same of a limit, which is not to be rounded down. */
function exactText(ms: number): string {
  if (ms >= 2 * unitMs.d && ms % unitMs.d === 0) return `${ms / unitMs.d} days`;
  return ms % unitMs.h === 0 ? `${ms / unitMs.h} h` : `${Math.ceil(ms / unitMs.m)} min`;
}
