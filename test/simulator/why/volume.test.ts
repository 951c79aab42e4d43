// Proves that `why volume` tells where a volume is and who can have it, from the row in the database
// to the disk on one host's own storage, and that a deleted one is told of as gone.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { attached, createdVolume } from '../../support/simulator-volumes.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('volume', idOrName)[0]!.because];
}

test('one that was never attached is on no storage', () => {
  const world = testSimulator();
  createdVolume(world, world.user, { name: 'data' });
  expect(reasons(world, 'data')).toEqual([
    expect.stringMatching(/^It is Allocated: .* on no storage until/),
    'It is attached to no VM.',
  ]);
});

test('one on local storage names the host that binds it, attached or not', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const disk = createdVolume(world, user, { name: 'data' }, 'local.custom');
  const { id: vmId } = deployed(world, user, { name: 'web' });
  attached(user, disk, vmId as string);
  const host = simulator.world.hosts.require(simulator.world.vms.require(vmId as string).hostId!);
  const told = reasons(world, disk);
  expect(told.slice(0, 2)).toEqual([
    'It is Ready.',
    `It is attached to VM web (${vmId}), which is Running, as device 1.`,
  ]);
  expect(told[2]).toContain(`the local storage of host ${host.name}: only a VM on ${host.name}`);
  user.done('detachVolume', { id: disk });
  expect(reasons(world, disk)[1]).toBe('It is attached to no VM.');
  expect(reasons(world, disk)[2]).toContain(`host ${host.name}`);
});

test('a root volume ends with its VM, and lies where the hosts of a cluster reach it', () => {
  const world = testSimulator();
  const { id: vmId } = deployed(world, world.user, { name: 'web' });
  const [root] = world.simulator.world.volumes.where('vmId', vmId as string);
  expect(reasons(world, root!.id)).toEqual([
    'It is Ready.',
    `It is attached to VM web (${vmId}), which is Running, as device 0.`,
    `As its root volume it ends when VM web (${vmId}) is expunged.`,
    expect.stringMatching(/^It lies on storage pool \S+, which the hosts of cluster \S+ share\.$/),
  ]);
});

test('the job that works on it, and a deleted one', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const disk = createdVolume(world, user);
  const { id: vmId } = deployed(world, user);
  const { jobid } = user.call('attachVolume', { id: disk, virtualmachineid: vmId });
  simulator.kernel.advanceBy(100);
  expect(reasons(world, disk)).toContain(`Job ${jobid} (attachVolume) works on it.`);
  simulator.kernel.advanceUntilIdle();
  user.done('detachVolume', { id: disk });
  user.call('deleteVolume', { id: disk });
  expect(reasons(world, disk)).toEqual([
    expect.stringMatching(/^It is Expunged: it was deleted at \S+, and nothing brings it back\.$/),
  ]);
});

test('one for which no pool has room tells what each of them has left', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  createdVolume(world, user, { name: 'data' });
  expect(reasons(world, 'data').join()).not.toContain('No shared pool takes');
  simulator.world.settings.set('pool.storage.allocated.capacity.disablethreshold', 0.000_001);
  const told = reasons(world, 'data');
  expect(told[1]).toMatch(/^No shared pool takes its \d+\.0 GiB/);
  expect(told[2]).toMatch(/^Pool \S+ has 0\.0 GiB left\.$/);
});

test('one whose host takes no VMs, and what its pool has against more', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { hosts, vms } = simulator.world;
  const disk = createdVolume(world, user, { name: 'data' }, 'local.custom');
  const { id: vmId } = deployed(world, user, { name: 'web' });
  attached(user, disk, vmId as string);
  const host = hosts.require(vms.require(vmId as string).hostId!);
  user.done('detachVolume', { id: disk });
  expect(reasons(world, disk).join()).not.toContain('nothing starts on it');
  hosts.change(host, { up: false });
  hosts.move(host, 'Disable');
  expect(reasons(world, disk).slice(-2)).toEqual([
    `Host ${host.name} is down: nothing starts on it.`,
    `Host ${host.name} is Disabled: nothing starts on it.`,
  ]);
});

test('the jobs that failed on it, with their texts', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const disk = createdVolume(world, user, { name: 'data' });
  user.run('detachVolume', { id: disk });
  user.run('resizeVolume', { id: disk, size: 5_000 });
  expect(reasons(world, disk).slice(-2)).toEqual([
    expect.stringMatching(
      /^At \S+: Job \S+ \(detachVolume\) failed: The specified volume is not attached to a VM\.$/,
    ),
    expect.stringMatching(/\(resizeVolume\) failed: Volume size: 5000 GB is out of allowed range/),
  ]);
  simulator.kernel.advanceBy(simulator.world.settings.get('job.expire.minutes') * 60_000);
  expect(reasons(world, disk).join()).not.toContain('failed');
});

test('a volume that there never was', () => {
  expect(() => testSimulator().simulator.why('volume', 'none')).toThrow(
    'there is and was no volume with the id or the name none',
  );
});
