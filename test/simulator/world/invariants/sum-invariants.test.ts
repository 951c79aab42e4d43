// Proves that each kept total is compared with what the rows add up to: a row that is changed behind
// its table's back is noticed, whatever counts it.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { World } from '../../../../simulator/world/world.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import { attachedVolume, snapshotOf } from '../../../support/simulator-snapshots.js';
import { assertSound } from '../../../support/sound-world.js';

/** A running VM with a data disk, of which there is a snapshot. */
function situation(): TestWorld {
  const world = testSimulator();
  const { id } = attachedVolume(world, world.user);
  deployed(world, world.user);
  world.simulator.world.settings.set('kvm.snapshot.enabled', true);
  snapshotOf(world.user, id);
  assertSound(world.simulator);
  return world;
}

const changes: Readonly<Record<string, (world: World) => RegExp>> = {
  'a pool counts other bytes than its volumes have': (world) => {
    Object.assign(world.volumes.all()[0]!, { sizeBytes: 1 });
    return /^the bytes of each volume with poolId \S+ add up to \d+, not to \d+$/;
  },
  'a pool has a template of which nothing is there': (world) => {
    Object.assign(world.volumes.all()[0]!, { templateId: null });
    return /^the \S+ of each volume with poolId \S+ add up to 1, not to 2$/;
  },
  'a host gives other memory than its VMs have': (world) => {
    Object.assign(world.vms.all()[0]!, { memoryMib: 1 });
    return /^the plainMib of each virtualmachine with hostId \S+ add up to \d+, not to \d+$/;
  },
  'a host gives CPU to a VM that is elsewhere': (world) => {
    Object.assign(world.vms.all()[0]!, { hostId: null });
    return /^the plainMhz of each virtualmachine with hostId null add up to \d+, not to \d+$/;
  },
  'an account counts VMs that it has not': (world) => {
    Object.assign(world.vms.all()[0]!, { accountId: world.accounts.all()[0]!.id });
    return /^the user_vm of each virtualmachine with accountId \S+ add up to 1, not to 0$/;
  },
  'an account counts other secondary storage than its snapshots take': (world) => {
    const store = world.snapshotStores.all().find(({ role }) => role === 'Image')!;
    Object.assign(store, { physicalSizeBytes: 1 });
    return /^the secondary_storage of each snapshotstore with accountId \S+ add up to 1, not to \d+$/;
  },
  'an account counts addresses that it has not': (world) => {
    Object.assign(world.publicIps.all()[0]!, { accountId: world.accounts.all()[0]!.id });
    return /^the public_ip of each publicipaddress with accountId \S+ add up to \d, not to \d$/;
  },
};

for (const [what, change] of Object.entries(changes)) {
  test(what, () => {
    const { world } = situation().simulator;
    const sentence = change(world);
    expect(checkInvariants(world)).toContainEqual(expect.stringMatching(sentence));
  });
}
