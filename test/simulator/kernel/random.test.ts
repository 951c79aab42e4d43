// Random streams: the same seed gives the same draws for ever (pinned by their first values), and
// draws from one stream do not shift those of another.
import { strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import { Ids } from '../../../simulator/kernel/ids.js';
import { RandomStreams } from '../../../simulator/kernel/random.js';

const draw = (random: RandomStreams, stream: string, count: number): number[] =>
  Array.from({ length: count }, () => random.integer(stream, 1_000));

test('the first draws of a seed never change, or every recorded run would', () => {
  const random = new RandomStreams(42);
  expect({
    integers: draw(random, 'addresses', 8),
    hex: random.hex('keys', 10),
    uuid: new Ids(random).uuid(),
  }).toEqual({
    integers: [132, 416, 222, 664, 675, 127, 915, 937],
    hex: 'd267f789f9103110cb71',
    uuid: '752add0d-396f-426a-8a1b-52603b5a5fa1',
  });
});

test('one seed gives the same draws again, another seed others', () => {
  const first = draw(new RandomStreams(7), 'a', 50);
  expect(draw(new RandomStreams(7), 'a', 50)).toEqual(first);
  expect(draw(new RandomStreams(8), 'a', 50)).not.toEqual(first);
});

test('a stream does not notice what is drawn from another', () => {
  const alone = draw(new RandomStreams(7), 'a', 20);
  const random = new RandomStreams(7);
  const mixed = Array.from({ length: 20 }, () => {
    random.hex('b', 5);
    return random.integer('a', 1_000);
  });
  expect(mixed).toEqual(alone);
  expect(draw(random, 'c', 20)).not.toEqual(alone);
});

test('integers fill their range and do not leave it', () => {
  const random = new RandomStreams(1);
  const seen = new Map<number, number>();
  for (let count = 0; count < 6_000; count += 1) {
    const value = random.integer('dice', 6);
    seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  for (const times of seen.values()) strictEqual(times > 850 && times < 1_150, true);
  expect(random.integer('dice', 1)).toBe(0);
});

test('hex gives as many bytes as were asked for', () => {
  const random = new RandomStreams(1);
  for (const count of [0, 1, 4, 5, 16]) expect(random.hex('x', count)).toMatch(hexOf(count));
});

function hexOf(bytes: number): RegExp {
  return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
}
