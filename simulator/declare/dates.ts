/**
 * A moment with a zone, in milliseconds since 1970; undefined if it is none of the forms that
 * CloudStack reads (DateUtil.parseTZDateString).
 */
export function parseZonedDate(text: string): number | undefined {
  const [, date, time, fraction = '', sign, hours = '00', minutes = '00'] = ZONED.exec(text) ?? [];
  if (date === undefined || time === undefined || !isDayOfCalendar(date)) return undefined;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}Z`);
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return Number.isNaN(ms) ? undefined : sign === '-' ? ms + offsetMs : ms - offsetMs;
}

const ZONED = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z?([+-])(\d\d):?(\d\d)|Z)$/;

/**
 * A moment as parameters take it: with a zone, or a day with or without a time, in UTC. Java's
 * SimpleDateFormat is lenient with the latter: numbers that no calendar has count on (`2024-13-01` is
 * a day of January 2025), and what follows a day is left aside (ParamProcessWorker.parseAndSetDate).
 */
export function parseDate(text: string, ofDay: 'start' | 'end'): number | undefined {
  const zonedMs = parseZonedDate(text);
  if (zonedMs !== undefined) return zonedMs;
  const withTime = DAY_AND_TIME.exec(text);
  if (withTime !== null) return countedMs(withTime.slice(1));
  const day = DAY.exec(text);
  if (day === null) return undefined;
  return countedMs([...day.slice(1), ...(ofDay === 'end' ? ['23', '59', '59'] : [])]);
}

const DAY_AND_TIME = /^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)$/;
const DAY = /^\s*(\d+)-(\d+)-(\d+)/;

/** Year, month, day, hour, minute and second, each counted on where it is beyond the calendar. */
function countedMs(numbers: readonly string[]): number | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers.map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isNaN(ms) ? undefined : ms;
}

/** JavaScript takes 31 February for a day in March. */
function isDayOfCalendar(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
