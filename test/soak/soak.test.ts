// Proves that a simulator in which Directors live life after life does not grow by it: when all that was
// made is deleted and expunged, the rows, the waiting tasks and what holds time are what they were, and
// of each life the same rows of what is gone stay, as in CloudStack's database. `npm run soak` measures
// memory and stalls of a process over hours of its time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../support/cpi-zone.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { deployed } from '../support/simulator-vms.js';
import { homes, liveOnce, type Call } from './goings-on.js';
import { goneRows, leftIn } from './left.js';
import { problemsOf, summaryOf, type Measured, type Sample } from './report.js';

let folder: string;
let image: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soak-test-'));
  image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settings = { 'kvm.snapshot.enabled': true, 'allow.user.expunge.recover.vm': true };

/** Some lives at once, each of another Director, until all of it is expunged; the world then. */
async function lived(zone: CpiZone, directors: number): Promise<Simulator> {
  const call: Call = (request) => {
    const { method, arguments: args } = JSON.parse(request) as Request;
    return zone.call(method, args);
  };
  await Promise.all(homes.slice(0, directors).map((home) => liveOnce(image, home, call)));
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const world = createSimulator();
  world.load(zone.simulator.save());
  return world;
}

interface Request {
  readonly method: string;
  readonly arguments: readonly unknown[];
}

test('a world grows by nothing but the rows of what is gone', async () => {
  await using zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  // The first life leaves the network with its router and the cloud's own copies of the image.
  const before = await lived(zone, 1);
  const after = await lived(zone, 3);
  expect(leftIn(before, after)).toEqual([]);
  const [rowsBefore, rowsAfter] = [goneRows(before), goneRows(after)];
  const ofALife = Object.entries(rowsAfter).map(([table, rows]) => [
    table,
    (rows - (rowsBefore[table] ?? 0)) / 3,
  ]);
  expect(Object.fromEntries(ofALife)).toEqual({
    ...{ virtualmachine: 2, nic: 2, volume: 5, snapshot: 1, snapshotstore: 2 },
    ...{ template: 1, templatezone: 1, network: 1 },
  });
});

test('what is left is told', async () => {
  await using zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  const before = await lived(zone, 1);
  deployed(zone, zone.user);
  const left = leftIn(before, zone.simulator).join('\n');
  expect(left).toMatch(/^left over: VM /m);
  expect(left).toMatch(/^waiting tasks: .*job\.expiry/m);
});

const full = 100_000;
const sample = (hour: number, more: Partial<Sample> = {}): Sample => ({
  ...{ hour, lives: hour * 40, events: full, heapMiB: 100 + hour, rssMiB: 200, stallMs: 80 },
  ...{ atWorkMs: 20, ...more },
});
const measured = (samples: readonly Sample[]): Measured => ({
  ...{ hours: 8, speed: 60, seed: 1, lives: 320, calls: 1, listings: 1, requests: 1, events: full },
  ...{ goneRows: { nic: 640 }, samples },
});
const hours = [1, 2, 3, 4, 5, 6, 7, 8];

test('a limit that is not held is told, by what its process does and not by waiting', () => {
  const good = measured(hours.map((hour) => sample(hour)));
  expect(problemsOf(good)).toEqual([]);
  expect(summaryOf({ ...good, problems: [] })).toContain('a life adds 25.6 KiB of heap, 0.0 KiB');
  const stalled = measured([...good.samples, sample(8, { atWorkMs: 51 })]);
  expect(problemsOf(stalled)).toEqual(['it came to nothing else for 51 ms at hour 8']);
  const leaking = measured(hours.map((hour) => sample(hour, { heapMiB: 100 + hour * 8 })));
  expect(problemsOf(leaking)).toEqual(['its heap grows by 205 KiB a life']);
  const young = measured(hours.map((hour) => sample(hour, { heapMiB: hour * 8, events: 9 })));
  expect(problemsOf(young)).toEqual([]);
  expect(summaryOf({ ...young, problems: [] })).toContain('no growth is told');
});
