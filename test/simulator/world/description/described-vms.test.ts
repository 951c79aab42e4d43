// Proves that VMs of a description run from the start, with addresses and hosts in turn, like any
// other VM; that a description whose VMs cannot be is refused; and that larger presets are sound.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { parseWorldDescription } from '../../../../simulator/world/description/parse-world-description.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { presets } from '../../../../simulator/world/presets/index.js';
import { worldOfSize } from '../../../../simulator/world/presets/large.js';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import { testSimulator, type Reply } from '../../../support/simulator-client.js';
import { deployed, listedNames } from '../../../support/simulator-vms.js';

type VmGroup = NonNullable<WorldDescriptionInput['virtualMachines']>[number];

const web: VmGroup = {
  name: 'web-',
  count: 4,
  account: 'bosh',
  zone: 'zone1',
  template: 'ubuntu-jammy',
  serviceOffering: 'm1.small',
  networks: ['NET_CS', 'NET_SHARED'],
};

const withVms = (...virtualMachines: VmGroup[]): WorldDescriptionInput => ({
  ...advancedKvm,
  virtualMachines,
});

/** In the shared network the virtual router takes an address, too, when the first VM starts. */
test('they run, on all hosts in turn, with the lowest addresses of their networks', () => {
  const { simulator, user, admin } = testSimulator({ world: withVms(web) });
  expect(checkInvariants(simulator.world)).toEqual([]);
  const vms = user.call('listVirtualMachines')['virtualmachine'] as Reply[];
  expect(vms.map((vm) => [vm['name'], vm['state']])).toEqual(
    ['web-1', 'web-2', 'web-3', 'web-4'].map((name) => [name, 'Running']),
  );
  expect(vms.map((vm) => (vm['nic'] as Reply[]).map((nic) => nic['ipaddress']))).toEqual([
    ['10.203.6.1', '10.204.0.10'],
    ['10.203.6.2', '10.204.0.12'],
    ['10.203.6.3', '10.204.0.13'],
    ['10.203.6.4', '10.204.0.14'],
  ]);
  const hosts = admin.call('listVirtualMachines', { listall: true })['virtualmachine'] as Reply[];
  expect(hosts.map((vm) => vm['hostname'])).toEqual(['host1', 'host2', 'host3', 'host1']);
});

test('they stop, start and are destroyed like others, and others come beside them', () => {
  const world = testSimulator({ world: withVms({ ...web, networks: ['NET_CS'] }) });
  const { simulator, user, admin } = world;
  const [first, second] = user.call('listVirtualMachines')['virtualmachine'] as Reply[];
  user.done('stopVirtualMachine', { id: first!['id'] });
  user.done('startVirtualMachine', { id: first!['id'] });
  admin.done('destroyVirtualMachine', { id: second!['id'], expunge: true });
  deployed(world, user, { name: 'another', ipaddress: '10.203.6.2' });
  expect(listedNames(user)).toEqual(['web-1', 'web-3', 'web-4', 'another']);
  expect(checkInvariants(simulator.world)).toEqual([]);
});

for (const [problem, group, text] of [
  ['an unknown account', { account: 'nobody' }, 'virtualMachines.0.account: there is no account'],
  ['an unknown zone', { zone: 'zone9' }, 'virtualMachines.0.zone: there is no zone zone9'],
  ['an unknown template', { template: 'none' }, 'there is no template none in the zone'],
  ['an unknown offering', { serviceOffering: 'none' }, 'there is no service offering none'],
  ['a custom offering', { serviceOffering: 'custom' }, 'no service offering custom with a fixed'],
  ['an unknown network', { networks: ['none'] }, 'there is no network none in the zone'],
  ['names that no host can have', { name: '9-' }, 'virtualMachines.0.name: must begin host names'],
  ['no network', { networks: [] }, 'virtualMachines.0.networks'],
  ['no VM', { count: 0 }, 'virtualMachines.0.count'],
] as const) {
  test(`a description with ${problem} is refused`, () => {
    const world = withVms({ ...web, ...group, networks: [...(group.networks ?? web.networks)] });
    expect(() => testSimulator({ world })).toThrow(text);
  });
}

test('groups whose VMs could have the same names are refused', () => {
  for (const name of ['web-', 'web-1']) {
    expect(() => testSimulator({ world: withVms(web, { ...web, name }) })).toThrow(
      'virtualMachines.0.name: its VMs may be called like those of',
    );
  }
  const apart = withVms({ ...web, networks: ['NET_CS'] }, { ...web, name: 'web-a', count: 1 });
  expect(() => testSimulator({ world: apart })).not.toThrow();
});

test('VMs for which there is no room or no address are named', () => {
  const many = (networks: string[]) => withVms({ ...web, count: 300, networks });
  expect(() => testSimulator({ world: many(['NET_CS']) })).toThrow(
    /no host has room for the VM web-\d+/,
  );
  const { serviceOfferings = [] } = advancedKvm;
  const tiny = { name: 'tiny', cpuNumber: 1, cpuMhz: 100, memoryMib: 128 };
  const cramped = {
    ...many(['NET_SHARED']),
    serviceOfferings: [...serviceOfferings, tiny],
    virtualMachines: [{ ...web, count: 300, serviceOffering: 'tiny', networks: ['NET_SHARED'] }],
  };
  expect(() => testSimulator({ world: cramped })).toThrow(
    'the network NET_SHARED has no address for the VM web-241',
  );
});

test('a world of another size has the hosts and VMs that it is asked for, and is sound', () => {
  const { simulator } = testSimulator({ world: worldOfSize({ hosts: 30, vms: 1_100 }) });
  const { hosts, vms, networks, clusters } = simulator.world;
  expect([hosts.all().length, vms.all().length]).toEqual([30, 1_100]);
  expect([clusters.all().length, networks.all().length]).toEqual([2, 5]);
  expect(checkInvariants(simulator.world)).toEqual([]);
});

test('the preset large describes 1,000 hosts and 25,000 VMs', () => {
  const { zones, virtualMachines } = parseWorldDescription(presets['large'], 'large');
  const clusters = zones.flatMap((zone) => zone.pods).flatMap((pod) => pod.clusters);
  expect(clusters.flatMap((cluster) => cluster.hosts)).toHaveLength(1_000);
  expect(virtualMachines.reduce((sum, { count }) => sum + count, 0)).toBe(25_000);
});
