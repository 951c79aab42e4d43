// Every error text that clients know by heart comes from the situation that brings it about in
// CloudStack, as some test of the simulator sees it; for the rest it is told why none can.
import { expect, test } from '@playwright/test';
import { readShown } from './claims.js';
import { errorTexts, keyOf } from './error-texts.js';

const seen = readShown().errors;

test('every text is seen in a test (npm run coverage:api looks), or it is told why not', () => {
  expect(errorTexts.length).toBeGreaterThan(150);
  const silent = errorTexts.filter(
    (entry) => entry.unseen === undefined && !(keyOf(entry) in seen),
  );
  expect(silent.map(keyOf)).toEqual([]);
});

test('no reason is given for a text that is seen', () => {
  const needless = errorTexts.filter((entry) => entry.unseen !== undefined && keyOf(entry) in seen);
  expect(needless.map(keyOf)).toEqual([]);
});

test('no text is there twice', () => {
  const keys = errorTexts.map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
});
