// Proves that resizeVolume changes the size of volumes by itself or with the offering, what it asks
// of states, storage, hypervisors and signatures, and that it calls invalid what CloudStack does.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  readyVolume,
} from '../../../support/simulator-snapshots.js';
import { deployed, diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import {
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

test('a volume that was never attached only gets another size, larger or smaller', () => {
  const world = testSimulator();
  const { user } = world;
  const id = createdVolume(world, user);
  expect(user.done('resizeVolume', { id, size: 20 })['volume']).toMatchObject({
    id,
    size: 20 * GIB,
    state: 'Allocated',
  });
  expect(user.done('resizeVolume', { id, size: 5, shrinkok: true })['volume']).toMatchObject({
    size: 5 * GIB,
  });
});

test('a volume on a pool is Resizing meanwhile, and nobody can use or delete it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: vmid } = deployed(world, user);
  const id = readyVolume(world, user);
  const { jobid } = user.call('resizeVolume', { id, size: 20 });
  simulator.kernel.advanceBy(50);
  expect(listedVolume(user, id)).toMatchObject({ state: 'Resizing', size: 10 * GIB, jobstatus: 0 });
  assertSound(simulator);
  expect(refusedUnchanged(world, user, 'deleteVolume', { id })).toMatchObject({ httpStatus: 530 });
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid: id }).errortext).toMatch(
    /but Resizing\. Cannot/,
  );
  const { jobid: attachment } = user.call('attachVolume', { id, virtualmachineid: vmid });
  const { jobid: second } = user.call('resizeVolume', { id, size: 30 });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['volume']).toMatchObject({ state: 'Ready', size: 20 * GIB });
  expect(user.job(attachment).result).toMatchObject({ errorcode: 431 });
  expect(user.job(second).result).toEqual({
    errorcode: 432,
    errortext: `Volume should be in ready or allocated state before attempting a resize. Volume ${id} is in state Resizing.`,
  });
  assertSound(simulator);
});

test('a volume of a running VM grows on KVM, and waits for what the VM does', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id, vmId } = attachedVolume(world, user);
  const stop = user.call('stopVirtualMachine', { id: vmId });
  const resize = user.call('resizeVolume', { id, size: 11 });
  simulator.kernel.advanceUntilIdle();
  expect([stop, resize].map(({ jobid }) => user.job(jobid).status)).toEqual([1, 1]);
  user.done('startVirtualMachine', { id: vmId });
  expect(user.done('resizeVolume', { id, size: 12 })['volume']).toMatchObject({
    size: 12 * GIB,
    virtualmachineid: vmId,
  });
});

test('without a size the volume keeps its own', () => {
  const world = testSimulator();
  const id = readyVolume(world, world.user);
  expect(world.user.done('resizeVolume', { id })['volume']).toMatchObject({ size: 10 * GIB });
});

test('shrinking is never possible on KVM, and needs a signature before', () => {
  const world = testSimulator();
  const { user } = world;
  const ready = readyVolume(world, user);
  for (const shrinkok of [true, false]) {
    expect(refusal(world, { id: ready, size: 5, shrinkok })).toBe(
      'Unable to shrink volumes of type QCOW2',
    );
  }
  const fresh = createdVolume(world, user);
  expect(refusal(world, { id: fresh, size: 5 })).toBe(
    `Going from existing size of ${10 * GIB} to size of ${5 * GIB} would shrink the volume.Need to sign off by supplying the shrinkok parameter with value of true.`,
  );
});

test('a custom offering has a range, and no volume is larger than the largest', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const id = readyVolume(world, user);
  expect(refusal(world, { id, size: 2_000 })).toBe(
    'Volume size: 2000 GB is out of allowed range. Min: 1. Max: 1024',
  );
  expect(refusal(world, { id, size: 0 })).toMatch(/^Volume size: 0 GB is out of allowed range/);
  simulator.world.settings.set('custom.diskoffering.size.max', 5_000);
  expect(refusal(world, { id, size: 2_001 })).toMatch(
    /^Requested volume size is .*, but the maximum size allowed is 2000 GB\.$/,
  );
});

test('a volume of a fixed offering may get any size, too', () => {
  const world = testSimulator();
  const { user } = world;
  const vm = deployed(world, user);
  const id = fixedVolume(world);
  user.done('attachVolume', { id, virtualmachineid: vm['id'] });
  expect(user.done('resizeVolume', { id, size: 33 })['volume']).toMatchObject({ size: 33 * GIB });
  expect(refusal(world, { id, size: -1 })).toBe('Please specify a size of at least 1 GB.');
});

test('with a new offering the size is the fixed one, or must be given', () => {
  const world = testSimulator();
  const { user } = world;
  const id = readyVolume(world, user);
  const fixed = diskOfferingId(world, 'DO1 - Small STD');
  const custom = diskOfferingId(world, 'shared.custom');
  // What resizes forgets the offering; what has nothing to resize takes it.
  for (const diskofferingname of ['shared.custom', 'DO1 - Small STD']) {
    expect(user.done('resizeVolume', { id, diskofferingid: fixed })['volume']).toMatchObject({
      size: 20 * GIB,
      diskofferingname,
    });
  }
  expect(refusal(world, { id, diskofferingid: custom })).toBe(
    'The new disk offering requires that a size be specified.',
  );
  expect(
    user.done('resizeVolume', { id, diskofferingid: custom, size: 20 })['volume'],
  ).toMatchObject({ size: 20 * GIB, diskofferingname: 'shared.custom' });
});

test('the storage tags of both offerings must be the same', () => {
  const world = testSimulator({ world: storageWorld({}) });
  const { user } = world;
  const plain = createdVolume(world, user);
  const tagged = createdVolume(world, user, {}, 'fast.custom');
  const offering = (name: string): Values => ({
    diskofferingid: diskOfferingId(world, name),
    size: 10,
  });
  expect(refusal(world, { id: plain, ...offering('fast.custom') })).toBe(
    'There are no tags on the current disk offering. The new disk offering needs to have no tags, as well.',
  );
  expect(refusal(world, { id: tagged, ...offering('shared.custom') })).toBe(
    'The tags on the new and old disk offerings must match.',
  );
});

test('a pool without room is told with a way out', () => {
  const world = testSimulator({
    world: storageWorld({
      pods: [
        {
          name: 'pod1',
          clusters: [cluster('cluster1', ['host1'], { pools: [{ name: 'p', sizeGib: 40 }] })],
        },
      ],
    }),
  });
  const { user } = world;
  const { id } = attachedVolume(world, user);
  const outcome = user.run('resizeVolume', { id, size: 100 });
  expect(outcome).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext: `Failed to resize volume ${id} since the storage pool does not have enough space to accommodate new size for the volume disk, try with automigrate set to true in order to check in the other suitable pools for the new size and then migrate & resize volume there.`,
    },
  });
  assertSound(world.simulator);
});

test('room that is gone by the end of the resize fails it, and the volume stays as it was', () => {
  const world = testSimulator({
    world: storageWorld({
      pods: [
        {
          name: 'pod1',
          clusters: [cluster('cluster1', ['host1'], { pools: [{ name: 'p', sizeGib: 50 }] })],
        },
      ],
    }),
  });
  const { user, simulator } = world;
  const ids = [readyVolume(world, user), readyVolume(world, user)];
  const jobs = ids.map((id) => user.call('resizeVolume', { id, size: 22 })['jobid']);
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).status)).toEqual([1, 2]);
  expect(user.job(jobs[1]).result['errortext']).toMatch(
    /^Failed to resize volume operation of volume UUID: \[.*\] due to - /,
  );
  expect(listedVolume(user, ids[1]!)).toMatchObject({ state: 'Ready', size: 10 * GIB });
  assertSound(simulator);
});

test('a volume with a snapshot on its way is refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  allowRunningSnapshots(world);
  const { id } = attachedVolume(world, user);
  user.call('createSnapshot', { volumeid: id, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  const { jobid } = user.call('resizeVolume', { id, size: 20 });
  simulator.kernel.advanceBy(60);
  expect(user.job(jobid)).toMatchObject({
    resultcode: 530,
    result: {
      errortext:
        'There is/are unbacked up snapshot(s) on this volume, resize volume is not permitted, please try again later.',
    },
  });
});

test('a root disk whose size the compute offering fixes is refused', () => {
  const world = testSimulator({
    world: storageWorld(
      {},
      {
        serviceOfferings: [
          { name: 'm1.small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024, rootDiskSizeGib: 9 },
        ],
      },
    ),
  });
  const vm = deployed(world, world.user);
  const root = world.simulator.world.volumes.where('vmId', vm['id'])[0]!;
  expect(refusal(world, { id: root.id, size: 20 })).toMatch(/^Failed to resize Root volume\. /);
});

test('a root disk grows with its VM running, but changes its offering only with it stopped', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const { id } = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  user.done('resizeVolume', { id, size: 30 });
  const values = { id, size: 40, diskofferingid: diskOfferingId(world, 'shared.custom') };
  expect(refusal(world, values)).toMatch(
    /^Cannot resize ROOT volume \[ROOT-\d+\] when VM is not on Stopped State\. VM i-.* is in state Running$/,
  );
  user.done('stopVirtualMachine', { id: vm['id'] });
  expect(user.done('resizeVolume', values)['volume']).toMatchObject({
    size: 40 * GIB,
    serviceofferingname: 'm1.small',
  });
  expect(user.done('resizeVolume', values)['volume']).toMatchObject({
    size: 40 * GIB,
    diskofferingname: 'shared.custom',
  });
  user.done('startVirtualMachine', { id: vm['id'] });
  assertSound(simulator);
});

test('on XenServer the VM must be stopped, and nothing shrinks', () => {
  const world = hypervisorWorld('XenServer');
  const { user } = world;
  const { id, vmId } = attachedVolume(world, user);
  expect(refusal(world, { id, size: 20 })).toBe(
    'The VM must be stopped or the disk detached in order to resize with the XenServer Hypervisor.',
  );
  user.done('stopVirtualMachine', { id: vmId });
  expect(user.done('resizeVolume', { id, size: 20 })['volume']).toMatchObject({ size: 20 * GIB });
  expect(refusal(world, { id, size: 5 })).toMatch(/^Going from existing size of /);
  expect(refusal(world, { id, size: 5, shrinkok: true })).toBe(
    'Shrink volume is not supported for the XenServer hypervisor.',
  );
});

test('a KVM host that is down, or disabled, refuses to resize the disks of its VMs', () => {
  const world = testSimulator();
  const { id, vmId } = attachedVolume(world, world.user);
  const { hosts, vms } = world.simulator.world;
  hosts.change(hosts.require(vms.require(vmId).hostId!), { up: false });
  expect(refusal(world, { id, size: 20 })).toBe('The KVM host where vm is running is not Up');
  hosts.change(hosts.require(vms.require(vmId).hostId!), { up: true });
  hosts.move(hosts.require(vms.require(vmId).hostId!), 'Disable');
  expect(refusal(world, { id, size: 20 })).toBe('The KVM host where vm is running is not Enabled');
});

test('destroyed, removed, foreign and unknown volumes', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const destroyed = readyVolume(world, user);
  const rows = simulator.world.volumes;
  rows.move(rows.require(destroyed), 'DestroyRequested');
  expect(refusal(world, { id: destroyed, size: 20 })).toMatch(/is in state Destroy\.$/);
  const gone = createdVolume(world, user);
  user.call('deleteVolume', { id: gone });
  expect(refusedUnchanged(world, user, 'resizeVolume', { id: gone, size: 20 })).toMatchObject({
    httpStatus: 431,
    errortext: `Unable to find volume by id=${rows.require(gone).internalId}`,
  });
  const foreign = createdVolume(world, admin);
  expect(refusedUnchanged(world, user, 'resizeVolume', { id: foreign, size: 20 })).toMatchObject({
    httpStatus: 531,
  });
  const zone = simulator.world.zones.all()[0]!.id;
  for (const id of ['x', zone]) {
    expect(refusedUnchanged(world, user, 'resizeVolume', { id }).httpStatus).toBe(431);
  }
  const id = createdVolume(world, user);
  for (const values of [
    {},
    { id, size: 'big' },
    { id, diskofferingid: zone },
    { id, quiescevm: true },
  ]) {
    refusedUnchanged(world, user, 'resizeVolume', values);
  }
});

/** The text with which a resize fails as "unsupported", leaving the volume as it is. */
function refusal(world: TestWorld, values: Values): string {
  const before = listedVolume(world.user, String(values['id']));
  const outcome = world.user.run('resizeVolume', values);
  expect(outcome).toMatchObject({ status: 2, resultcode: 432 });
  expect(listedVolume(world.user, String(values['id']))).toEqual(before);
  return outcome.result['errortext'] as string;
}

/** An Allocated volume of the offering with 20 GiB. */
function fixedVolume({ simulator, user }: TestWorld): string {
  const { volume } = user.done('createVolume', {
    name: 'disk',
    zoneid: simulator.world.zones.all()[0]!.id,
    diskofferingid: simulator.world.diskOfferings.all().find(({ sizeGib }) => sizeGib > 0)!.id,
  });
  return (volume as { id: string }).id;
}

function hypervisorWorld(hypervisor: 'XenServer' | 'VMware'): TestWorld {
  const format = hypervisor === 'XenServer' ? 'VHD' : 'OVA';
  return testSimulator({
    world: storageWorld(
      {
        pods: [{ name: 'pod1', clusters: [cluster('cluster1', ['host1'], { hypervisor })] }],
      },
      {
        templates: [{ name: 'ubuntu-jammy', zone: 'zone1', account: 'admin', format, hypervisor }],
      },
    ),
  });
}

test('only a volume with customized IOPS, or a root disk, gets another speed', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = createdVolume(world, user);
  expect(refusal(world, { id, miniops: 5, maxiops: 6 })).toBe(
    "The current disk offering does not support customization of the 'Min IOPS' parameter.",
  );
  expect(refusal(world, { id, maxiops: 6 })).toBe(
    "The current disk offering does not support customization of the 'Max IOPS' parameter.",
  );
  const offering = admin.call('createDiskOffering', {
    name: 'free',
    displaytext: 'free',
    customized: true,
    customizediops: true,
  })['diskoffering'] as Reply;
  const values = { diskofferingid: offering['id'] as string };
  const free = createdVolume(world, user, { ...values, miniops: 5, maxiops: 6 });
  expect(user.done('resizeVolume', { id: free, maxiops: 9 })['volume']).toMatchObject({
    miniops: 5,
    maxiops: 9,
    size: 10 * GIB,
  });
  expect(refusal(world, { id: free, miniops: 10 })).toBe(
    "The 'miniops' parameter must be less than or equal to the 'maxiops' parameter.",
  );
});
