// Tests that notice some mutants of planted/source.ts. The suite does not run them: run.test.ts does.
import { expect, test } from '@playwright/test';
import { most, smallest } from './source.js';

let limit: number | undefined;

test.beforeEach(() => {
  limit = most;
});

test('it is limited', () => {
  expect(limit).toBe(3);
});

test.describe('of two numbers', () => {
  test('the first one is taken', async () => {
    await Promise.resolve();
    expect(smallest(1, 2)).toBe(1);
  });

  test('the second one is taken', async () => {
    await test.step('in a step', () => {
      expect(smallest(4, 2)).toBe(2);
    });
  });

  test('nothing is right', () => {
    expect(smallest(4, 2)).toBe(4);
  });
});
