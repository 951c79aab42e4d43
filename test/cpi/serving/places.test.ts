// So many are in at a time and never one more, whenever somebody leaves; the others wait in their
// order, and not too many.
import { expect, test } from '@playwright/test';
import { Places } from '../../../cpi/serving/places.js';

test('who comes at the very moment when a place is left waits behind those who waited', async () => {
  const places = new Places({ atOnce: 1, waiting: 9 });
  let inside = 0;
  const most: number[] = [];
  const come = async (): Promise<() => void> => {
    const leave = await places.enter();
    inside += 1;
    most.push(inside);
    return () => {
      inside -= 1;
      leave?.();
    };
  };
  const first = await come();
  const second = come();
  first();
  const third = come();
  (await second)();
  (await third)();
  expect(most).toEqual([1, 1, 1]);
});

test('who waits and goes leaves no trace: the next one gets the place', async () => {
  const places = new Places({ atOnce: 1, waiting: 2 });
  const leave = await places.enter();
  const gone = new AbortController();
  const passedOver = places.enter(gone.signal);
  const next = places.enter();
  expect(await places.enter(), 'too many wait').toBeUndefined();
  gone.abort();
  expect(await passedOver).toBeUndefined();
  leave?.();
  expect(await next).toBeDefined();
});
