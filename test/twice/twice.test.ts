// Proves that a call which is made twice, one after the other or by two processes at once, leaves the
// same world as one that is made once: each method, and at once each place at which a second process
// may come in, and turns drawn at random (SEED repeats them). Where two equal requests are legitimate
// (disks, snapshots, networks), both can be taken back, and nothing stays. Nobody tidies up: neither
// `gc` nor a further call; in a row both calls succeed, at once one of them at least.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { registryScenarios } from '../crash/registry-scenarios.js';
import { scenariosIn } from '../crash/scenarios.js';
import { comesInAfter, drawnBy, interleaved, type Schedule, type Through } from './interleaving.js';
import { prepared, problemsOf } from './outcome.js';

const seed = Number(process.env['SEED'] ?? 1);
const drawnSchedules = 12;

// Each test is a few hundred calls.
test.describe.configure({ timeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'twice-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const scenario of [...scenariosIn(join(folder, 'image')), ...registryScenarios]) {
  const { method, about, options } = scenario;

  test(`${method} ${about}: made twice in a row, it ends as made once`, async () => {
    await using stage = await prepared(scenario);
    const { zone, args, rewind } = stage;
    await rewind();
    const answers = [
      await zone.call(method, args, options),
      await zone.call(method, args, options),
    ];
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toMatchObject([
      { error: null },
      { error: null },
    ]);
    expect(await problemsOf(scenario, stage, answers)).toEqual([]);
  });

  test(`${method} ${about}: made twice at once, it ends as made once`, async () => {
    await using stage = await prepared(scenario);
    const { zone, args, requests, rewind } = stage;
    const schedules: [string, Schedule][] = [
      ...Array.from({ length: requests }, (_, index): [string, Schedule] => [
        `the second comes in after ${index + 1} requests of the first`,
        comesInAfter(index + 1),
      ]),
      ...Array.from({ length: drawnSchedules }, (_, index): [string, Schedule] => [
        `turns drawn by SEED=${seed}, number ${index}`,
        drawnBy(seed * 1_000 + index),
      ]),
    ];
    const problems: Record<string, string[]> = {};
    for (const [name, schedule] of schedules) {
      await rewind();
      const call = (through: Through): Promise<string> =>
        zone.call(method, args, { ...options, through });
      const answers = await interleaved([call, call], schedule);
      const found = await problemsOf(scenario, stage, answers);
      if (found.length > 0) problems[name] = found;
    }
    expect(problems).toEqual({});
  });
}
