// Proves what local storage means to its users: what an ordinary user sees of it and what not; which
// disks come together at one VM in a zone with pools of all scopes; where a fresh disk is made for a
// VM that does not run; and that a VM with local disks starts on their host or not at all, be that
// down, full, or kept from it by an affinity group.
import { expect, test } from '@playwright/test';
import { group } from '../../../support/simulator-affinity.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, guestState, listed } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

function zone(): TestWorld {
  return testSimulator({ world: 'several-clusters' });
}

/** A VM on a host of its own choice. */
function vmOn(world: TestWorld, host: string, offering = 'm1.small', values: Values = {}): string {
  const { hosts } = world.simulator.world;
  for (const row of hosts.all()) hosts.change(row, { up: row.name === host });
  const { id } = world.user.run('deployVirtualMachine', deployment(world, values, offering));
  for (const row of hosts.all()) hosts.change(row, { up: true });
  return id!;
}

/** A disk that exists where a VM on this host can have it, and is attached to none. */
function diskOn(world: TestWorld, host: string, offering: string): string {
  const id = createdVolume(world, world.user, { name: `on-${host}` }, offering);
  attached(world.user, id, vmOn(world, host));
  world.user.done('detachVolume', { id });
  return id;
}

function poolNameOf({ simulator }: TestWorld, volumeId: string): string {
  const { poolId } = simulator.world.volumes.require(volumeId);
  return poolId === null ? 'none' : simulator.world.storagePools.require(poolId).name;
}

function hostNameOf({ simulator }: TestWorld, vmId: string): string | undefined {
  const { hostId } = simulator.world.vms.require(vmId);
  return hostId === null ? undefined : simulator.world.hosts.require(hostId).name;
}

/** Has the root disks of an offering made on the pool of the whole zone. */
function putRootsOnZone({ simulator }: TestWorld, name = 'm1.medium'): void {
  const { serviceOfferings } = simulator.world;
  const offering = serviceOfferings.all().find((row) => row.name === name)!;
  serviceOfferings.change(offering, { storageTags: ['zone'] });
}

test('a user sees that an offering is local, and nothing of where its disks are', () => {
  const world = zone();
  const { user, admin } = world;
  const vm = vmOn(world, 'host3', 'm1.local');
  const disk = createdVolume(world, user, {}, 'local.custom');
  attached(user, disk, vm);
  const offerings = user.call('listDiskOfferings')['diskoffering'] as Reply[];
  expect(offerings.find(({ name }) => name === 'local.custom')).toMatchObject({
    storagetype: 'local',
  });
  const [offering] = user.call('listServiceOfferings', { name: 'm1.local' })[
    'serviceoffering'
  ] as Reply[];
  expect(offering).toMatchObject({ storagetype: 'local' });
  expect(user.call('listZones')['zone']).toMatchObject([{ localstorageenabled: true }]);
  const hidden = ['storage', 'storageid', 'storagetype', 'path', 'hypervisor', 'clusterid'];
  const own = listedVolume(user, disk);
  for (const field of hidden) expect(own).not.toHaveProperty(field);
  const vmOfUser = listed(user, { id: vm })!;
  for (const field of ['hostid', 'hostname', 'instancename']) {
    expect(vmOfUser).not.toHaveProperty(field);
  }
  expect(vmOfUser).toHaveProperty('hostcontrolstate');
  for (const command of ['listHosts', 'listStoragePools']) {
    expect(user.fails(command).httpStatus).toBe(432);
  }
  expect(listedVolume(admin, disk)).toMatchObject({
    storage: expect.stringMatching(/^host3-local-/),
    storagetype: 'local',
    clustername: 'cluster2',
  });
  expect(listed(admin, { id: vm, listall: true })).toMatchObject({ hostname: 'host3' });
});

test('a user is told beside which VM a disk of an offering finds room, but not where that is', () => {
  const world = zone();
  const { user, simulator } = world;
  const vm = vmOn(world, 'host3', 'm1.local');
  const suitable = (virtualmachineid: string): Record<string, unknown> => {
    const offerings = user.call('listDiskOfferings', { virtualmachineid })[
      'diskoffering'
    ] as Reply[];
    return Object.fromEntries(
      offerings.map(({ name, suitableforvirtualmachine: suits }) => [name, suits]),
    );
  };
  const all = { 'local.custom': true, 'shared.custom': true, 'zone.custom': true };
  expect(suitable(vm)).toMatchObject(all);
  const { storagePools } = simulator.world;
  const local = storagePools.all().find(({ name }) => name.startsWith('host3-local'))!;
  world.admin.done('enableStorageMaintenance', { id: local.id });
  expect(suitable(vm)).toMatchObject({ ...all, 'local.custom': false });
  for (const pool of storagePools.all()) storagePools.change(pool, { sizeBytes: 2 ** 30 });
  expect(suitable(vm)).toMatchObject({ 'DO1 - Small STD': false, 'shared.custom': true });
  // Of a VM that never ran nothing is said.
  const fresh = deployed(world, user, { startvm: false })['id'] as string;
  expect(suitable(fresh)).toMatchObject({ 'local.custom': undefined });
  expect(user.call('listDiskOfferings', { name: 'local.custom' })['diskoffering']).toMatchObject([
    { name: 'local.custom' },
  ]);
  const { accountId } = simulator.userWithRole('Admin');
  simulator.world.vms.change(simulator.world.vms.require(fresh), { accountId });
  expect(user.fails('listDiskOfferings', { virtualmachineid: fresh }).httpStatus).toBe(531);
  world.admin.done('destroyVirtualMachine', { id: vm, expunge: true });
  expect(user.fails('listDiskOfferings', { virtualmachineid: vm })).toMatchObject({
    httpStatus: 431,
    errortext: 'Unable to find the VM instance with the specified ID',
  });
});

test('the disks of a destroyed VM stay on their host, and the next VM follows them there', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const disk = diskOn(world, 'host2', 'local.custom');
  const first = vmOn(world, 'host2', 'm1.local');
  attached(user, disk, first);
  const home = poolNameOf(world, disk);
  user.done('destroyVirtualMachine', { id: first });
  expect(listedVolume(user, disk)).toMatchObject({ state: 'Ready' });
  expect(listedVolume(user, disk)).not.toHaveProperty('virtualmachineid');
  expect(poolNameOf(world, disk)).toBe(home);
  const values = deployment(world, { startvm: false }, 'm1.local');
  const { id: next } = user.run('deployVirtualMachine', values);
  attached(user, disk, next!);
  user.done('startVirtualMachine', { id: next! });
  expect(hostNameOf(world, next!)).toBe('host2');
  // Where it runs it can have the disk taken and given again.
  user.done('detachVolume', { id: disk });
  expect(attached(user, disk, next!)).toMatchObject({ state: 'Ready', deviceid: 1 });
  assertSound(simulator);
});

test('beside a root disk of the whole zone a local disk must be of the VM’s host', () => {
  const world = zone();
  putRootsOnZone(world);
  const disk = diskOn(world, 'host2', 'local.custom');
  const vm = vmOn(world, 'host1', 'm1.medium');
  const before = guestState(world);
  const values = { id: disk, virtualmachineid: vm };
  for (const turn of ['running', 'stopped']) {
    expect(world.user.run('attachVolume', values), turn).toMatchObject({
      status: 2,
      resultcode: 431,
      result: { errortext: "Can't move volume between scope: HOST and ZONE" },
    });
    if (turn === 'running') {
      expect(guestState(world)).toBe(before);
      world.user.done('stopVirtualMachine', { id: vm });
    }
  }
  expect(attached(world.user, disk, vmOn(world, 'host2', 'm1.medium'))['deviceid']).toBe(1);
});

test('beside a local root disk a shared one of the same cluster stays, one of another moves there', () => {
  const world = zone();
  const [near, far, zonal] = [
    diskOn(world, 'host2', 'shared.custom'),
    diskOn(world, 'host3', 'shared.custom'),
    diskOn(world, 'host3', 'zone.custom'),
  ];
  const vm = vmOn(world, 'host1', 'm1.local');
  for (const id of [near, far, zonal]) attached(world.user, id, vm);
  expect([near, far, zonal].map((id) => poolNameOf(world, id))).toEqual([
    'primary1',
    'primary1',
    'everywhere',
  ]);
  assertSound(world.simulator);
});

test('beside a root disk of the whole zone a shared one stays in the VM’s cluster, or moves to a pool of the zone', () => {
  const world = zone();
  const { user, simulator } = world;
  putRootsOnZone(world);
  const [near, far] = [
    diskOn(world, 'host1', 'shared.custom'),
    diskOn(world, 'host3', 'shared.custom'),
  ];
  const vm = vmOn(world, 'host1', 'm1.medium');
  for (const id of [near, far]) attached(user, id, vm);
  expect([near, far].map((id) => poolNameOf(world, id))).toEqual(['primary1', 'everywhere']);
  const full = simulator.world.storagePools.all().find(({ name }) => name === 'everywhere')!;
  simulator.world.storagePools.change(full, { full: true });
  const third = diskOn(world, 'host3', 'shared.custom');
  expect(user.run('attachVolume', { id: third, virtualmachineid: vm })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: 'Failed to find a storage pool with enough capacity to move the volume to.',
    },
  });
  assertSound(simulator);
});

test('a fresh local disk is made where the VM’s local root disk is, running or stopped', () => {
  const world = zone();
  const vm = vmOn(world, 'host4', 'm1.local');
  const [one, two] = [1, 2].map(() => createdVolume(world, world.user, {}, 'local.custom'));
  attached(world.user, one!, vm);
  world.user.done('stopVirtualMachine', { id: vm });
  attached(world.user, two!, vm);
  for (const id of [one!, two!]) expect(poolNameOf(world, id)).toMatch(/^host4-local-/);
  world.user.done('startVirtualMachine', { id: vm });
  expect(hostNameOf(world, vm)).toBe('host4');
});

test('for a VM that never ran, but has a disk that exists, a fresh one is made on the cluster’s first host, whatever comes of that', () => {
  const world = zone();
  const { user, simulator } = world;
  const existing = diskOn(world, 'host4', 'local.custom');
  const { id } = user.run('deployVirtualMachine', deployment(world, { startvm: false }));
  attached(user, existing, id!);
  const fresh = createdVolume(world, user, {}, 'local.custom');
  attached(user, fresh, id!);
  expect(poolNameOf(world, fresh)).toMatch(/^host3-local-/);
  expect(user.run('startVirtualMachine', { id: id! }).status).toBe(2);
  expect(listed(user, { id: id! })).toMatchObject({ state: 'Stopped' });
  user.done('detachVolume', { id: fresh });
  const { hosts } = simulator.world;
  for (const host of hosts.all().slice(0, 2)) hosts.move(host, 'Disable');
  user.done('startVirtualMachine', { id: id! });
  expect(hostNameOf(world, id!)).toBe('host4');
  assertSound(simulator);
});

test('there, one that finds no room on that host waits for the start of the VM', () => {
  const world = zone();
  const { user, simulator } = world;
  const existing = diskOn(world, 'host4', 'local.custom');
  const { id } = user.run('deployVirtualMachine', deployment(world, { startvm: false }));
  attached(user, existing, id!);
  const { storagePools } = simulator.world;
  const first = storagePools.all().find(({ name }) => name.startsWith('host3-local'))!;
  storagePools.change(first, { full: true });
  const fresh = createdVolume(world, user, {}, 'local.custom');
  expect(attached(user, fresh, id!)).toMatchObject({ state: 'Allocated', deviceid: 2 });
});

const kept: Readonly<Record<string, (world: TestWorld) => void>> = {
  down: ({ simulator }) => {
    const { hosts } = simulator.world;
    hosts.change(hosts.all()[1]!, { up: false });
  },
  full: ({ simulator }) => {
    const { hosts } = simulator.world;
    hosts.change(hosts.all()[1]!, { full: true });
  },
  disabled: ({ simulator }) => {
    const { hosts } = simulator.world;
    hosts.move(hosts.all()[1]!, 'Disable');
  },
};

for (const [how, keepFrom] of Object.entries(kept)) {
  test(`a VM with local disks does not start elsewhere when its host is ${how}`, () => {
    const world = testSimulator();
    const { user } = world;
    const ran = vmOn(world, 'host2', 'm1.local');
    user.done('stopVirtualMachine', { id: ran });
    const disk = diskOn(world, 'host2', 'local.custom');
    const { id: fresh } = user.run('deployVirtualMachine', deployment(world, { startvm: false }));
    attached(user, disk, fresh!);
    keepFrom(world);
    const before = guestState(world);
    for (const [id, resultcode, text] of [
      [ran, 530, `Unable to start a VM [${ran}] due to [Unable to create a deployment for VM `],
      [fresh!, 533, 'No destination found for a deployment for VM '],
    ] as const) {
      const refused = user.run('startVirtualMachine', { id });
      expect(refused).toMatchObject({ status: 2, resultcode });
      expect(String(refused.result['errortext']).startsWith(text)).toBe(true);
      expect(refused.result['errortext']).not.toContain('affinity');
    }
    expect(guestState(world)).toBe(before);
  });
}

test('nor when an affinity group keeps it from its host, which the text mentions', () => {
  const world = testSimulator();
  const { user } = world;
  const apart = group(user, 'apart');
  vmOn(world, 'host2', 'm1.small', { affinitygroupids: apart });
  const disk = diskOn(world, 'host2', 'local.custom');
  const vm = deployed(world, user, { startvm: false, affinitygroupids: apart })['id'] as string;
  attached(user, disk, vm);
  const refused = user.run('startVirtualMachine', { id: vm });
  expect(refused.resultcode).toBe(533);
  expect(refused.result['errortext']).toMatch(
    /, Please check the affinity groups provided, there may not be sufficient capacity to follow them$/,
  );
  user.done('detachVolume', { id: disk });
  user.done('startVirtualMachine', { id: vm });
  expect(hostNameOf(world, vm)).not.toBe('host2');
});
