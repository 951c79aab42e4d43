// Proves, through API and guest alone, that what is on a disk belongs to its volume: it survives
// detachment, another VM, a resize, a move to another pool or host, stops and reboots, and is what
// snapshots, volumes and templates made from it hold; that going back to a snapshot brings back what
// was there; and that nothing else changes it, at random as well.
import { deepStrictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { assertProperty } from '../../support/property.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { rootVolumeOf } from '../../../simulator/world/storage/volumes.js';
import { snapshotOf } from '../../support/simulator-snapshots.js';
import {
  guestDisk,
  vmSnapshotOf,
  vmWithDisk,
  writeTo,
  type VmWithDisk,
} from '../../support/simulator-vm-snapshots.js';
import { deployed } from '../../support/simulator-vms.js';
import { attached } from '../../support/simulator-volumes.js';
import { assertSound } from '../../support/sound-world.js';

const FILES = { 'db.json': '{"rows":3}', empty: '' };

/** A VM whose data disk holds some files. */
function written(preset?: string): VmWithDisk & { readonly identity: string } {
  const world = vmWithDisk(preset);
  world.simulator.world.settings.set('kvm.snapshot.enabled', true);
  writeTo(world, world.vmId, world.volumeId, FILES);
  return { ...world, identity: guestDisk(world, world.vmId, world.volumeId).identity };
}

for (const preset of ['advanced-kvm', 'advanced-xenserver', 'advanced-vmware']) {
  test(`${preset}: contents go with the volume wherever it goes`, () => {
    const world = written(preset);
    const { admin, user, simulator, vmId, volumeId, identity } = world;
    const isThere = (holder: string): void => {
      expect(guestDisk(world, holder, volumeId)).toMatchObject({ identity, files: FILES });
    };
    user.done('rebootVirtualMachine', { id: vmId });
    isThere(vmId);
    user.done('stopVirtualMachine', { id: vmId });
    user.done('resizeVolume', { id: volumeId, size: 20 });
    user.done('startVirtualMachine', { id: vmId });
    isThere(vmId);
    const other = deployed(world, user, { name: 'other' })['id'] as string;
    user.done('detachVolume', { id: volumeId });
    attached(user, volumeId, other);
    isThere(other);
    const { hostId } = simulator.world.vms.require(other);
    const elsewhere = simulator.world.hosts.all().find((host) => host.id !== hostId)!;
    expect(
      admin.run('migrateVirtualMachine', { virtualmachineid: other, hostid: elsewhere.id }).status,
    ).toBe(1);
    isThere(other);
    user.done('destroyVirtualMachine', { id: other });
    attached(user, volumeId, vmId);
    isThere(vmId);
    assertSound(simulator);
  });
}

test('snapshots, and what is made of them, hold what was there then', () => {
  const world = written();
  const { user, simulator, vmId, volumeId, identity } = world;
  const { id: snapshotid } = snapshotOf(user, volumeId);
  writeTo(world, vmId, volumeId, { 'db.json': 'later' });
  const volume = user.done('createVolume', {
    snapshotid,
    name: 'copy',
    virtualmachineid: vmId,
  })['volume'] as { id: string };
  expect(guestDisk(world, vmId, volume.id)).toMatchObject({ identity, files: FILES });
  const root = rootVolumeOf(simulator.world, vmId)!;
  writeTo(world, vmId, root.id, { hostname: 'first' });
  const rootSnapshot = snapshotOf(user, root.id)['id'];
  writeTo(world, vmId, root.id, { hostname: 'second' });
  const osTypeId = simulator.world.vms.require(vmId).osTypeId;
  const template = user.done('createTemplate', {
    snapshotid: rootSnapshot,
    name: 'made',
    displaytext: 'made',
    ostypeid: osTypeId,
  })['template'] as { id: string };
  const twin = deployed(world, user, { name: 'twin', templateid: template.id })['id'] as string;
  const twinRoot = rootVolumeOf(simulator.world, twin)!;
  expect(guestDisk(world, twin, twinRoot.id)).toMatchObject({
    identity: guestDisk(world, vmId, root.id).identity,
    files: { hostname: 'first' },
  });
  assertSound(simulator);
});

test('a reinstalled root disk holds what its template holds, the data disk what it held', () => {
  const world = written();
  const { user, simulator, vmId, volumeId, identity } = world;
  const root = rootVolumeOf(simulator.world, vmId)!;
  writeTo(world, vmId, root.id, { junk: 'x' });
  user.done('restoreVirtualMachine', { virtualmachineid: vmId });
  const fresh = rootVolumeOf(simulator.world, vmId)!;
  expect(guestDisk(world, vmId, fresh.id).files).toEqual({});
  expect(guestDisk(world, vmId, volumeId)).toMatchObject({ identity, files: FILES });
});

test('a world that is saved and loaded holds the same', () => {
  const world = written();
  const { simulator, vmId, volumeId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(world.user, vmId, { snapshotmemory: true });
  writeTo(world, vmId, volumeId, { 'db.json': 'later' });
  const other = createSimulator();
  other.load(JSON.parse(JSON.stringify(simulator.save())));
  for (const each of [simulator, other]) {
    each.world.settings.set('vmsnapshot.max', 11);
    const disk = each.guest(vmId).disks.find((row) => row.volumeId === volumeId)!;
    expect(disk.files).toEqual({ ...FILES, 'db.json': 'later' });
    const kept = each.world.vmSnapshots.require(vmsnapshotid as string).disks[volumeId];
    expect(kept?.files).toEqual(FILES);
  }
});

type Files = Readonly<Record<string, string>>;

/** Does these things to a VM's disk in turn, and asks after each what the disk holds. */
function live(steps: readonly (readonly [number, number])[]): void {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  simulator.world.settings.set('kvm.snapshot.enabled', true);
  const snapshots: { readonly id: string; readonly files: Files }[] = [];
  let files: Files = {};
  const doings: readonly ((choice: number) => void)[] = [
    (choice) => {
      if (simulator.world.vms.require(vmId).state !== 'Running') return;
      const change = { [`file${choice % 3}`]: String(choice) };
      writeTo(world, vmId, volumeId, change);
      files = { ...files, ...change };
    },
    () => {
      snapshots.push({ id: snapshotOf(user, volumeId)['id'] as string, files });
    },
    (choice) => {
      const chosen = snapshots[choice % snapshots.length];
      if (chosen === undefined) return;
      if (user.run('revertSnapshot', { id: chosen.id }).status === 1) files = chosen.files;
    },
    () => void user.run('stopVirtualMachine', { id: vmId }),
    () => void user.run('startVirtualMachine', { id: vmId }),
    () => {
      user.done('detachVolume', { id: volumeId });
      attached(user, volumeId, vmId);
    },
    (choice) => {
      const [chosen] = snapshots.splice(choice % Math.max(1, snapshots.length), 1);
      if (chosen !== undefined) user.done('deleteSnapshot', { id: chosen.id });
    },
  ];
  for (const [doing, choice] of steps) {
    doings[doing]?.(choice);
    deepStrictEqual(simulator.world.volumes.require(volumeId).files, files);
  }
  assertSound(simulator);
}

test('whatever is done, a disk holds what was written to it or gone back to', async () => {
  const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(1_000)), { minLength: 10, maxLength: 40 });
  await assertProperty(fc.property(steps, live), 20);
});
