// A registry that is killed while clients write to it loses nothing that it had acknowledged, and
// starts again; one that ends by itself, forgets or does not start is found out. Bounded here;
// `npm run durability` kills as often as one likes.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { randomDraw } from '../support/random-draw.js';
import { registryFolder, startRegistry } from '../support/registry-process.js';
import { killedRegistry, type Kills } from './kills.js';

test('five kills lose nothing, also of what was put into the database file', async () => {
  const seed = Number(process.env.SEED ?? 1);
  using folder = registryFolder();
  const draw = randomDraw(seed);
  const { databases, problems } = await killedRegistry({ folder: folder.path, kills: 5, draw });
  expect(problems, `npm run durability -- --kills 5 --seed ${seed}`).toEqual([]);
  expect(databases, 'beside that of the first start').toBeGreaterThan(2);
});

const faulty: readonly (readonly [what: string, start: Kills['start'], problem: RegExp])[] = [
  [
    'that ends by itself',
    async (folder) => {
      const registry = await startRegistry(folder);
      registry.child.kill('SIGABRT');
      await registry.ended;
      return registry;
    },
    /start 1 ended with SIGABRT/,
  ],
  [
    'that forgets',
    (folder) => {
      const files = readdirSync(folder).filter((name) => name.startsWith('registry.sqlite'));
      for (const name of files) rmSync(join(folder, name));
      return startRegistry(folder);
    },
    /start 2: vm-\d-\d has lost what was acknowledged/,
  ],
  [
    'that lets its user in no more',
    (folder) => {
      const isFirst = !existsSync(join(folder, 'registry.sqlite'));
      return startRegistry(folder, isFirst ? {} : { password: 'another-password' });
    },
    /start 2: vm-\d-\d is answered with 401/,
  ],
  [
    'that does not start',
    (folder) => startRegistry(folder, { port: 'none' }),
    /start 1: the server ended with 3/,
  ],
];
for (const [what, start, problem] of faulty) {
  test(`a registry ${what} is found out`, async () => {
    using folder = registryFolder();
    const kills = { folder: folder.path, kills: 1, draw: randomDraw(1), start: start! };
    expect((await killedRegistry(kills)).problems.join('\n')).toMatch(problem);
  });
}
