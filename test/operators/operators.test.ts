// Proves that what operators do between two requests of a call ends in success or in the error that
// tells a Director what is the matter, that nothing is left which neither a further call nor `gc`
// clears away, and that nobody's data are lost: each deed before each request
// of each method that works on what is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { scenariosIn } from '../crash/scenarios.js';
import { startZone } from '../support/cpi-zone.js';
import { deeds, type Deed, type Subject } from './deeds.js';
import { problemsOf } from './enumerate.js';

// Each test is a few hundred calls.
test.describe.configure({ timeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'operators-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What each method works with. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  delete_vm: ['VM', 'ephemeral disk', 'public address', 'affinity group', 'load balancer rule'],
  reboot_vm: ['VM'],
  set_vm_metadata: ['VM'],
  create_disk: ['persistent disk', 'offering'],
  delete_disk: ['persistent disk'],
  attach_disk: ['VM', 'persistent disk'],
  detach_disk: ['VM', 'persistent disk'],
  resize_disk: ['persistent disk', 'offering'],
  update_disk: ['persistent disk', 'offering'],
  set_disk_metadata: ['persistent disk'],
  snapshot_disk: ['VM', 'persistent disk', 'snapshot'],
  delete_snapshot: ['snapshot', 'persistent disk'],
  create_network: ['network'],
  delete_network: ['network'],
  create_stemcell: ['stemcell'],
  delete_stemcell: ['stemcell'],
};

/** A new disk that an operator puts into a VM of theirs is in use: nobody may clear it away. */
function isKeptByOperator({ does }: Deed): boolean {
  return does === 'attaches the persistent disk elsewhere';
}

for (const scenario of scenariosIn(join(folder, 'image'))) {
  const { method, about } = scenario;
  const subjectsOfCall = subjects[method] ?? [];
  for (const deed of deeds.filter(({ to }) => subjectsOfCall.includes(to))) {
    if (method === 'create_disk' && isKeptByOperator(deed)) continue;
    test(`${method} ${about}: before each request in turn an operator ${deed.does}`, async () => {
      const world = { ...advancedKvm, settings: scenario.settings ?? {} };
      await using zone = await startZone({ world }, 'direct');
      expect(await problemsOf(zone, scenario, deed)).toEqual({});
    });
  }
}
