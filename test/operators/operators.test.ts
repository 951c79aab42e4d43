// Proves that what operators do between two requests of a call ends in success or in the error that
// tells a Director what is the matter, that nothing is left which neither a further call nor `gc`
// clears away, and that nobody's data are lost: each deed before each request
// of each method that works on what is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { worldOf, type Scenario } from '../crash/scenario.js';
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

/** What each call of create_vm works with, besides what the first one shows of all of them. */
const subjectsOfCreateVm: Readonly<Record<string, readonly Subject[]>> = {
  'with everything, by an account that may expunge': [
    'VM',
    'ephemeral disk',
    'public address',
    'static address',
    'affinity group',
    'load balancer rule',
    'offering',
    'stemcell',
  ],
  'with everything, by an account that may not expunge': ['VM', 'public address'],
  'that follows a disk on local storage': ['persistent disk'],
  'with a key pair to be registered, and with ports of a shared address': [
    'VM',
    'key pair',
    'port forwarding rule',
    'shared address',
  ],
  'with a public address, in a tier of a VPC': ['network', 'public address'],
};

function subjectsOf({ method, about }: Scenario): readonly Subject[] {
  return (method === 'create_vm' ? subjectsOfCreateVm[about] : subjects[method]) ?? [];
}

/** A new disk that an operator puts into a VM of theirs is in use: nobody may clear it away. */
function isKeptByOperator({ does }: Deed): boolean {
  return does === 'attaches the persistent disk elsewhere';
}

for (const scenario of scenariosIn(join(folder, 'image'))) {
  const { method, about } = scenario;
  // Operators are at work in the usual cloud.
  if (scenario.world !== undefined) continue;
  const subjectsOfCall = subjectsOf(scenario);
  for (const deed of deeds.filter(({ to }) => subjectsOfCall.includes(to))) {
    if (method === 'create_disk' && isKeptByOperator(deed)) continue;
    test(`${method} ${about}: before each request in turn an operator ${deed.does}`, async () => {
      await using zone = await startZone({ world: worldOf(scenario) }, 'direct');
      expect(await problemsOf(zone, scenario, deed)).toEqual({});
    });
  }
}
