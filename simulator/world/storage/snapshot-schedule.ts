/** How often a policy takes snapshots (DateUtil.IntervalType); the API shows the place in this list. */
export const policyIntervals = ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const;

export type PolicyInterval = (typeof policyIntervals)[number];

/** How many numbers, joined by colons, a schedule has: minute, hour, and day of the week or month. */
const partsOf: Readonly<Record<PolicyInterval, number>> = {
  HOURLY: 1,
  DAILY: 2,
  WEEKLY: 3,
  MONTHLY: 3,
};

const LAST_DAY_OF_MONTH = 28;
/** More than any clock or calendar shows, and few enough that each moment has a date. */
const LARGEST_NUMBER = 1_000_000;
const HOUR_MS = 3_600_000;
const DAYS_OF_WEEK = 7;

/** A moment as a clock and a calendar in some time zone show it. */
interface WallTime {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  /** From 0, which is Sunday. */
  readonly weekday: number;
  readonly hour: number;
}

/**
 * When a schedule is due next after a moment (DateUtil.getNextRunTime); numbers that no clock shows
 * run over into the next hour or day. Past a million they make no schedule (in CloudStack its database
 * has no place for a moment so far away).
 *
 * @returns milliseconds since 1970; undefined for what is no schedule of this interval.
 */
export function nextRunMs(
  interval: PolicyInterval,
  schedule: string,
  timezone: string,
  nowMs: number,
): number | undefined {
  const parts = schedule.split(':').slice(0, partsOf[interval]);
  if (parts.length < partsOf[interval] || !parts.every((part) => /^[+-]?\d+$/.test(part))) {
    return undefined;
  }
  const [minute = 0, hour = 0, day = 0] = parts.map(Number);
  if (interval === 'MONTHLY' && day > LAST_DAY_OF_MONTH) return undefined;
  if ([minute, hour, day].some((number) => Math.abs(number) > LARGEST_NUMBER)) return undefined;
  const now = wallTimeAt(nowMs, timezone);
  const at = (days: number, months = 0, hours = hour): number =>
    momentOf(Date.UTC(now.year, now.month + months, days, hours, minute), timezone);
  switch (interval) {
    case 'HOURLY': {
      const first = at(now.day, 0, now.hour);
      return first > nowMs ? first : first + HOUR_MS;
    }
    case 'DAILY':
      return firstAfter(nowMs, at(now.day), () => at(now.day + 1));
    case 'WEEKLY': {
      const days = now.day + (day - 1 - now.weekday);
      return firstAfter(nowMs, at(days), () => at(days + DAYS_OF_WEEK));
    }
    case 'MONTHLY':
      return firstAfter(nowMs, at(day), () => at(day, 1));
  }
}

/** The zone that Java means by a name; one that it does not know is GMT (TimeZone.getTimeZone). */
export function timezoneNamed(name: string): string {
  const [, sign, hours, minutes = '00'] = /^GMT([+-])(\d{1,2})(?::?(\d\d))?$/.exec(name) ?? [];
  if (sign !== undefined && hours !== undefined && Number(hours) < 24 && Number(minutes) < 60) {
    return `GMT${sign}${hours.padStart(2, '0')}:${minutes}`;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return 'GMT';
  }
}

function firstAfter(nowMs: number, first: number, next: () => number): number {
  return first > nowMs ? first : next();
}

function wallTimeAt(ms: number, timezone: string): WallTime {
  const shown = new Date(ms + offsetMs(ms, timezone));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth(),
    day: shown.getUTCDate(),
    weekday: shown.getUTCDay(),
    hour: shown.getUTCHours(),
  };
}

/** The moment at which clocks of the zone show what clocks in Greenwich show at `shownMs`. */
function momentOf(shownMs: number, timezone: string): number {
  const near = shownMs - offsetMs(shownMs, timezone);
  return shownMs - offsetMs(near, timezone);
}

/** How far the clocks of a zone are ahead of those in Greenwich. */
function offsetMs(ms: number, timezone: string): number {
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(timezone) ?? [];
  if (sign !== undefined) {
    const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return sign === '-' ? -size : size;
  }
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: string): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const shownMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shownMs - Math.floor(ms / 1_000) * 1_000;
}
