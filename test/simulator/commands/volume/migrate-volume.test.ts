// Proves that migrateVolume takes a volume to another pool under its id, also a detached local one to
// another host, and what it refuses by state, pool, VM and room; and that only root admins may.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const ANOTHER = '00000000-0000-4000-8000-00000000000a';
const FARTHER = '00000000-0000-4000-8000-00000000000b';

function poolIdOf({ simulator }: TestWorld, volumeId: string): string {
  return simulator.world.volumes.require(volumeId).poolId!;
}

/** A pool other than the volume's, local or shared as it is. */
function otherPool(world: TestWorld, volumeId: string): string {
  const { storagePools } = world.simulator.world;
  const own = storagePools.require(poolIdOf(world, volumeId));
  return storagePools.all().find(({ id, scope }) => id !== own.id && scope === own.scope)!.id;
}

function detachedVolume(world: TestWorld, offering: string): string {
  const { id: vmId } = deployed(world, world.user);
  const id = createdVolume(world, world.user, {}, offering);
  attached(world.user, id, vmId as string);
  world.user.done('detachVolume', { id });
  return id;
}

test('a detached local volume moves to another host and keeps its id', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const volumeid = detachedVolume(world, 'local.custom');
  const storageid = otherPool(world, volumeid);
  expect(admin.done('migrateVolume', { volumeid, storageid })['volume']).toMatchObject({
    id: volumeid,
    state: 'Ready',
    storageid,
  });
  const { hostId } = simulator.world.storagePools.require(storageid);
  const { id: vmId } = deployed(world, user, { startvm: false });
  attached(user, volumeid, vmId as string);
  user.done('startVirtualMachine', { id: vmId });
  expect(simulator.world.vms.require(vmId as string).hostId).toBe(hostId);
  assertSound(simulator);
});

test('only root admins may, be it the owner who knows the pools', () => {
  const world = testSimulator();
  const volumeid = detachedVolume(world, 'local.custom');
  const storageid = otherPool(world, volumeid);
  expect(
    refusedUnchanged(world, world.user, 'migrateVolume', { volumeid, storageid }),
  ).toMatchObject({ httpStatus: 432 });
});

test('its own pool, one of the other kind, a running VM, no room, and a volume on no pool', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const volumeid = detachedVolume(world, 'local.custom');
  const storageid = otherPool(world, volumeid);
  const { storagePools } = simulator.world;
  const shared = storagePools.all().find(({ scope }) => scope !== 'HOST')!.id;
  const refused = (values: Record<string, string>): unknown => {
    const { status, resultcode, result } = admin.run('migrateVolume', { volumeid, ...values });
    expect(status).toBe(2);
    expect(listedVolume(admin, volumeid)?.['state']).toBe('Ready');
    return [resultcode, result['errortext']];
  };
  expect(refused({ storageid: poolIdOf(world, volumeid) })).toEqual([
    431,
    expect.stringMatching(/^Volume .* is already on the destination storage pool$/),
  ]);
  expect(refused({ storageid: shared })).toEqual([
    431,
    'You cannot move the volume to a shared storage and assign a disk offering for local storage and vice versa.',
  ]);
  const allocated = createdVolume(world, user);
  expect(admin.run('migrateVolume', { volumeid: allocated, storageid: shared }).result).toEqual({
    errorcode: 431,
    errortext: 'Volume must be in ready state',
  });
  simulator.setFaults([{ then: { effect: 'capacity-gone', of: 'pools' } }]);
  expect(refused({ storageid })).toEqual([
    530,
    expect.stringMatching(/^Storage pool .* does not have enough space to migrate volume disk$/),
  ]);
});

test('a pool without the tags of the offering', () => {
  const world = testSimulator();
  const volumeid = detachedVolume(world, 'local.custom');
  const { diskOfferings, volumes } = world.simulator.world;
  const offering = diskOfferings.require(volumes.require(volumeid).diskOfferingId!);
  diskOfferings.change(offering, { storageTags: ['nvme'] });
  const values = { volumeid, storageid: otherPool(world, volumeid) };
  expect(world.admin.run('migrateVolume', values)).toMatchObject({
    status: 2,
    resultcode: 431,
    result: {
      errortext: expect.stringMatching(
        /^Migration failed: target pool \[.*\] has no matching tags for volume \[.*\]$/,
      ) as unknown,
    },
  });
});

test('a disk of a running VM on KVM stays where it is', () => {
  const world = testSimulator();
  const { id: vmId } = deployed(world, world.user);
  const volumeid = createdVolume(world, world.user, {}, 'local.custom');
  attached(world.user, volumeid, vmId as string);
  const values = { volumeid, storageid: otherPool(world, volumeid), livemigrate: true };
  expect(world.admin.run('migrateVolume', values)).toMatchObject({
    status: 2,
    resultcode: 431,
    result: {
      errortext: expect.stringMatching(/^KVM does not support volume live migration/) as unknown,
    },
  });
});

test('an offering that is gone, or of another zone, is refused only after there is room', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const volumeid = detachedVolume(world, 'shared.custom');
  const { storagePools, diskOfferings } = simulator.world;
  const own = storagePools.require(poolIdOf(world, volumeid));
  const other = storagePools.insert({ ...own, id: ANOTHER, internalId: 99, name: 'another' });
  const offering = diskOfferings.all().find(({ name }) => name === 'ephemeral')!;
  const values = { volumeid, storageid: other.id, newdiskofferingid: offering.id };
  const text = (): unknown => admin.run('migrateVolume', values).result['errortext'];
  diskOfferings.change(offering, { zoneIds: ['elsewhere'] });
  expect(text()).toMatch(/^There's no way to confirm Account .* has access to DiskOffering /);
  diskOfferings.remove(offering);
  expect(text()).toBe(`The disk offering informed is not valid [id=${offering.internalId}].`);
  storagePools.change(other, { full: true });
  expect(text()).toMatch(/does not have enough space to migrate volume disk$/);
  storagePools.remove(other);
  expect(text()).toBe('Failed to find the destination storage pool: 99');
});

test('a new offering of the same kind goes with the volume', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const volumeid = detachedVolume(world, 'shared.custom');
  const { storagePools, diskOfferings } = simulator.world;
  const own = storagePools.require(poolIdOf(world, volumeid));
  const other = storagePools.insert({ ...own, id: ANOTHER, internalId: 99, name: 'another' });
  const { id } = diskOfferings.all().find(({ name }) => name === 'ephemeral')!;
  const values = { volumeid, storageid: other.id, newdiskofferingid: id };
  expect(admin.done('migrateVolume', values)['volume']).toMatchObject({
    storageid: other.id,
    diskofferingname: 'ephemeral',
  });
});

test('snapshots that are on the pool alone keep a volume there', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  simulator.world.settings.set('snapshot.backup.to.secondary', false);
  const volumeid = detachedVolume(world, 'local.custom');
  user.done('createSnapshot', { volumeid });
  const values = { volumeid, storageid: otherPool(world, volumeid) };
  expect(admin.run('migrateVolume', values)).toMatchObject({
    resultcode: 530,
    result: {
      errortext: expect.stringMatching(
        /^Unable to migrate Volume .* is a KVM volume and has snapshots only in primary storage\. Snapshots \[\{.*\}\]\. Consider excluding them to migrate the volume to another storage\.\]$/,
      ) as unknown,
    },
  });
});

test('the disk of a running VM moves live where it is told to, and within its cluster', () => {
  const world = testSimulator({ world: 'advanced-vmware' });
  const { admin, user, simulator } = world;
  const vm = deployed(world, user);
  const volumeid = createdVolume(world, user);
  attached(user, volumeid, vm['id'] as string);
  const { storagePools } = simulator.world;
  const own = storagePools.require(poolIdOf(world, volumeid));
  const other = storagePools.insert({ ...own, id: ANOTHER, internalId: 99, name: 'another' });
  const values = { volumeid, storageid: other.id };
  expect(admin.run('migrateVolume', values)).toMatchObject({
    resultcode: 431,
    result: {
      errortext: expect.stringMatching(
        /is attached to a vm and for migrating it the parameter livemigrate should be specified$/,
      ) as unknown,
    },
  });
  const live = { ...values, livemigrate: true };
  expect(admin.done('migrateVolume', live)['volume']).toMatchObject({ storageid: other.id });
  const { clusters } = simulator.world;
  const cluster = clusters.insert({
    ...clusters.all()[0]!,
    id: 'far',
    internalId: 99,
    name: 'far',
  });
  const far = storagePools.insert({
    ...own,
    id: FARTHER,
    internalId: 100,
    name: 'farther',
    clusterId: cluster.id,
  });
  expect(admin.run('migrateVolume', { ...live, storageid: far.id })).toMatchObject({
    resultcode: 431,
    result: {
      errortext:
        'Cannot migrate a volume of a virtual machine to a storage pool in a different cluster',
    },
  });
});
