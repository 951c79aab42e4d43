// Proves which of what a volume command checks comes before its job waits for others of the same VM,
// and which after it: what is wrong already fails the job at once, in the midst of what is done to the
// VM; what goes wrong while it waits is told when its turn has come.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

interface Disk extends TestWorld {
  readonly vmId: string;
  readonly volumeId: string;
}

/** A running VM with a data disk of 10 GiB. */
function disk(preset = 'advanced-kvm'): Disk {
  const world = testSimulator({ world: preset });
  const vmId = deployed(world, world.user)['id'] as string;
  const volumeId = createdVolume(world, world.user);
  attached(world.user, volumeId, vmId);
  return { ...world, vmId, volumeId };
}

function sent(client: TestClient, command: string, values: Values): string {
  return client.call(command, values)['jobid'] as string;
}

function end(client: TestClient, jobId: string): unknown[] {
  const { status, resultcode, result } = client.job(jobId);
  return [status, resultcode, result['errortext']];
}

/** Sends a command while the VM stops, and answers how its job ends before the VM is stopped. */
function whileStopping(
  world: Disk,
  command: string,
  values: Values,
  client = world.user,
): unknown[] {
  const stop = sent(world.user, 'stopVirtualMachine', { id: world.vmId });
  world.simulator.kernel.advanceBy(500);
  expect(world.simulator.world.vms.require(world.vmId).state).toBe('Stopping');
  const job = sent(client, command, values);
  world.simulator.kernel.advanceBy(500);
  const outcome = end(client, job);
  expect(end(world.user, stop)[0]).toBe(0);
  return outcome;
}

test('a VM that stops takes no disk and gives none away, however long anybody waits', () => {
  const text = 'Please specify a VM that is either running or stopped.';
  const world = disk();
  const other = createdVolume(world, world.user);
  const values = { id: other, virtualmachineid: world.vmId };
  expect(whileStopping(world, 'attachVolume', values)).toEqual([2, 431, text]);
  const detach = sent(world.user, 'detachVolume', { id: world.volumeId });
  world.simulator.kernel.advanceUntilIdle();
  expect(end(world.user, detach)).toEqual([2, 431, text]);
  expect(listedVolume(world.user, other)).not.toHaveProperty('virtualmachineid');
  expect(listedVolume(world.user, world.volumeId)).toMatchObject({ vmstate: 'Stopped' });
  assertSound(world.simulator);
});

test('nothing moves a disk of a VM that stops, nor extracts it', () => {
  const moving = disk();
  const { storagePools, volumes, zones } = moving.simulator.world;
  const own = volumes.require(moving.volumeId).poolId;
  const values = {
    volumeid: moving.volumeId,
    storageid: storagePools.all().find(({ id }) => id !== own)!.id,
  };
  expect(whileStopping(moving, 'migrateVolume', values, moving.admin)).toEqual([
    2,
    530,
    'Volume migration is not allowed when the VM is in the Stopping state. Supported states are: [Stopped, Running, Shutdown].',
  ]);
  const extracting = disk();
  const asked = { id: extracting.volumeId, zoneid: zones.all()[0]!.id, mode: 'HTTP_DOWNLOAD' };
  expect(whileStopping(extracting, 'extractVolume', asked)).toEqual([
    2,
    530,
    'Invalid state of the volume with specified ID. It should be either detached or the VM should be in stopped state.',
  ]);
});

test('a disk grows when its VM has stopped, if its size may be so at all', () => {
  const world = disk();
  const { user, simulator, volumeId } = world;
  expect(whileStopping(world, 'resizeVolume', { id: volumeId, size: 5_000 })).toEqual([
    2,
    432,
    'Volume size: 5000 GB is out of allowed range. Min: 1. Max: 1024',
  ]);
  const resize = sent(user, 'resizeVolume', { id: volumeId, size: 20 });
  simulator.kernel.advanceUntilIdle();
  expect(end(user, resize)).toEqual([1, 0, undefined]);
  expect(listedVolume(user, volumeId)).toMatchObject({ size: 20 * 1024 ** 3, vmstate: 'Stopped' });
});

test('of two resizes at once the second finds the first at work', () => {
  const { user, simulator, volumeId } = disk();
  const first = sent(user, 'resizeVolume', { id: volumeId, size: 20 });
  simulator.kernel.advanceBy(500);
  const seconds = [
    sent(user, 'resizeVolume', { id: volumeId, size: 30 }),
    sent(user, 'changeOfferingForVolume', {
      id: volumeId,
      diskofferingid: simulator.world.volumes.require(volumeId).diskOfferingId!,
      size: 30,
    }),
  ];
  simulator.kernel.advanceUntilIdle();
  expect(end(user, first)[0]).toBe(1);
  const [resize, change] = seconds.map((job) => end(user, job));
  expect(resize).toEqual([
    2,
    432,
    `Volume should be in ready or allocated state before attempting a resize. Volume ${volumeId} is in state Resizing.`,
  ]);
  expect(change![0]).toBe(2);
  expect(listedVolume(user, volumeId)).toMatchObject({ size: 20 * 1024 ** 3 });
});

test('of two attachments at once the second is told by then that there was another', () => {
  const world = disk();
  const { user, simulator, vmId } = world;
  const id = createdVolume(world, user);
  const attach = (): string => sent(user, 'attachVolume', { id, virtualmachineid: vmId });
  const reboot = sent(user, 'rebootVirtualMachine', { id: vmId });
  const jobs = [reboot, attach(), attach()];
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => end(user, job))).toEqual([
    [1, 0, undefined],
    [1, 0, undefined],
    [2, 530, 'This volume is already attached to a VM.'],
  ]);
  assertSound(simulator);
});

test('an attachment in the midst of another finds the volume at work', () => {
  const world = disk();
  const { user, simulator, vmId } = world;
  const id = createdVolume(world, user);
  const jobs = [1, 2].map(() => sent(user, 'attachVolume', { id, virtualmachineid: vmId }));
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => end(user, job))).toEqual([
    [1, 0, undefined],
    [2, 431, 'Volume state must be in Allocated, Ready or in Uploaded state'],
  ]);
});

test('two VMs reach for one disk: who waits finds it on its way to the other', () => {
  const world = disk();
  const { user, simulator, vmId, volumeId } = world;
  user.done('detachVolume', { id: volumeId });
  const rival = deployed(world, user)['id'] as string;
  user.call('rebootVirtualMachine', { id: rival });
  const waiting = sent(user, 'attachVolume', { id: volumeId, virtualmachineid: rival });
  simulator.world.settings.set('duration.volume.attach', 1_800_000);
  const winner = sent(user, 'attachVolume', { id: volumeId, virtualmachineid: vmId });
  simulator.kernel.advanceBy(600_000);
  expect(listedVolume(user, volumeId)).toMatchObject({ state: 'Attaching' });
  expect(end(user, waiting)).toEqual([
    2,
    530,
    expect.stringMatching(
      /^Volume: Volume \{.*\} is in Attaching\. It should be in Ready or Allocated state$/,
    ),
  ]);
  simulator.kernel.advanceUntilIdle();
  expect(end(user, winner)[0]).toBe(1);
  assertSound(simulator);
});

test('what may be goes on as soon as it is its turn, also in a world that was saved meanwhile', () => {
  const world = disk();
  const { user, simulator, vmId, volumeId } = world;
  const other = createdVolume(world, user);
  const jobs = [
    sent(user, 'rebootVirtualMachine', { id: vmId }),
    sent(user, 'attachVolume', { id: other, virtualmachineid: vmId }),
    sent(user, 'detachVolume', { id: volumeId }),
  ];
  simulator.load(JSON.parse(JSON.stringify(simulator.save())));
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).status)).toEqual([1, 1, 1]);
  assertSound(simulator);
});
