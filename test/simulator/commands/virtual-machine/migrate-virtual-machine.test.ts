// Proves migrateVirtualMachine: root admins move a running VM to another host, which keeps room for it
// on the way, and the volumes of a stopped one to another pool; who may not, and what is in the way, is
// refused and changes nothing; a restart of the management server leaves the VM where it was.
import { expect, test } from '@playwright/test';
import type { FaultPlanInput } from '../../../../simulator/faults/plan-schema.js';
import { takenOfHost } from '../../../../simulator/world/compute/occupancy.js';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, deployment, guestState, listed } from '../../../support/simulator-vms.js';
import { cluster, storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const COMMAND = 'migrateVirtualMachine';

const restartAtLastStep: FaultPlanInput = [
  {
    when: { command: COMMAND, phase: 'job-step', step: 3 },
    then: { effect: 'management-server-restart' },
  },
];

/** Two clusters, the first with two hosts and two pools. */
function twoClusters(faults: FaultPlanInput = []): TestWorld {
  const clusters = [
    {
      ...cluster('cluster1', ['host1', 'host2']),
      pools: [
        { name: 'first', sizeGib: 100 },
        { name: 'second', sizeGib: 90 },
      ],
    },
    { ...cluster('cluster2', ['host3']), pools: [{ name: 'third', sizeGib: 13 }] },
  ];
  return testSimulator({
    faults,
    settings: { 'volume.allocation.algorithm': 'firstfit' },
    world: storageWorld({ pods: [{ name: 'pod1', clusters }] }),
  });
}

function hostOf({ simulator }: TestWorld, id: string): string {
  return simulator.world.hosts.require(simulator.world.vms.require(id).hostId!).name;
}

function hostId({ simulator }: TestWorld, name: string): string {
  return simulator.world.hosts.all().find((host) => host.name === name)!.id;
}

function poolId({ simulator }: TestWorld, name: string): string {
  return simulator.world.storagePools.all().find((pool) => pool.name === name)!.id;
}

/** A VM that runs on host1. */
function onHost1(world: TestWorld): string {
  return deployed(world, world.admin, { ...ofUser(world), hostid: hostId(world, 'host1') })[
    'id'
  ] as string;
}

function ofUser({ simulator }: TestWorld): { account: string; domainid: string } {
  const { name, domainId } = simulator.world.accounts.all().find((row) => row.name === 'bosh')!;
  return { account: name, domainid: domainId };
}

test('a running VM moves to the host that is asked for, and has room on both meanwhile', () => {
  const world = twoClusters();
  const { admin, simulator } = world;
  const id = onHost1(world);
  const target = hostId(world, 'host2');
  const takenThere = (): number =>
    takenOfHost(simulator.world, simulator.world.hosts.require(target)).mib;
  expect(takenThere()).toBe(0);
  const { jobid } = admin.call(COMMAND, { virtualmachineid: id, hostid: target });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(admin, { id })).toMatchObject({ state: 'Migrating', hostname: 'host1' });
  const { memoryMib } = simulator.world.vms.require(id);
  expect(takenThere()).toBe(memoryMib);
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  const vm = admin.job(jobid as string).result['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ state: 'Running', hostname: 'host2' });
  expect(takenThere()).toBe(memoryMib);
  assertSound(simulator);
});

test('without a host one is found that reaches its volumes', () => {
  const world = twoClusters();
  const id = onHost1(world);
  world.admin.done(COMMAND, { virtualmachineid: id });
  expect(hostOf(world, id)).toBe('host2');
  world.admin.done(COMMAND, { virtualmachineid: id, autoselect: true });
  expect(hostOf(world, id)).toBe('host1');
});

test('a restart of the management server leaves a running VM where it was', () => {
  const world = twoClusters(restartAtLastStep);
  const id = onHost1(world);
  const outcome = world.admin.run(COMMAND, { virtualmachineid: id });
  expect(outcome.status).toBe(2);
  expect(listed(world.admin, { id, listall: true })).toMatchObject({
    state: 'Running',
    hostname: 'host1',
  });
  expect(world.simulator.world.vms.require(id).destinationHostId).toBeNull();
});

test('where nobody names a host chance decides among those that can have the VM', () => {
  const world = testSimulator();
  const { admin, user } = world;
  const { id } = deployed(world, user);
  const first = String(listed(admin, { id, listall: true })!['hostname']);
  const seen = new Set<string>();
  for (let count = 0; count < 20; count += 1) {
    const from = hostOf(world, id as string);
    admin.done(COMMAND, { virtualmachineid: id });
    expect(hostOf(world, id as string)).not.toBe(from);
    seen.add(hostOf(world, id as string));
    admin.done(COMMAND, { virtualmachineid: id, hostid: hostId(world, first) });
  }
  expect(seen.size).toBe(2);
});

test('a VM does not move to a host of another hypervisor that reaches its volumes, too', () => {
  const clusters = [
    cluster('cluster1', ['host1']),
    cluster('cluster2', ['host2'], { hypervisor: 'VMware' }),
  ];
  const pools = [{ name: 'everywhere', sizeGib: 1_000, tags: ['zone'] }];
  const world = testSimulator({
    world: storageWorld({ pods: [{ name: 'pod1', clusters }], pools }),
  });
  const { serviceOfferings } = world.simulator.world;
  const offering = serviceOfferings.all().find(({ name }) => name === 'm1.small')!;
  serviceOfferings.change(offering, { storageTags: ['zone'] });
  const id = deployed(world, world.user)['id'] as string;
  const text = /^Unable to find suitable destination to migrate VM i-/;
  expect(world.admin.run(COMMAND, { virtualmachineid: id }).result['errortext']).toMatch(text);
  expect(hostOf(world, id)).toBe('host1');
});

test('users have no such command', () => {
  const world = twoClusters();
  const id = onHost1(world);
  expect(world.user.fails(COMMAND, { virtualmachineid: id }).httpStatus).toBe(432);
});

for (const [what, hostname, text] of [
  ['its own host', 'host1', 'Cannot migrate VM, VM is already present on this host'],
  ['a host of another cluster', 'host3', 'Source and destination host are not in same cluster'],
] as const) {
  test(`a VM does not move to ${what}`, () => {
    const world = twoClusters();
    const id = onHost1(world);
    const before = guestState(world);
    const outcome = world.admin.run(COMMAND, {
      virtualmachineid: id,
      hostid: hostId(world, hostname),
    });
    expect(outcome.status).toBe(2);
    expect(outcome.result['errortext']).toContain(text);
    expect(guestState(world)).toBe(before);
  });
}

test('a VM does not move to a host that takes no VMs or has no room', () => {
  const world = twoClusters();
  const { hosts } = world.simulator.world;
  const id = onHost1(world);
  const host = hosts.require(hostId(world, 'host2'));
  const refusal = (): string =>
    world.admin.run(COMMAND, { virtualmachineid: id, hostid: host.id }).result[
      'errortext'
    ] as string;
  hosts.move(host, 'Disable');
  expect(refusal()).toBe(
    'Cannot migrate VM, destination host is not in correct state, has status: Up, state: Disabled',
  );
  hosts.move(host, 'Enable', { full: true });
  expect(refusal()).toMatch(/^Unable to find suitable destination to migrate VM i-/);
  expect(world.admin.run(COMMAND, { virtualmachineid: id }).result['errortext']).toMatch(
    /^Unable to find suitable destination to migrate VM i-/,
  );
  expect(hostOf(world, id)).toBe('host1');
});

test('a VM with a disk on local storage stays', () => {
  const world = testSimulator();
  const vm = world.user.done('deployVirtualMachine', deployment(world, {}, 'm1.local'));
  const { id } = vm['virtualmachine'] as Reply;
  expect(world.admin.run(COMMAND, { virtualmachineid: id }).result).toEqual({
    errorcode: 431,
    errortext: 'Unsupported operation, VM uses Local storage, cannot migrate',
  });
});

test('contradictory and missing destinations, and VMs in the wrong state, are refused', () => {
  const world = twoClusters();
  const { admin, simulator } = world;
  const id = onHost1(world);
  const refusal = (values: Record<string, string | boolean>): string =>
    admin.run(COMMAND, values).result['errortext'] as string;
  const both = { hostid: hostId(world, 'host2'), storageid: poolId(world, 'second') };
  expect(refusal({ virtualmachineid: id, ...both })).toBe(
    'Only one of hostId and storageId can be specified',
  );
  expect(refusal({ virtualmachineid: id, autoselect: false })).toContain(
    'Please specify a host or storage as destination',
  );
  expect(refusal({ virtualmachineid: id, storageid: poolId(world, 'second') })).toBe(
    'VM is not Stopped, unable to migrate the vm having the specified id',
  );
  const stopped = addVm(simulator.world);
  expect(refusal({ virtualmachineid: stopped.id })).toBe(
    'VM is not Running, unable to migrate the vm with specified id',
  );
  simulator.world.vms.remove(stopped);
  expect(refusal({ virtualmachineid: stopped.id })).toBe(
    `Unable to find the VM by id=${stopped.internalId}`,
  );
});

test('the volumes of a stopped VM move to another pool', () => {
  const world = twoClusters();
  const { admin, simulator } = world;
  const id = onHost1(world);
  admin.done('stopVirtualMachine', { id });
  const [root] = simulator.world.volumes.where('vmId', id);
  const { jobid } = admin.call(COMMAND, {
    virtualmachineid: id,
    storageid: poolId(world, 'second'),
  });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect([listed(admin, { id })!['state'], root!.state]).toEqual(['Migrating', 'Migrating']);
  simulator.kernel.advanceUntilIdle();
  expect(admin.job(jobid as string).result['virtualmachine']).toMatchObject({ state: 'Stopped' });
  expect(root).toMatchObject({ state: 'Ready', poolId: poolId(world, 'second') });
  admin.done('startVirtualMachine', { id });
  assertSound(simulator);
});

test('they stay where they are if the pool has no room', () => {
  const world = twoClusters();
  const { admin, simulator } = world;
  const id = onHost1(world);
  admin.done('stopVirtualMachine', { id });
  const [root] = simulator.world.volumes.where('vmId', id);
  const before = root!.poolId;
  simulator.world.storagePools.change(
    simulator.world.storagePools.require(poolId(world, 'second')),
    { full: true },
  );
  const values = { virtualmachineid: id, storageid: poolId(world, 'second') };
  expect(admin.run(COMMAND, values).result['errortext']).toBe(`Failed to migrate VM: ${id}`);
  expect(root).toMatchObject({ state: 'Ready', poolId: before });
  expect(listed(admin, { id, listall: true })!['state']).toBe('Stopped');
  assertSound(simulator);
});

test('a restart of the management server leaves the volumes where they were, the VM stopped', () => {
  const world = twoClusters(restartAtLastStep);
  const { admin, simulator } = world;
  const id = onHost1(world);
  admin.done('stopVirtualMachine', { id });
  const [root] = simulator.world.volumes.where('vmId', id);
  const before = root!.poolId;
  admin.run(COMMAND, { virtualmachineid: id, storageid: poolId(world, 'second') });
  expect(root).toMatchObject({ state: 'Ready', poolId: before });
  expect(listed(admin, { id, listall: true })!['state']).toBe('Stopped');
});
