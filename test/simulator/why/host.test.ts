// Proves that `why host` tells what is on a host and what room it has, why it takes no VMs, and which
// VMs keep its maintenance waiting; what it says is compared with what deployments do.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, deployment, idOf } from '../../support/simulator-vms.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('host', idOrName)[0]!.because];
}

/** The default world with as many hosts as these. */
function worldWithHosts(...hosts: { name: string; tags?: string[]; localStorageGib?: number }[]) {
  const [zone] = advancedKvm.zones;
  const clusters = [{ name: 'cluster1', hosts, pools: [{ name: 'primary1', sizeGib: 20_000 }] }];
  return testSimulator({
    world: { ...advancedKvm, zones: [{ ...zone!, pods: [{ name: 'pod1', clusters }] }] },
  });
}

test('an idle host, and one with a VM and a router', () => {
  const world = worldWithHosts({ name: 'host1', tags: ['ssd'], localStorageGib: 100 });
  const empty = reasons(world, 'host1');
  expect(empty).toEqual([
    'It is a KVM host of cluster cluster1, pod pod1, zone zone1.',
    'It is Enabled: VMs may start on it.',
    expect.stringContaining(
      'Of its 32000 MHz (16 cores of 2000 MHz) 32000 are free, of its 65536 MiB of memory 65536.',
    ),
    'Its tags, which offerings can ask for: ssd.',
    expect.stringMatching(/^Its local storage is pool host1-local-\w+, Up\.$/),
    'No VM is on it.',
  ]);
  deployed(world, world.user, { name: 'web' });
  const told = reasons(world, 'host1').join('\n');
  expect(told).toContain('30000 are free, of its 65536 MiB of memory 63488.');
  expect(told).toMatch(/^VMs on it: VM web \(\S+\), Running\.$/m);
  expect(told).toMatch(/^Routers on it, which take no room: r-\d+-VM\.$/m);
});

test('a disabled host takes nothing, as it says', () => {
  const world = worldWithHosts({ name: 'host1' });
  const { admin, user, simulator } = world;
  const id = idOf(simulator.world.hosts.all(), 'host1');
  admin.call('updateHost', { id, allocationstate: 'Disable' });
  expect(reasons(world, id)).toContain(
    'It is Disabled: what runs there goes on, nothing starts there until updateHost enables it.',
  );
  expect(user.run('deployVirtualMachine', deployment(world)).status).toBe(2);
});

test('a host whose VM finds no other host stays in preparation for maintenance, and says which', () => {
  const world = worldWithHosts({ name: 'host1' }, { name: 'host2', tags: ['none'] });
  const { admin, user, simulator } = world;
  const [host1, host2] = ['host1', 'host2'].map((name) => idOf(simulator.world.hosts.all(), name));
  admin.call('updateHost', { id: host2!, allocationstate: 'Disable' });
  const vm = deployed(world, user, { name: 'web' })['id'];
  admin.call('updateHost', { id: host2!, allocationstate: 'Enable' });
  const { full } = simulator.world.hosts.require(host2!);
  expect(full).toBe(false);
  simulator.world.hosts.change(simulator.world.hosts.require(host2!), { full: true });
  admin.run('prepareHostForMaintenance', { id: host1! });
  expect(reasons(world, 'host1').join('\n')).toContain(
    'It is PrepareForMaintenance: nothing starts',
  );
  simulator.kernel.advanceBy(60_000);
  const told = reasons(world, 'host1').join('\n');
  expect(told).toContain('It is ErrorInPrepareForMaintenance: some of its VMs could not leave it');
  expect(told).toContain(`VM web (${vm}) is to leave it, and has found no host so far (tries: 1)`);
  expect(reasons(world, 'host2')).toContain(
    'All of it is taken, by others than the VMs of this world: a fault plan says so (capacity-gone).',
  );
});

test('a host that there never was', () => {
  expect(() => testSimulator().simulator.why('host', 'host9')).toThrow(
    'there is and was no host with the id or the name host9',
  );
});
