// Proves that pairs are measured in turn, every other time in the other order, that warm-ups do not
// count, and that each way to cost has pairs of its own.
import { expect, test } from '@playwright/test';
import { measurePairs } from './pairs.js';

test('one after the other, in changing order, after the warm-ups', async () => {
  const order: string[] = [];
  const told: string[] = [];
  const measured = (name: string) => () => {
    order.push(name);
    return Promise.resolve({ cpu: order.length, wall: -order.length });
  };
  const { cpu, wall } = await measurePairs(
    { pairs: 3, warmUps: 1, progress: (text) => told.push(text) },
    measured('subject'),
    measured('yardstick'),
  );
  const straight = ['subject', 'yardstick'];
  const turned = ['yardstick', 'subject'];
  expect(order).toEqual([...turned, ...straight, ...turned, ...straight]);
  expect(cpu).toEqual([
    { subject: 3, yardstick: 4 },
    { subject: 6, yardstick: 5 },
    { subject: 7, yardstick: 8 },
  ]);
  expect(wall).toEqual(cpu.map((pair) => ({ subject: -pair.subject, yardstick: -pair.yardstick })));
  expect(told).toEqual(['warming up', '1 of 3', '2 of 3', '3 of 3']);
});

test('a measurement that fails ends it all', async () => {
  const good = () => Promise.resolve({ cpu: 1 });
  const bad = () => Promise.reject(new Error('broken'));
  const options = { pairs: 3, warmUps: 0, progress: () => undefined };
  await expect(measurePairs(options, good, bad)).rejects.toThrow('broken');
});
