// Proves what the planner does in a zone of several clusters: which cluster it looks at first, that a
// VM stays where its disks are, and the trap for a VM that never ran and has a disk that exists: in
// another cluster than the disk's a new pool is planned for it, to which a shared disk moves and a
// local one does not, so that the start fails until the disk's own cluster comes first.
import { expect, test } from '@playwright/test';
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

/** A VM whose root volume all clusters of the zone reach, and the cluster that it is in. */
function inReachOfAll(world: TestWorld): { id: string; home: string } {
  const { serviceOfferings } = world.simulator.world;
  const offering = serviceOfferings.all().find(({ name }) => name === 'm1.small')!;
  serviceOfferings.change(offering, { storageTags: ['zone'] });
  const { id } = deployed(world, world.user);
  return { id: id as string, home: clusterOf(world, id) };
}

function clusterId({ simulator }: TestWorld, name: string): string {
  return simulator.world.clusters.all().find((row) => row.name === name)!.id;
}

function networkOfAdmin({ simulator }: TestWorld): string {
  return simulator.world.networks.all().find(({ name }) => name === 'NET_SHARED')!.id;
}

/** A VM of the root admin's in a cluster, for load; its CPU and memory are what the test asks. */
function fill(world: TestWorld, cluster: string, size: Values = {}): string {
  const { virtualmachine } = world.admin.done(
    'deployVirtualMachine',
    deployment(
      world,
      {
        clusterid: clusterId(world, cluster),
        networkids: networkOfAdmin(world),
        'details[0].cpuNumber': 4,
        'details[0].cpuSpeed': 2_000,
        'details[0].memory': 2_048,
        ...size,
      },
      'custom',
    ),
  );
  return (virtualmachine as Reply)['id'] as string;
}

function hostOf(world: TestWorld, id: unknown): string {
  return String(listed(world.admin, { id: id as string, listall: true })?.['hostname']);
}

function clusterOf(world: TestWorld, id: unknown): string {
  return ['host1', 'host2'].includes(hostOf(world, id)) ? 'cluster1' : 'cluster2';
}

/** A volume on a host of the cluster, of an offering; its VM is gone. */
function diskIn(world: TestWorld, cluster: string, offering: string): string {
  const id = createdVolume(world, world.user, { name: `in-${cluster}` }, offering);
  const vm = deployed(world, world.user, {
    serviceofferingid: world.simulator.world.serviceOfferings
      .all()
      .find(({ name }) => name === `m1.${cluster}`)!.id,
  });
  attached(world.user, id, vm['id'] as string);
  world.admin.done('destroyVirtualMachine', { id: vm['id'], expunge: true });
  return id;
}

function poolNameOf({ simulator }: TestWorld, volumeId: string): string {
  const { poolId } = simulator.world.volumes.require(volumeId);
  return simulator.world.storagePools.require(poolId!).name;
}

/** A VM that never ran, with a volume attached. */
function stoppedWith(world: TestWorld, volumeId: string, offering = 'm1.local'): string {
  const values = deployment(world, { startvm: false }, offering);
  const { id } = world.user.run('deployVirtualMachine', values);
  attached(world.user, volumeId, id!);
  return id!;
}

test('the cluster whose CPU is used least comes first; by the setting, whose memory is', () => {
  const world = zone();
  fill(world, 'cluster1');
  for (let n = 0; n < 2; n += 1)
    expect(clusterOf(world, deployed(world, world.user)['id'])).toBe('cluster2');
  fill(world, 'cluster2', { 'details[0].memory': 1_024 });
  fill(world, 'cluster1', { 'details[0].memory': 8_192, 'details[0].cpuNumber': 1 });
  // Of CPU cluster1 gives 10 GHz and cluster2 12, of memory 10 GiB and 5.
  expect(clusterOf(world, deployed(world, world.user)['id'])).toBe('cluster1');
  world.simulator.world.settings.set('host.capacityType.to.order.clusters', 'RAM');
  expect(clusterOf(world, deployed(world, world.user)['id'])).toBe('cluster2');
  assertSound(world.simulator);
});

test('a full cluster is passed over', () => {
  const world = zone();
  const { hosts } = world.simulator.world;
  for (const host of hosts.all().slice(0, 2)) hosts.change(host, { full: true });
  expect(clusterOf(world, deployed(world, world.user)['id'])).toBe('cluster2');
});

test('the trap: a local disk of another cluster than the one that comes first', () => {
  const world = zone();
  const { user, simulator } = world;
  const disk = diskIn(world, 'cluster2', 'local.custom');
  const home = poolNameOf(world, disk);
  const vm = stoppedWith(world, disk);
  const load = fill(world, 'cluster2');
  const before = simulator.world.volumes.where('vmId', vm).map((row) => JSON.stringify(row));
  const told = user.run('startVirtualMachine', { id: vm });
  expect(told.result['errortext']).toMatch(/^Unable to orchestrate the start of VM instance /);
  simulator.world.settings.set('cloudstack.version', '4.19.3.0');
  const refused = user.run('startVirtualMachine', { id: vm });
  expect(refused).toMatchObject({ status: 2, resultcode: 530 });
  expect(refused.result['errortext']).toMatch(
    new RegExp(
      `^Local volume \\[\\{"name":"in-cluster2","uuid":"${disk}"\\}\\] cannot be recreated on storage ` +
        'pool \\[\\{"name":"host[12]-local-.*"\\}\\], assigned by deploymentPlanner\\.$',
    ),
  );
  expect(listed(user, { id: vm })).toMatchObject({ state: 'Stopped' });
  expect(listedVolume(user, disk)).toMatchObject({ state: 'Ready', virtualmachineid: vm });
  expect(poolNameOf(world, disk)).toBe(home);
  expect(simulator.world.volumes.where('vmId', vm).map((row) => JSON.stringify(row))).toEqual(
    before,
  );
  assertSound(simulator);
  // Once the other cluster is used more, the same start leads to the disk's host.
  world.admin.done('destroyVirtualMachine', { id: load, expunge: true });
  fill(world, 'cluster1');
  user.done('startVirtualMachine', { id: vm });
  expect(home.startsWith(hostOf(world, vm))).toBe(true);
  assertSound(simulator);
});

test('out of the trap: a root admin names the cluster, or the offering’s host tag keeps to it', () => {
  const world = zone();
  const { admin, user } = world;
  const [first, second] = [1, 2].map(() => diskIn(world, 'cluster2', 'local.custom'));
  fill(world, 'cluster2');
  const named = stoppedWith(world, first!);
  admin.done('startVirtualMachine', { id: named, clusterid: clusterId(world, 'cluster2') });
  expect(poolNameOf(world, first!).startsWith(hostOf(world, named))).toBe(true);
  const tagged = stoppedWith(world, second!, 'm1.cluster2');
  user.done('startVirtualMachine', { id: tagged });
  expect(poolNameOf(world, second!).startsWith(hostOf(world, tagged))).toBe(true);
  assertSound(world.simulator);
});

test('a shared disk moves to the cluster where its VM starts, one of the whole zone stays', () => {
  const world = zone();
  const { user, simulator } = world;
  const shared = diskIn(world, 'cluster2', 'shared.custom');
  const zonal = diskIn(world, 'cluster2', 'zone.custom');
  expect([poolNameOf(world, shared), poolNameOf(world, zonal)]).toEqual(['primary2', 'everywhere']);
  const vm = stoppedWith(world, shared);
  attached(user, zonal, vm);
  fill(world, 'cluster2');
  user.done('startVirtualMachine', { id: vm });
  expect(clusterOf(world, vm)).toBe('cluster1');
  expect([poolNameOf(world, shared), poolNameOf(world, zonal)]).toEqual(['primary1', 'everywhere']);
  assertSound(simulator);
});

test('without storage migration the shared disk stays, and the VM Stopped', () => {
  const world = zone();
  world.simulator.world.settings.set('cloudstack.version', '4.19.3.0');
  world.simulator.world.settings.set('enable.storage.migration', false);
  const vm = stoppedWith(world, diskIn(world, 'cluster2', 'shared.custom'));
  fill(world, 'cluster2');
  expect(world.user.run('startVirtualMachine', { id: vm })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Cannot migrate volumes. Volume Migration is disabled.' },
  });
  expect(listed(world.user, { id: vm })).toMatchObject({ state: 'Stopped' });
});

test('a VM that ran stays in the cluster of its disks, however full that is', () => {
  const world = zone();
  const { admin, user, simulator } = world;
  const { hosts } = simulator.world;
  for (const offering of ['m1.small', 'm1.cluster2']) {
    const { id } = user.run('deployVirtualMachine', deployment(world, {}, offering));
    const home = clusterOf(world, id);
    user.done('stopVirtualMachine', { id: id! });
    const own = hosts.where('clusterId', clusterId(world, home));
    for (const host of own) hosts.change(host, { full: true });
    const before = guestState(world);
    const refused = user.run('startVirtualMachine', { id: id! });
    expect(refused).toMatchObject({ status: 2, resultcode: 530 });
    expect(refused.result['errortext']).toContain('Unable to create a deployment for VM instance ');
    expect(guestState(world)).toBe(before);
    for (const host of own) hosts.change(host, { full: false });
    admin.done('startVirtualMachine', { id: id! });
    expect(clusterOf(world, id)).toBe(home);
  }
});

test('a VM that ran stays where a disk of it is, also with its root volume in reach of all of the zone', () => {
  const world = zone();
  const { user, simulator } = world;
  const { hosts } = simulator.world;
  const { id, home } = inReachOfAll(world);
  attached(user, createdVolume(world, user, {}, 'shared.custom'), id);
  user.done('stopVirtualMachine', { id });
  const own = hosts.where('clusterId', clusterId(world, home));
  for (const host of own) hosts.change(host, { full: true });
  const refused = user.run('startVirtualMachine', { id });
  expect(refused.result['errortext']).toContain('Unable to create a deployment for VM instance ');
  for (const host of own) hosts.change(host, { full: false });
  user.done('startVirtualMachine', { id });
  expect(clusterOf(world, id)).toBe(home);
  assertSound(simulator);
});

test('a VM whose disks all of the zone reaches may start in another cluster', () => {
  const world = zone();
  const { user, simulator } = world;
  const { hosts } = simulator.world;
  const { id, home } = inReachOfAll(world);
  user.done('stopVirtualMachine', { id });
  for (const host of hosts.where('clusterId', clusterId(world, home))) {
    hosts.move(host, 'Disable');
  }
  user.done('startVirtualMachine', { id });
  expect(clusterOf(world, id)).not.toBe(home);
  assertSound(simulator);
});
