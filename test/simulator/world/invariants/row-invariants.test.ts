// Proves that each rule about a single row notices what it is there for, and that tests hear of it at
// the event which breaks it.
import { expect, test } from '@playwright/test';
import { checkRow } from '../../../../simulator/world/invariants/row-invariants.js';
import type { World } from '../../../../simulator/world/world.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { attachedVolume } from '../../../support/simulator-snapshots.js';
import { deployed } from '../../../support/simulator-vms.js';

interface Situation {
  readonly world: World;
  readonly vmId: string;
  readonly volumeId: string;
}

/** A running VM with a data disk, and another VM. */
function situation(): Situation & { readonly testWorld: TestWorld } {
  const testWorld = testSimulator();
  const { id: volumeId, vmId } = attachedVolume(testWorld, testWorld.user);
  deployed(testWorld, testWorld.user);
  return { testWorld, world: testWorld.simulator.world, vmId, volumeId };
}

/** Breaks a row behind its table's back; answers which one, and the sentence about it. */
const violations: Readonly<Record<string, (s: Situation) => readonly [string, string, RegExp]>> = {
  'an allocated volume has a pool': ({ world, volumeId }) => {
    Object.assign(world.volumes.require(volumeId), { state: 'Allocated' });
    return ['volume', volumeId, /^volume \S+ is Allocated and has pool /];
  },
  'a ready volume has none': ({ world, volumeId }) => {
    Object.assign(world.volumes.require(volumeId), { poolId: null });
    return ['volume', volumeId, /^volume \S+ is Ready without a pool$/];
  },
  'a volume takes less than nothing': ({ world, volumeId }) => {
    Object.assign(world.volumes.require(volumeId), { sizeBytes: -1 });
    return ['volume', volumeId, /^volume \S+ takes -1$/];
  },
  'a volume outlives its VM': ({ world, volumeId, vmId }) => {
    world.vms.remove(world.vms.require(vmId));
    return ['volume', volumeId, /^volume \S+ belongs to VM \S+, which is removed$/];
  },
  'a pool holds less than nothing': ({ world, volumeId }) => {
    const volume = world.volumes.require(volumeId);
    world.volumes.change(volume, { sizeBytes: -(2 ** 50) });
    return ['storagepool', volume.poolId!, /^pool \S+ holds -\d+ bytes$/];
  },
  'a volume leaves its pool with less than nothing': ({ world, volumeId }) => {
    world.volumes.change(world.volumes.require(volumeId), { sizeBytes: -(2 ** 50) });
    return ['volume', volumeId, /^pool \S+ holds -\d+ bytes$/];
  },
  'a running VM has no host': ({ world, vmId }) => {
    Object.assign(world.vms.require(vmId), { hostId: null });
    return ['virtualmachine', vmId, /^VM \S+ is Running without a host$/];
  },
  'a stopped VM has a host': ({ world, vmId }) => {
    Object.assign(world.vms.require(vmId), { state: 'Stopped' });
    return ['virtualmachine', vmId, /^VM \S+ is Stopped and has host /];
  },
  'two NICs hold an address': ({ world }) => {
    const [one, other] = world.nics.all();
    Object.assign(one!, { ipAddress: other!.ipAddress });
    return ['nic', one!.id, /^NICs \S+ and \S+ both hold 10\./];
  },
  'a template is ready that has not come': ({ world }) => {
    const inZone = world.templateZones.all()[0]!;
    Object.assign(inZone, { downloadState: null });
    return ['templatezone', inZone.id, /^image \S+ is Ready and not downloaded$/];
  },
  'a job has a result before its end': ({ world }) => {
    const job = world.jobs.all()[0]!;
    Object.assign(job, { state: 'pending' });
    return ['asyncjob', job.id, /^job \S+ is pending and has a result$/];
  },
};

for (const [what, corrupt] of Object.entries(violations)) {
  test(what, () => {
    const s = situation();
    const [entity, id, sentence] = corrupt(s);
    const found = checkRow(s.world, entity, id);
    expect(found).toContainEqual(expect.stringMatching(sentence));
  });
}

test('rows that are removed, unknown, or of a kind without rules are sound', () => {
  const { world, volumeId } = situation();
  world.volumes.remove(world.volumes.require(volumeId));
  expect(checkRow(world, 'volume', volumeId)).toEqual([]);
  expect(checkRow(world, 'volume', 'nothing')).toEqual([]);
  expect(checkRow(world, 'zone', world.zones.all()[0]!.id)).toEqual([]);
});

test('a request whose events leave a broken row fails the test that sends it', () => {
  const { testWorld, world, volumeId } = situation();
  Object.assign(world.volumes.require(volumeId), { poolId: null });
  expect(() => testWorld.user.done('detachVolume', { id: volumeId })).toThrow(
    /is Ready without a pool/,
  );
});
