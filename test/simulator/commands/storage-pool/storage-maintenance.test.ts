// Proves what maintenance of a pool does: the VMs that use it stop, nothing new is put there and
// nothing starts from there, and when it is canceled they run again; which pools it takes, in which
// state it leaves one whose VMs do not stop, and how the planner goes around a pool in maintenance.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { snapshotOf } from '../../../support/simulator-snapshots.js';
import { deployed, deployment, listed } from '../../../support/simulator-vms.js';
import {
  attached,
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const ENABLE = 'enableStorageMaintenance';
const CANCEL = 'cancelStorageMaintenance';

function poolId({ simulator }: TestWorld, name: string): string {
  return simulator.world.storagePools.all().find((pool) => pool.name.startsWith(name))!.id;
}

function stateOf(world: TestWorld, id: string): unknown {
  return (world.admin.call('listStoragePools', { id })['storagepool'] as Reply[])[0]!['state'];
}

/** Two pools of one cluster; the first one gets all volumes as long as it can. */
function twoPools(): TestWorld {
  return testSimulator({
    settings: { 'volume.allocation.algorithm': 'firstfit' },
    world: storageWorld({
      pods: [
        {
          name: 'pod1',
          clusters: [
            cluster('cluster1', ['host1', 'host2'], {
              pools: [
                { name: 'first', sizeGib: 1_000 },
                { name: 'second', sizeGib: 1_000 },
              ],
            }),
          ],
        },
      ],
    }),
  });
}

test('the VMs that use the pool stop, those that do not run on, and all run again in the end', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const id = poolId(world, 'first');
  const [here, stopped] = [deployed(world, user), deployed(world, user)];
  user.done('stopVirtualMachine', { id: stopped['id'] });
  const local = user.done('deployVirtualMachine', deployment(world, {}, 'm1.local'));
  const elsewhere = (local['virtualmachine'] as Reply)['id'];
  const disk = createdVolume(world, user);
  attached(user, disk, here['id'] as string);
  expect(admin.done(ENABLE, { id })['storagepool']).toMatchObject({ id, state: 'Maintenance' });
  expect(listed(user, { id: here['id'] })).toMatchObject({ state: 'Stopped' });
  expect(listed(user, { id: elsewhere })).toMatchObject({ state: 'Running' });
  // Volumes stay where they are, as they are.
  expect(listedVolume(admin, disk)).toMatchObject({
    state: 'Ready',
    storageid: id,
    virtualmachineid: here['id'],
  });
  assertSound(simulator);
  expect(admin.done(CANCEL, { id })['storagepool']).toMatchObject({ id, state: 'Up' });
  expect(listed(user, { id: here['id'] })).toMatchObject({ state: 'Running' });
  expect(listed(user, { id: stopped['id'] })).toMatchObject({ state: 'Stopped' });
  assertSound(simulator);
});

test('a pool of the whole zone goes into maintenance with its VMs like others', () => {
  const world = testSimulator({ world: 'several-clusters' });
  const { admin, user, simulator } = world;
  const id = poolId(world, 'everywhere');
  const { serviceOfferings } = simulator.world;
  const offering = serviceOfferings.all().find(({ name }) => name === 'm1.small')!;
  serviceOfferings.change(offering, { storageTags: ['zone'] });
  const vm = deployed(world, user);
  admin.done(ENABLE, { id });
  expect([stateOf(world, id), listed(user, { id: vm['id'] })!['state']]).toEqual([
    'Maintenance',
    'Stopped',
  ]);
  admin.done(CANCEL, { id });
  expect(listed(user, { id: vm['id'] })).toMatchObject({ state: 'Running' });
  assertSound(simulator);
});

test('while VMs stop the pool prepares for maintenance, and answers by its own name', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const id = poolId(world, 'first');
  const vm = deployed(world, user);
  const sent = admin.send(ENABLE, { id });
  expect(Object.keys(sent.body)).toEqual(['prepareprimarystorageformaintenanceresponse']);
  simulator.kernel.advanceBy(1_000);
  expect(stateOf(world, id)).toBe('PrepareForMaintenance');
  expect(listed(user, { id: vm['id'] })).toMatchObject({ state: 'Running' });
  // Another one is refused meanwhile, and so is its end.
  expect(admin.run(ENABLE, { id })).toMatchObject({ status: 2, resultcode: 431 });
  simulator.kernel.advanceUntilIdle();
  expect(stateOf(world, id)).toBe('Maintenance');
  expect(Object.keys(admin.send(CANCEL, { id }).body)).toEqual([
    'cancelprimarystoragemaintenanceresponse',
  ]);
  simulator.kernel.advanceUntilIdle();
  expect(listed(user, { id: vm['id'] })).toMatchObject({ state: 'Running' });
});

test('only a pool that is up goes into maintenance, and only one that is in it comes back', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const id = poolId(world, 'first');
  const { internalId } = simulator.world.storagePools.require(id);
  const text = `StoragePool {"id":${internalId},"name":"first","poolType":"NetworkFilesystem","uuid":"${id}"}`;
  const errorOf = (command: string): unknown => {
    const { resultcode, result } = admin.run(command, { id });
    return [resultcode, result['errortext']];
  };
  expect(errorOf(CANCEL)).toEqual([
    530,
    `Primary storage ${text} is not ready to complete migration, as the status is:Up`,
  ]);
  admin.done(ENABLE, { id });
  expect(errorOf(ENABLE)).toEqual([
    431,
    `Primary storage ${text} is not ready for migration, as the status is:Maintenance`,
  ]);
  expect(user.fails(ENABLE, { id }).httpStatus).toBe(432);
  expect(admin.fails(ENABLE).errortext).toContain('missing parameter id');
  assertSound(simulator);
});

test('a VM that a job works on stops after that job', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const id = poolId(world, 'first');
  const vm = user.call('deployVirtualMachine', deployment(world));
  simulator.kernel.advanceBy(2_500);
  admin.call(ENABLE, { id });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(vm['jobid']).status).toBe(1);
  expect(listed(user, { id: vm['id'] })).toMatchObject({ state: 'Stopped' });
  expect(stateOf(world, id)).toBe('Maintenance');
  assertSound(simulator);
});

test('a VM that cannot be stopped leaves the pool in ErrorInMaintenance, from where both ways lead', () => {
  const world = twoPools();
  const { admin, simulator } = world;
  const { world: zone } = simulator;
  const id = poolId(world, 'first');
  simulator.setFaults([
    { when: { command: 'deployVirtualMachine' }, then: { effect: 'vm-stuck-in-starting' } },
  ]);
  const { id: vmId } = world.user.run('deployVirtualMachine', deployment(world));
  expect(zone.vms.require(vmId!).state).toBe('Starting');
  const failed = admin.run(ENABLE, { id });
  expect(failed).toMatchObject({ status: 2, resultcode: 530 });
  expect(failed.result['errortext']).toMatch(/^We cannot stop VM instance .* in state Starting$/);
  expect(stateOf(world, id)).toBe('ErrorInMaintenance');
  expect(admin.run(ENABLE, { id }).status).toBe(2);
  for (const host of zone.hosts.all()) zone.hosts.change(host, { up: false });
  // No host has to know of it, and nothing is stopped.
  expect(admin.done(ENABLE, { id })['storagepool']).toMatchObject({ state: 'Maintenance' });
  admin.done(CANCEL, { id });
  admin.done(ENABLE, { id });
  expect(stateOf(world, id)).toBe('Maintenance');
  admin.done(CANCEL, { id });
  for (const host of zone.hosts.all()) zone.hosts.change(host, { up: true });
  expect(admin.run(ENABLE, { id }).status).toBe(2);
  expect(admin.done(CANCEL, { id })['storagepool']).toMatchObject({ state: 'Up' });
});

test('nothing new is put on a pool in maintenance, and no volume moves there', () => {
  const world = twoPools();
  const { admin, user } = world;
  const [first, second] = [poolId(world, 'first'), poolId(world, 'second')];
  admin.done(ENABLE, { id: first });
  const vm = deployed(world, user);
  const disk = createdVolume(world, user);
  attached(user, disk, vm['id'] as string);
  expect(listedVolume(admin, disk)).toMatchObject({ storageid: second });
  user.done('detachVolume', { id: disk });
  expect(admin.run('migrateVolume', { volumeid: disk, storageid: first })).toMatchObject({
    resultcode: 431,
    result: {
      errortext: expect.stringMatching(
        /^Cannot migrate volume Volume \{.*\}to the destination storage pool first as the storage pool is in maintenance mode\.$/,
      ) as unknown,
    },
  });
});

test('a VM whose shared disks are on a pool in maintenance starts from another one, to which they move', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const [first, second] = [poolId(world, 'first'), poolId(world, 'second')];
  const vm = deployed(world, user);
  admin.done(ENABLE, { id: first });
  simulator.world.settings.set('enable.storage.migration', false);
  expect(user.run('startVirtualMachine', { id: vm['id'] })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: expect.stringMatching(
        /^Unable to orchestrate the start of VM instance /,
      ) as unknown,
    },
  });
  simulator.world.settings.set('enable.storage.migration', true);
  user.done('startVirtualMachine', { id: vm['id'] });
  const [root] = simulator.world.volumes.where('vmId', vm['id'] as string);
  expect(root).toMatchObject({ state: 'Ready', poolId: second });
  assertSound(simulator);
  // Its end finds it running.
  admin.done(CANCEL, { id: first });
  expect(listed(user, { id: vm['id'] })).toMatchObject({ state: 'Running' });
});

test('nothing of a VM is created while one of its disks may not move', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const first = poolId(world, 'first');
  const vm = deployed(world, user)['id'] as string;
  const disk = createdVolume(world, user);
  attached(user, disk, vm);
  admin.done(ENABLE, { id: first });
  user.done('restoreVirtualMachine', { virtualmachineid: vm });
  const root = simulator.world.volumes.where('vmId', vm).find(({ deviceId }) => deviceId === 0);
  expect(root?.state).toBe('Allocated');
  simulator.world.settings.set('enable.storage.migration', false);
  expect(user.run('startVirtualMachine', { id: vm })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: expect.stringContaining('Unable to orchestrate the start of VM') as unknown,
    },
  });
  expect(root?.state).toBe('Allocated');
  assertSound(simulator);
  simulator.world.settings.set('enable.storage.migration', true);
  user.done('startVirtualMachine', { id: vm });
  expect(root?.state).toBe('Ready');
});

test('a disk that is reverted to a snapshot does not move, and its VM stays Stopped', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const vm = deployed(world, user)['id'] as string;
  user.done('stopVirtualMachine', { id: vm });
  const [root] = simulator.world.volumes.where('vmId', vm);
  const { id } = snapshotOf(user, root!.id);
  admin.done(ENABLE, { id: poolId(world, 'first') });
  user.call('revertSnapshot', { id });
  simulator.kernel.advanceBy(100);
  expect(root?.state).toBe('RevertSnapshotting');
  expect(user.run('startVirtualMachine', { id: vm })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: expect.stringContaining('Unable to orchestrate the start of VM') as unknown,
    },
  });
  expect(root?.state).toBe('Ready');
  user.done('startVirtualMachine', { id: vm });
  assertSound(simulator);
});

test('local disks do not move: their VM waits for the end of the maintenance', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  simulator.world.settings.set('cloudstack.version', '4.19.3.0');
  const { id } = user.run('deployVirtualMachine', deployment(world, {}, 'm1.local'));
  const { name } = simulator.world.hosts.require(simulator.world.vms.require(id!).hostId!);
  const pool = poolId(world, `${name}-local`);
  admin.done(ENABLE, { id: pool });
  const before = JSON.stringify(simulator.world.volumes.all());
  const refused = user.run('startVirtualMachine', { id: id! });
  expect(refused).toMatchObject({ status: 2, resultcode: 530 });
  expect(refused.result['errortext']).toMatch(
    /^Local volume \[\{"name":"ROOT-\d+","uuid":".*"\}\] cannot be recreated on storage pool \[\{"name":"host\d-local-.*"\}\], assigned by deploymentPlanner\.$/,
  );
  expect(listed(user, { id: id! })).toMatchObject({ state: 'Stopped' });
  expect(JSON.stringify(simulator.world.volumes.all())).toBe(before);
  admin.done(CANCEL, { id: pool });
  expect(listed(user, { id: id! })).toMatchObject({ state: 'Running' });
});

test('its end starts what it can, and tells which VM cannot start', () => {
  const world = twoPools();
  const { admin, user, simulator } = world;
  const id = poolId(world, 'first');
  const [gone, destroyed, rootless, held] = Array.from({ length: 4 }, () => deployed(world, user));
  admin.done(ENABLE, { id });
  admin.done('destroyVirtualMachine', { id: gone!['id'], expunge: true });
  admin.done('destroyVirtualMachine', { id: destroyed!['id'] });
  const [root] = simulator.world.volumes.where('vmId', rootless!['id'] as string);
  admin.done('detachVolume', { id: root!.id });
  const failed = admin.run(CANCEL, { id });
  expect(failed).toMatchObject({ status: 2, resultcode: 530 });
  expect(failed.result['errortext']).toMatch(
    /^com\.cloud\.exception\.ConcurrentOperationException: Unable to change the state of VM instance /,
  );
  expect(stateOf(world, id)).toBe('Up');
  admin.call('recoverVirtualMachine', { id: destroyed!['id'] });
  admin.done(ENABLE, { id });
  for (const { id: hostId } of simulator.world.hosts.all()) {
    simulator.world.hosts.move(simulator.world.hosts.require(hostId), 'Disable');
  }
  const unplaced = admin.run(CANCEL, { id });
  expect(unplaced.result['errortext']).toMatch(
    /^com\.cloud\.exception\.InsufficientServerCapacityException: Unable to create a deployment for VM instance .*Scope=interface com\.cloud\.dc\.DataCenter; id=1$/,
  );
  for (const host of simulator.world.hosts.all()) {
    simulator.world.hosts.move(host, 'Enable');
  }
  admin.done(ENABLE, { id });
  admin.done(CANCEL, { id });
  for (const vm of [destroyed, held]) {
    expect(listed(user, { id: vm!['id'] })).toMatchObject({ state: 'Running' });
  }
  expect(listed(user, { id: rootless!['id'] })).toMatchObject({ state: 'Stopped' });
  assertSound(simulator);
});

test('maintenance of one pool of a cluster does not keep another from it', () => {
  const world = twoPools();
  for (const name of ['first', 'second']) world.admin.done(ENABLE, { id: poolId(world, name) });
  expect(stateOf(world, poolId(world, 'second'))).toBe('Maintenance');
  expect(world.user.run('deployVirtualMachine', deployment(world)).resultcode).toBe(533);
});
