// The order of tasks: by due time, then by the order in which they were scheduled, whatever order
// they came in; and the tasks of one item are found among many others.
import { deepStrictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { assertProperty } from '../../support/property.js';
import { Scheduler } from '../../../simulator/kernel/scheduler.js';

function schedulerWith(dueAtMs: readonly number[], item: string | null = null): Scheduler {
  const scheduler = new Scheduler();
  for (const due of dueAtMs) scheduler.add({ kind: 'task', args: {}, dueAtMs: due, item });
  return scheduler;
}

function takeAll(scheduler: Scheduler): [number, number][] {
  const taken: [number, number][] = [];
  for (let task = scheduler.takeFirst(); task !== undefined; task = scheduler.takeFirst()) {
    taken.push([task.dueAtMs, task.seq]);
  }
  return taken;
}

test('tasks come by due time, those of one time in the order of scheduling', () => {
  expect(takeAll(schedulerWith([30, 10, 20, 10]))).toEqual([
    [10, 2],
    [10, 4],
    [20, 3],
    [30, 1],
  ]);
});

test('any order of scheduling gives the order of a stable sort', async () => {
  await assertProperty(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (dueAtMs) => {
      const sorted = dueAtMs
        .map((due, index): [number, number] => [due, index + 1])
        .sort(([a], [b]) => a - b);
      deepStrictEqual(takeAll(schedulerWith(dueAtMs)), sorted);
    }),
    300,
  );
});

test('an empty scheduler has no first task', () => {
  const scheduler = new Scheduler();
  expect(scheduler.first()).toBeUndefined();
  expect(scheduler.takeFirst()).toBeUndefined();
  expect(scheduler.firstWithItem()).toBeUndefined();
  expect(scheduler.size).toBe(0);
});

test('the tasks of an item are found until they are taken', () => {
  const scheduler = schedulerWith([5]);
  scheduler.add({ kind: 'a', args: {}, dueAtMs: 30, item: 'job:1' });
  scheduler.add({ kind: 'b', args: {}, dueAtMs: 20, item: 'job:1' });
  scheduler.add({ kind: 'c', args: {}, dueAtMs: 10, item: 'job:2' });
  expect(scheduler.firstWithItem('job:1')?.kind).toBe('b');
  expect(scheduler.firstWithItem()?.kind).toBe('c');
  expect(scheduler.firstWithItem('job:3')).toBeUndefined();
  scheduler.takeFirst();
  scheduler.takeFirst();
  expect(scheduler.firstWithItem('job:2')).toBeUndefined();
  scheduler.takeFirst();
  expect(scheduler.firstWithItem()?.kind).toBe('a');
});
