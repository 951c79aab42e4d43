// How moments are read: with a zone as DateUtil does, which the expiry of a signature needs, and
// without one as Java's lenient SimpleDateFormat does.
import { expect, test } from '@playwright/test';
import { parseDate, parseZonedDate } from '../../../simulator/declare/dates.js';

const tenOClock = Date.parse('2024-05-01T10:00:00Z');
const times: readonly (readonly [string, number | undefined])[] = [
  ['2024-05-01T10:00:00Z', tenOClock],
  ['2024-05-01T10:00:00+00:00', tenOClock],
  ['2024-05-01T10:00:00+0000', tenOClock],
  ['2024-05-01T12:00:00+0200', tenOClock],
  ['2024-05-01T04:30:00-05:30', tenOClock],
  ['2024-05-01T10:00:00Z+0000', tenOClock],
  ['2024-05-01T10:00:00.250Z', tenOClock + 250],
  ['2024-05-01T10:00:00.250000+0000', tenOClock + 250],
  ['2024-05-01T10:00:00', undefined],
  ['2024-05-01 10:00:00Z', undefined],
  ['2024-13-01T10:00:00Z', undefined],
  ['1714557600', undefined],
  ['', undefined],
];

for (const [text, ms] of times) {
  test(`"${text}" ${ms === undefined ? 'is refused' : 'is read'}`, () => {
    expect(parseZonedDate(text)).toBe(ms);
  });
}

for (const [text, iso] of [
  ['2024-02-29', '2024-02-29T00:00:00Z'],
  ['2024-05-01 10:11:12', '2024-05-01T10:11:12Z'],
  ['2024-05-01T10:11:12+0200', '2024-05-01T08:11:12Z'],
  ['2024-5-1', '2024-05-01T00:00:00Z'],
  ['2024-13-01', '2025-01-01T00:00:00Z'],
  ['2023-02-29', '2023-03-01T00:00:00Z'],
  ['2024-05-01 25:00:61', '2024-05-02T01:01:01Z'],
  ['2024-05-01 10:11', '2024-05-01T00:00:00Z'],
  ['2024-05-01T10:11:12', '2024-05-01T00:00:00Z'],
  ['  2024-05-01, or later', '2024-05-01T00:00:00Z'],
] as const) {
  test(`without a zone "${text}" is ${iso}`, () => {
    expect(parseDate(text, 'start')).toBe(Date.parse(iso));
  });
}

test('the end of a day is its last second; a moment with a time is itself', () => {
  expect(parseDate('2024-05-01', 'end')).toBe(Date.parse('2024-05-01T23:59:59Z'));
  expect(parseDate('2024-05-01 10:11:12', 'end')).toBe(Date.parse('2024-05-01T10:11:12Z'));
  expect(parseDate('2024-05-01T10:11:12Z', 'end')).toBe(Date.parse('2024-05-01T10:11:12Z'));
});

for (const text of ['', 'x', '2024', '2024-05', 'on 2024-05-01', '999999999-01-01']) {
  test(`"${text}" is no date`, () => {
    expect(parseDate(text, 'start')).toBeUndefined();
  });
}
