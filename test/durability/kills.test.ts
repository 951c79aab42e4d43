// A registry that is killed while clients write to it loses nothing that it had acknowledged, and
// starts again. Bounded here; `npm run durability` kills as often as one likes.
import { expect, test } from '@playwright/test';
import { randomDraw } from '../support/random-draw.js';
import { registryFolder } from '../support/registry-process.js';
import { killedRegistry } from './kills.js';

test('five kills lose nothing', async () => {
  const seed = Number(process.env.SEED ?? 1);
  using folder = registryFolder();
  const { acknowledged, problems } = await killedRegistry(folder.path, 5, randomDraw(seed));
  expect(problems, `npm run durability -- --kills 5 --seed ${seed}`).toEqual([]);
  expect(acknowledged).toBeGreaterThan(25);
});
