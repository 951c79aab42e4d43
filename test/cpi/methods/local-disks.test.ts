// Proves that whoever asks for a disk on the local storage of another host is told what an operator
// can do, and that the disk stays as it is; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { sharedNetwork } from '../../crash/several-nic-scenarios.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { forceState } from '../../support/simulator-snapshots.js';
import { impatient } from '../support/impatience.js';
import { hurriedClock } from '../support/virtual-clock.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const usersMayExpunge = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };

/** VMs of one strict group are on different hosts. */
function numbered(number: number, properties: object, disks: string[] = []): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { private: manualNetwork(`10.203.6.${50 + number}`) },
    properties: { affinity_group: 'apart', ...properties },
    disks,
  });
}

async function create(zone: CpiZone, request: unknown[]): Promise<string> {
  return ((await zone.result('create_vm', request)) as [string])[0];
}

/** A disk that has been used on the host of a VM, and is detached. */
async function localDisk(zone: CpiZone, vm: string): Promise<string> {
  const args = [1024, { disk_offering: 'local.custom' }, vm];
  const disk = (await zone.result('create_disk', args)) as string;
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  return disk;
}

for (const [storage, offering] of [
  ['local', 'm1.local'],
  ['shared', 'm1.small'],
] as const) {
  test(`a local disk cannot follow a VM on ${storage} storage elsewhere: what helps is told`, async () => {
    await using zone = await startZone();
    const properties = { compute_offering: offering };
    const first = await create(zone, numbered(1, properties));
    const second = await create(zone, numbered(2, properties));
    const disk = await localDisk(zone, first);
    const before = zone.holdings();
    const error = await zone.error('attach_disk', [second, disk]);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toMatch(
      new RegExp(`${disk}.*${second}.*local storage of another host.*bosh recreate.*migrateVolume`),
    );
    expect(error.message).toMatch(/local data volume|between scope: HOST/);
    expect(zone.holdings()).toEqual(before);
    expect(await zone.result('attach_disk', [first, disk])).toHaveProperty('path');
  });
}

test('a VM follows its local disk to the host where that is, of several', async () => {
  await using zone = await startZone();
  const hosts = new Map<string, string | null>();
  const vms = [];
  for (const number of [1, 2, 3]) vms.push(await create(zone, numbered(number, {})));
  const disks = [];
  for (const vm of vms) {
    const disk = await localDisk(zone, vm);
    hosts.set(disk, zone.simulator.world.vms.require(vm).hostId);
    disks.push(disk);
  }
  for (const vm of vms) await zone.result('delete_vm', [vm]);
  for (const [index, disk] of disks.reverse().entries()) {
    const vm = await create(zone, numbered(4 + index, { affinity_group: '' }, [disk]));
    expect(zone.simulator.world.vms.require(vm).hostId).toBe(hosts.get(disk));
  }
  expect(new Set(hosts.values()).size).toBe(3);
});

test('disks of two hosts, which no VM can have, are named, and stay as they are', async () => {
  await using zone = await startZone({}, 'direct');
  const vms = [await create(zone, numbered(1, {})), await create(zone, numbered(2, {}))];
  const disks = [];
  for (const vm of vms) disks.push(await localDisk(zone, vm));
  for (const vm of vms) await zone.result('delete_vm', [vm]);
  const error = await zone.error('create_vm', numbered(3, {}, disks));
  expect(error.message).toMatch(
    new RegExp(`its disks .*${disks[0]}.*${disks[1]}.* are .no VM can have disks of two hosts`),
  );
  for (const disk of disks) {
    expect(zone.simulator.world.volumes.require(disk)).toMatchObject({
      state: 'Ready',
      vmId: null,
    });
  }
});

test('a host without room for the VM of its disk is told, and the call may be tried again', async () => {
  const world = structuredClone(usersMayExpunge);
  for (const host of world.zones[0]!.pods[0]!.clusters[0]!.hosts) host.memoryMib = 3_072;
  await using zone = await startZone({ world });
  const small = { compute_offering: 'CO1 - Small STD' };
  const vm = await create(zone, numbered(1, small));
  const disk = await localDisk(zone, vm);
  const before = zone.holdings();
  const request = numbered(2, { compute_offering: 'm1.medium', affinity_group: '' }, [disk]);
  const error = await zone.error('create_vm', request);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).toMatch(new RegExp(`on whose local storage its disk .*${disk}.*no room`));
  expect(zone.holdings()).toEqual(before);
  expect(at(zone.user.call('listVolumes', { id: disk }), 'volume', 0)).not.toHaveProperty(
    'virtualmachineid',
  );
});

test('a VM without local disks that finds no room is not told of any', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  zone.simulator.setFaults([
    { when: { command: 'startVirtualMachine' }, then: { effect: 'capacity-gone', of: 'hosts' } },
  ]);
  const error = await zone.error('create_vm', vmArguments());
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).not.toContain('local storage');
});

test('a VM follows a disk that an earlier call is taking off another VM', async () => {
  await using zone = await startZone({}, 'direct');
  const vms = [];
  for (const number of [1, 2, 3]) vms.push(await create(zone, numbered(number, {})));
  const disks = [];
  for (const vm of vms) disks.push(await localDisk(zone, vm));
  for (const [index, disk] of disks.entries()) {
    await zone.result('attach_disk', [vms[index], disk]);
    // As after a detach_disk that was killed; nothing of the disk tells of it.
    zone.user.call('detachVolume', { id: disk });
    const args = numbered(4 + index, { affinity_group: '' }, [disk]);
    const vm = await create(zone, args);
    zone.simulator.kernel.advanceUntilIdle();
    const { world } = zone.simulator;
    expect(world.volumes.require(disk).vmId).toBe(vm);
    expect(world.vms.require(vm).hostId).toBe(world.vms.require(vms[index]!).hostId);
  }
});

test('a VM follows a disk of which a snapshot is taken when that is over', async () => {
  await using zone = await startZone({}, 'direct');
  const { volumes } = zone.simulator.world;
  const vm = await create(zone, numbered(1, {}));
  const disk = await localDisk(zone, vm);
  await zone.result('delete_vm', [vm]);
  forceState(zone, disk, 'Snapshotting');
  zone.onDiagnostic((line) => {
    if (!line.includes(`disk ${disk} is Snapshotting; waiting`)) return;
    volumes.move(volumes.require(disk), 'OperationSucceeded');
  });
  const next = await create(zone, numbered(2, {}, [disk]));
  expect(volumes.require(disk)).toMatchObject({ state: 'Ready', vmId: next });
});

test('a disk that CloudStack does not end its work on keeps no VM from being made', async () => {
  await using zone = await startZone({}, 'direct');
  const vm = await create(zone, numbered(1, {}));
  const disk = await localDisk(zone, vm);
  await zone.result('delete_vm', [vm]);
  forceState(zone, disk, 'Migrating');
  const options = impatient({ state_timeout_volume: 1 });
  await zone.result('create_vm', numbered(2, {}, [disk]), options);
  expect(zone.diagnostics.join('\n')).toMatch(
    new RegExp(`warning: local disk ${disk} is not attached before the start: .*Migrating`),
  );
  expect(zone.simulator.world.volumes.require(disk)).toMatchObject({
    state: 'Migrating',
    vmId: null,
  });
});

test('a disk whose detachment fails stays where it is, and a lesser role does not wait', async () => {
  await using zone = await startZone({}, 'direct');
  const first = await create(zone, numbered(1, {}));
  const disk = await localDisk(zone, first);
  await zone.result('attach_disk', [first, disk]);
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'detachVolume', times: 1 },
      then: { effect: 'job-fails', text: 'no path to the host' },
    },
  ]);
  zone.user.call('detachVolume', { id: disk });
  await create(zone, numbered(2, {}, [disk]));
  expect(zone.simulator.world.volumes.require(disk).vmId).toBe(first);
  zone.user.call('detachVolume', { id: disk });
  const args = numbered(3, {}, [disk]);
  await zone.result('create_vm', args, { refuse: 'listAsyncJobs' });
  expect(zone.diagnostics.join()).toMatch(
    new RegExp(`warning: what earlier calls have ordered for disk ${disk} is not waited for`),
  );
});

test('a detachment that never ends keeps no VM from being made, nor are shared disks waited for', async () => {
  await using zone = await startZone({}, 'direct');
  const first = await create(zone, numbered(1, {}));
  const local = await localDisk(zone, first);
  const shared = String(
    await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, first]),
  );
  for (const disk of [local, shared]) await zone.result('attach_disk', [first, disk]);
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'detachVolume' },
      then: { effect: 'job-never-ends' },
    },
  ]);
  for (const id of [local, shared]) zone.user.call('detachVolume', { id });
  const options = { properties: { state_timeout_volume: 60 }, clock: hurriedClock() };
  zone.diagnostics.length = 0;
  const args = numbered(2, {}, [local, shared]);
  const [second] = (await zone.result('create_vm', args, options)) as [string];
  expect(zone.simulator.world.vms.require(second).state).toBe('Running');
  const told = zone.diagnostics.join('\n');
  expect(told).toMatch(
    new RegExp(`detachment of volume ${local} by an earlier call.* after [56]\\d s`),
  );
  expect(told).toMatch(
    new RegExp(`warning: local disk ${local} is attached to VM .*${first}.* stays there for now`),
  );
  expect(told).not.toContain(shared);
  expect(zone.simulator.world.volumes.require(local).vmId).toBe(first);
});

/** A zone of two clusters, with a disk in the one that CloudStack does not look at first. */
async function besideTheWay(as: 'Admin' | 'User'): Promise<CpiZone & { readonly disk: string }> {
  const zone = await startZone({ world: 'several-clusters' }, 'direct');
  const request = anywhere(1, [], 'm1.cluster2');
  const [vm] = (await zone.result('create_vm', request, { as })) as [string];
  const args = [1024, { disk_offering: 'local.custom' }, vm];
  const disk = String(await zone.result('create_disk', args, { as }));
  await zone.result('attach_disk', [vm, disk], { as });
  await zone.result('detach_disk', [vm, disk], { as });
  // It stays, so that its cluster is used more than the other one.
  return Object.assign(zone, { disk });
}

/** In a network that root admins have, too. */
function anywhere(number: number, disks: string[], offering = 'm1.local'): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { n: sharedNetwork(`10.204.0.${50 + number}`) },
    properties: { compute_offering: offering },
    disks,
  });
}

function hostsOfDisk({ simulator }: CpiZone, disk: string): readonly string[] {
  const { hosts, storagePools, volumes } = simulator.world;
  const pool = storagePools.require(volumes.require(disk).poolId ?? '');
  return hosts.all().flatMap(({ id, name }) => (pool.name.startsWith(name) ? [id] : []));
}

test('a disk in a cluster at which CloudStack does not look is told with what helps', async () => {
  await using zone = await besideTheWay('User');
  const { disk } = zone;
  const error = await zone.error('create_vm', anywhere(2, [disk]));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).toMatch(
    new RegExp(`its disk disk-.* \\(${disk}\\) is\\..*several clusters.*host tags.*migrateVolume`),
  );
  expect(zone.simulator.world.volumes.require(disk)).toMatchObject({ vmId: null, state: 'Ready' });
  // As the message says.
  const vm = await create(zone, anywhere(3, [disk], 'm1.cluster2'));
  expect(hostsOfDisk(zone, disk)).toEqual([zone.simulator.world.vms.require(vm).hostId]);
});

test('the same with storage tags that only local storage of the cluster has', async () => {
  await using zone = await besideTheWay('User');
  const { disk } = zone;
  const { diskOfferings, storagePools, volumes } = zone.simulator.world;
  const { poolId, diskOfferingId } = volumes.require(disk);
  storagePools.change(storagePools.require(poolId ?? ''), { tags: ['second'] });
  diskOfferings.change(diskOfferings.require(diskOfferingId ?? ''), { storageTags: ['second'] });
  const vm = await create(zone, anywhere(2, [disk]));
  expect(hostsOfDisk(zone, disk)).toEqual([zone.simulator.world.vms.require(vm).hostId]);
});

test('a root admin, who is told the cluster of the disk, has the VM started there', async () => {
  await using zone = await besideTheWay('Admin');
  const { disk } = zone;
  const request = anywhere(2, [disk]);
  const [vm] = (await zone.result('create_vm', request, { as: 'Admin' })) as [string];
  expect(hostsOfDisk(zone, disk)).toEqual([zone.simulator.world.vms.require(vm).hostId]);
});

const WHY_NOT = {
  '4.19':
    'Local volume [{"name":"d"}] cannot be recreated on storage pool [{"name":"p"}], assigned by deploymentPlanner.',
  '4.20': 'Unable to orchestrate the start of VM instance {"instanceName":"i-2-4-VM","uuid":"u"}.',
};

for (const [release, text] of Object.entries(WHY_NOT)) {
  test(`a start that may have looked in the wrong cluster is tried again, as ${release} tells it`, async () => {
    await using zone = await startZone();
    const vm = await create(zone, numbered(1, {}));
    const disk = await localDisk(zone, vm);
    await zone.result('delete_vm', [vm]);
    const failOnce = (): void => {
      zone.simulator.setFaults([
        {
          when: { command: 'startVirtualMachine', phase: 'job-step', step: 1, nth: 1 },
          then: { effect: 'job-fails', text },
        },
      ]);
    };
    failOnce();
    const followed = await create(zone, numbered(2, { affinity_group: '' }, [disk]));
    expect(zone.simulator.faults[0]).toMatchObject({ fired: 1 });
    expect(zone.simulator.world.vms.require(followed).state).toBe('Running');
  });
}
