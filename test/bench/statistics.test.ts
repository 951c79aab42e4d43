// Proves the arithmetic of the benchmark: medians and quartiles, ratios pair by pair, and when a
// figure holds.
import { deepStrictEqual, ok } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { assertProperty } from '../support/property.js';
import { verdictOf, type Figure } from './figure.js';
import { quantile, ratiosOf, summarize } from './statistics.js';

for (const [values, low, median, high] of [
  [[5], 5, 5, 5],
  [[1, 2], 1.25, 1.5, 1.75],
  [[3, 1, 2], 1.5, 2, 2.5],
  [[40, 10, 30, 20, 50], 20, 30, 40],
  [[1, 1, 1, 100], 1, 1, 25.75],
] as const) {
  test(`the median of ${values.join(', ')} is ${median}, the middle half is ${low} to ${high}`, () => {
    const largest = Math.max(...values);
    expect(summarize(values)).toEqual({ median, low, high, largest });
  });
}

test('a quantile lies among the values, whatever their order, and rises with its share', async () => {
  const shares = fc.float({ min: 0, max: 1, noNaN: true });
  await assertProperty(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), shares, shares, (values, a, b) => {
      const [low, high] = [quantile(values, Math.min(a, b)), quantile(values, Math.max(a, b))];
      ok(Math.min(...values) <= low && low <= high && high <= Math.max(...values));
      deepStrictEqual(quantile([...values].reverse(), a), quantile(values, a));
    }),
    200,
  );
});

test('there is no median of nothing, and no ratio to nothing', () => {
  expect(() => quantile([], 0.5)).toThrow('there are no values');
  expect(() => ratiosOf([{ subject: 1, yardstick: 0 }])).toThrow('cannot have cost 0');
});

test('ratios are taken pair by pair: a machine that becomes slower does not change them', () => {
  const pairs = [1, 2, 10].map((slowness) => ({ subject: 3 * slowness, yardstick: 2 * slowness }));
  expect(ratiosOf(pairs)).toEqual([1.5, 1.5, 1.5]);
});

const figure: Figure = {
  name: 'a',
  subject: 'this',
  yardstick: 'that',
  unit: 'ms',
  pairs: [
    { subject: 2, yardstick: 1 },
    { subject: 9, yardstick: 3 },
    { subject: 4, yardstick: 1 },
  ],
};

test('a figure holds if the median of its ratios is within the limit', () => {
  expect(verdictOf({ ...figure, limit: 3 }, false)).toEqual({
    name: 'a',
    subject: 'this',
    yardstick: 'that',
    unit: 'ms',
    limit: 3,
    subjectCost: { median: 4, low: 3, high: 6.5, largest: 9 },
    yardstickCost: { median: 1, low: 1, high: 2, largest: 3 },
    ratio: { median: 3, low: 2.5, high: 3.5, largest: 4 },
    pairs: 3,
    holds: true,
  });
  expect(verdictOf({ ...figure, limit: 2.9 }, false).holds).toBe(false);
});

test('a figure for all holds if the largest of its ratios is within the limit', () => {
  expect(verdictOf({ ...figure, isForAll: true, limit: 4 }, false).holds).toBe(true);
  expect(verdictOf({ ...figure, isForAll: true, limit: 3.9 }, false).holds).toBe(false);
});

test('without a limit, and in quick sizes, nothing is to hold', () => {
  expect(verdictOf(figure, false).holds).toBeUndefined();
  expect(verdictOf({ ...figure, limit: 1 }, true).holds).toBeUndefined();
});
