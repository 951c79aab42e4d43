// Proves that migrateVolume takes a volume to another pool under its id, also a detached local one to
// another host, and what it refuses by state, pool, VM and room; and that only root admins may.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

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

test('its owner may, if somebody tells which pools there are', () => {
  const world = testSimulator();
  const volumeid = detachedVolume(world, 'local.custom');
  const storageid = otherPool(world, volumeid);
  expect(world.user.done('migrateVolume', { volumeid, storageid })).toMatchObject({
    volume: { id: volumeid },
  });
  expect(world.simulator.world.volumes.require(volumeid).poolId).toBe(storageid);
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
