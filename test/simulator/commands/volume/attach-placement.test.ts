// Proves where attachVolume creates a volume, which volumes it takes to which VM when their storage
// differs in scope, and with which two errors it refuses a local volume of another host.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployment, guestState, idOf } from '../../../support/simulator-vms.js';
import {
  attached,
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

/** A VM on a host of its own choice. */
function vmOn(world: TestWorld, host: string, offering = 'm1.small', startvm = true): string {
  const { hosts } = world.simulator.world;
  for (const row of hosts.all()) hosts.change(row, { up: row.name === host });
  const { virtualmachine } = world.user.done(
    'deployVirtualMachine',
    deployment(world, { startvm }, offering),
  );
  for (const row of hosts.all()) hosts.change(row, { up: true });
  return virtualmachine['id'] as string;
}

/** A local volume that exists on a host. */
function localVolumeOn(world: TestWorld, host: string): string {
  const id = createdVolume(world, world.user, { name: `on-${host}` }, 'local.custom');
  const vm = vmOn(world, host);
  attached(world.user, id, vm);
  world.user.done('detachVolume', { id });
  expect(poolNameOf(world, id)).toContain(host);
  return id;
}

function poolNameOf({ simulator }: TestWorld, volumeId: string): string | undefined {
  const { poolId } = simulator.world.volumes.require(volumeId);
  return poolId === null ? undefined : simulator.world.storagePools.require(poolId).name;
}

test('a VM that never started leaves the volume Allocated; it is created when the VM starts', () => {
  const world = testSimulator();
  const { user } = world;
  const vm = vmOn(world, 'host2', 'm1.small', false);
  const id = createdVolume(world, user, {}, 'local.custom');
  expect(attached(user, id, vm)).toMatchObject({
    state: 'Allocated',
    deviceid: 1,
    vmstate: 'Stopped',
  });
  expect(poolNameOf(world, id)).toBeUndefined();
  user.done('startVirtualMachine', { id: vm });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', vmstate: 'Running' });
  const { hostId } = world.simulator.world.vms.require(vm);
  expect(poolNameOf(world, id)).toContain(world.simulator.world.hosts.require(hostId!).name);
  assertSound(world.simulator);
});

test('a pool of the whole zone takes the volume of a VM that never started at once', () => {
  const description = storageWorld({
    pods: [{ name: 'pod1', clusters: [cluster('cluster1', ['host1'], { pools: [] })] }],
    pools: [{ name: 'everywhere', sizeGib: 500 }],
  });
  const world = testSimulator({ world: description });
  const vm = vmOn(world, 'host1', 'm1.small', false);
  const id = createdVolume(world, world.user);
  expect(attached(world.user, id, vm)['state']).toBe('Ready');
  expect(poolNameOf(world, id)).toBe('everywhere');
});

test('a stopped VM gets a new local volume on the host where it ran last', () => {
  const world = testSimulator();
  const vm = vmOn(world, 'host3');
  world.user.done('stopVirtualMachine', { id: vm });
  const id = createdVolume(world, world.user, {}, 'local.custom');
  expect(attached(world.user, id, vm)['state']).toBe('Ready');
  expect(poolNameOf(world, id)).toContain('host3');
});

test('without a pool that has the offering’s tags nothing is attached', () => {
  const world = testSimulator({ world: storageWorld({}) });
  const vm = vmOn(world, 'host1');
  const id = createdVolume(world, world.user, { name: 'quick' }, 'fast.custom');
  const before = guestState(world);
  expect(world.user.run('attachVolume', { id, virtualmachineid: vm })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext: `Unable to find suitable primary storage when creating volume [{"name":"quick","uuid":"${id}"}].`,
    },
  });
  expect(guestState(world)).toBe(before);
});

test('a full pool takes nothing more', () => {
  const world = testSimulator({ world: storageWorld({}) });
  const vm = vmOn(world, 'host1');
  const [big, small] = [
    createdVolume(world, world.user, { size: 101 }, 'local.custom'),
    createdVolume(world, world.user, { size: 100 }, 'local.custom'),
  ];
  expect(world.user.run('attachVolume', { id: big, virtualmachineid: vm }).resultcode).toBe(530);
  expect(attached(world.user, small, vm)['state']).toBe('Ready');
});

test('a VM that never started takes a local volume of any host, and starts there', () => {
  const world = testSimulator();
  const id = localVolumeOn(world, 'host2');
  const vm = vmOn(world, 'host1', 'm1.small', false);
  attached(world.user, id, vm);
  world.user.done('startVirtualMachine', { id: vm });
  const { hostId } = world.simulator.world.vms.require(vm);
  expect(hostId).toBe(idOf(world.simulator.world.hosts.all(), 'host2'));
});

test('a local root volume and a local volume of another host do not come together', () => {
  const world = testSimulator();
  const id = localVolumeOn(world, 'host2');
  const vm = vmOn(world, 'host1', 'm1.local');
  const before = guestState(world);
  const { displayName } = world.simulator.world.vms.require(vm);
  expect(world.user.run('attachVolume', { id, virtualmachineid: vm })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext: `Failed to attach local data volume on-host2 to VM ${displayName} as migration of local data volume is not allowed`,
    },
  });
  expect(guestState(world)).toBe(before);
  const right = vmOn(world, 'host2', 'm1.local');
  expect(attached(world.user, id, right)['deviceid']).toBe(1);
});

test('a shared root volume takes a local volume of the VM’s own host only', () => {
  const world = testSimulator();
  const id = localVolumeOn(world, 'host2');
  const vm = vmOn(world, 'host1');
  const before = guestState(world);
  expect(world.user.run('attachVolume', { id, virtualmachineid: vm })).toMatchObject({
    status: 2,
    resultcode: 431,
    result: { errortext: "Can't move volume between scope: HOST and CLUSTER" },
  });
  expect(guestState(world)).toBe(before);
  const right = vmOn(world, 'host2');
  expect(attached(world.user, id, right)['deviceid']).toBe(1);
});

test('stopped, it takes a local volume of the host where it ran last', () => {
  const world = testSimulator();
  const id = localVolumeOn(world, 'host2');
  const vm = vmOn(world, 'host2');
  world.user.done('stopVirtualMachine', { id: vm });
  expect(attached(world.user, id, vm)['deviceid']).toBe(1);
});

test('a shared volume of another cluster moves to the VM’s, one of the zone stays', () => {
  const description = storageWorld({
    pods: [
      {
        name: 'pod1',
        clusters: [cluster('cluster1', ['host1']), cluster('cluster2', ['host2'])],
      },
    ],
  });
  const world = testSimulator({ world: description });
  const first = vmOn(world, 'host1');
  const second = vmOn(world, 'host2');
  const id = createdVolume(world, world.user);
  attached(world.user, id, first);
  expect(poolNameOf(world, id)).toBe('cluster1-primary');
  world.user.done('detachVolume', { id });
  attached(world.user, id, second);
  expect(poolNameOf(world, id)).toBe('cluster2-primary');
  assertSound(world.simulator);
});

test('a volume made for another hypervisor is refused', () => {
  const description = storageWorld({
    pods: [
      {
        name: 'pod1',
        clusters: [
          cluster('cluster1', ['host1']),
          cluster('xen', ['xen1'], { hypervisor: 'XenServer' }),
        ],
      },
    ],
  });
  const world = testSimulator({ world: description });
  const { volumes, storagePools } = world.simulator.world;
  const id = createdVolume(world, world.user);
  const pool = storagePools.all().find((row) => row.name === 'xen-primary')!;
  volumes.move(volumes.require(id), 'CreateRequested', { poolId: pool.id });
  volumes.move(volumes.require(id), 'OperationSucceeded');
  const vm = vmOn(world, 'host1');
  expect(world.user.run('attachVolume', { id, virtualmachineid: vm })).toMatchObject({
    status: 2,
    resultcode: 431,
    result: { errortext: "Can't attach a volume created by: XenServer to a KVM vm" },
  });
});
