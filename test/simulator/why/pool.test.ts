// Proves that `why pool` tells who reaches a storage pool, what is left of it, and what keeps it from
// taking disks: its state, what is given away, a fault plan, and for local storage its host.
import { expect, test } from '@playwright/test';
import { rule } from '../../support/faulty-zone.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { attached, createdVolume } from '../../support/simulator-volumes.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('pool', idOrName)[0]!.because];
}

function sharedPool({ simulator }: TestWorld): string {
  return simulator.world.storagePools.all().find(({ scope }) => scope !== 'HOST')!.name;
}

test('a shared pool: its reach, its room, its volumes', () => {
  const world = testSimulator();
  const { user } = world;
  const name = sharedPool(world);
  expect(reasons(world, name)).toEqual([
    expect.stringMatching(/^It is a \S+ pool, which the hosts of cluster \S+ share\.$/),
    'It is Up.',
    expect.stringMatching(
      /^Of its \d+\.0 GiB it promises \d+\.0 GiB \(storage\.overprovisioning\.factor \d+\), of which 0\.0 GiB are given away/,
    ),
    'It has no tags: offerings that ask for storage tags pass it by.',
    'No volume is on it.',
  ]);
  const disk = createdVolume(world, user, { name: 'data' });
  attached(user, disk, deployed(world, user, { name: 'web' })['id'] as string);
  expect(reasons(world, name).at(-1)).toContain(`data (${disk})`);
});

test('one that has given away what it may is full, and so is one that a fault plan has filled', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const name = sharedPool(world);
  deployed(world, user);
  simulator.world.settings.set('pool.storage.allocated.capacity.disablethreshold', 0.000_001);
  expect(reasons(world, name)).toContain(
    `Pool ${name} is full: what is given away is at pool.storage.allocated.capacity.disablethreshold.`,
  );
  const faulty = testSimulator();
  faulty.simulator.setFaults(
    rule({ command: 'listZones' }, { effect: 'capacity-gone', of: 'pools' }),
  );
  faulty.user.call('listZones');
  const full = sharedPool(faulty);
  expect(reasons(faulty, full)).toContain(
    `Pool ${full} is full: a fault plan says so (capacity-gone).`,
  );
});

test('a pool in maintenance, and one that is disabled', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const { id, name } = simulator.world.storagePools.all().find(({ scope }) => scope !== 'HOST')!;
  admin.call('updateStoragePool', { id, enabled: false });
  expect(reasons(world, id)).toContain(`Pool ${name} is Disabled: it takes nothing new.`);
  admin.call('updateStoragePool', { id, enabled: true });
  admin.done('enableStorageMaintenance', { id });
  expect(reasons(world, id)).toContain(
    `Pool ${name} is Maintenance: it takes nothing, until cancelStorageMaintenance ends that.`,
  );
});

test('the local storage of a host that takes no VMs', () => {
  const world = testSimulator();
  const { hosts, storagePools } = world.simulator.world;
  const host = hosts.all()[0]!;
  const [pool] = storagePools.where('hostId', host.id);
  expect(reasons(world, pool!.name)[0]).toContain(`the local storage of host ${host.name}`);
  expect(reasons(world, pool!.name).join()).not.toContain('nothing starts on it');
  hosts.move(host, 'Disable');
  expect(reasons(world, pool!.name)).toContain(
    `Host ${host.name} is Disabled: nothing starts on it.`,
  );
});

test('a pool that there never was', () => {
  expect(() => testSimulator().simulator.why('pool', 'none')).toThrow(
    'there is and was no storage pool with the id or the name none',
  );
});
