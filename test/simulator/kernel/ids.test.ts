// Ids: uuids of version 4 that come from the seed, and sequences that count as an auto-increment
// column does; neither gives anything twice.
import { match, strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import { Ids } from '../../../simulator/kernel/ids.js';
import { RandomStreams } from '../../../simulator/kernel/random.js';

test('uuids have version 4 and its variant, and none comes twice', () => {
  const ids = new Ids(new RandomStreams(1));
  const seen = new Set<string>();
  for (let count = 0; count < 2_000; count += 1) {
    const uuid = ids.uuid();
    match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(uuid);
  }
  strictEqual(seen.size, 2_000);
});

test('each sequence counts from 1 by itself', () => {
  const ids = new Ids(new RandomStreams(1));
  expect([ids.next('vm'), ids.next('vm'), ids.next('volume'), ids.next('vm')]).toEqual([
    1, 2, 1, 3,
  ]);
});
