// Proves when schedules of snapshot policies are due, in time zones with and without daylight saving,
// and what is no schedule.
import { deepStrictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import {
  nextRunMs,
  timezoneNamed,
  type PolicyInterval,
} from '../../../../simulator/world/storage/snapshot-schedule.js';

const next = (
  interval: PolicyInterval,
  schedule: string,
  timezone: string,
  now: string,
): string | undefined => {
  const ms = nextRunMs(interval, schedule, timezone, Date.parse(now));
  return ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
};

// 2026-01-01 is a Thursday.
const cases: readonly [PolicyInterval, string, string, string, string | undefined][] = [
  ['HOURLY', '30', 'GMT', '2026-01-01T10:00:00Z', '2026-01-01T10:30'],
  ['HOURLY', '30', 'GMT', '2026-01-01T10:30:00Z', '2026-01-01T11:30'],
  ['HOURLY', '30', 'Asia/Kolkata', '2026-01-01T10:10:00Z', '2026-01-01T11:00'],
  ['HOURLY', '75', 'GMT', '2026-01-01T10:00:00Z', '2026-01-01T11:15'],
  ['DAILY', '15:23', 'GMT', '2026-01-01T10:00:00Z', '2026-01-01T23:15'],
  ['DAILY', '15:02', 'GMT', '2026-01-01T10:00:00Z', '2026-01-02T02:15'],
  ['DAILY', '0:2', 'America/New_York', '2026-01-01T10:00:00Z', '2026-01-02T07:00'],
  ['DAILY', '0:2', 'America/New_York', '2026-07-01T10:00:00Z', '2026-07-02T06:00'],
  ['DAILY', '0:2', 'GMT+02:00', '2026-01-01T10:00:00Z', '2026-01-02T00:00'],
  // The clocks go from 2 to 3 in this night: what is due at half past two is due an hour later by them.
  ['DAILY', '30:2', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T01:30'],
  ['WEEKLY', '0:0:1', 'GMT', '2026-01-01T10:00:00Z', '2026-01-04T00:00'],
  ['WEEKLY', '0:0:5', 'GMT', '2026-01-01T10:00:00Z', '2026-01-08T00:00'],
  ['WEEKLY', '0:12:5', 'GMT', '2026-01-01T10:00:00Z', '2026-01-01T12:00'],
  ['MONTHLY', '0:0:28', 'GMT', '2026-01-31T10:00:00Z', '2026-02-28T00:00'],
  ['MONTHLY', '0:0:1', 'GMT', '2026-12-31T10:00:00Z', '2027-01-01T00:00'],
  ['MONTHLY', '0:0:29', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['MONTHLY', '0:0', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['DAILY', '0', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['WEEKLY', '0:0:1000000', 'GMT', '2026-01-01T10:00:00Z', '4763-11-24T00:00'],
  ['WEEKLY', '0:0:1000001', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['HOURLY', '9223372036854775807', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['DAILY', '0:-9223372036854775808', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['HOURLY', 'x', 'GMT', '2026-01-01T10:00:00Z', undefined],
  ['HOURLY', '', 'GMT', '2026-01-01T10:00:00Z', undefined],
];

test('schedules are due as clocks in their zone show it', () => {
  for (const [interval, schedule, timezone, now, expected] of cases) {
    const what = `${interval} ${schedule} ${timezone} after ${now}`;
    deepStrictEqual([what, next(interval, schedule, timezone, now)], [what, expected]);
  }
});

test('a time zone that nobody knows is GMT, as Java has it', () => {
  expect(['UTC', 'Europe/Berlin', 'GMT+2', 'GMT-3:30', 'Mars/Olympus'].map(timezoneNamed)).toEqual([
    'UTC',
    'Europe/Berlin',
    'GMT+02:00',
    'GMT-03:30',
    'GMT',
  ]);
});
