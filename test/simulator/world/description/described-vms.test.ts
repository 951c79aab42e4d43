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

/** What a description is refused for, a line each, without the headline. */
function problemsOf(world: WorldDescriptionInput): string[] {
  try {
    testSimulator({ world });
  } catch (error) {
    return String(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const { serviceOfferings = [] } = advancedKvm;

type Offering = (typeof serviceOfferings)[number];

/** The default world with other offerings beside its own. */
const withOfferings = (
  offerings: typeof serviceOfferings,
  ...virtualMachines: VmGroup[]
): WorldDescriptionInput => ({
  ...withVms(...virtualMachines),
  serviceOfferings: [...serviceOfferings, ...offerings],
});

test('every group of which not all VMs can be is named with its place, and with what is short', () => {
  const tiny = { name: 'tiny', cpuNumber: 1, cpuMhz: 100, memoryMib: 128 };
  const shared: VmGroup = {
    ...web,
    name: 'shared-',
    count: 300,
    serviceOffering: 'tiny',
    networks: ['NET_SHARED'],
  };
  const isolated: VmGroup = { ...web, count: 300, networks: ['NET_CS'] };
  const problems = problemsOf(withOfferings([tiny], shared, isolated));
  expect(problems).toEqual([
    'virtualMachines.0.count: network NET_SHARED has addresses for 240 of the 300 VMs: lower the count, or give it more addresses',
    expect.stringMatching(
      /^virtualMachines\.1\.count: zone zone1 has room for \d+ of the 300 VMs: CPU or memory of the hosts do not last for more of m1\.small; lower the count, or add hosts$/,
    ),
  ]);
  // As many as it says are no problem.
  const room = Number(/for (\d+) of/.exec(problems[1]!)?.[1]);
  const fitting = withOfferings([tiny], { ...shared, count: 240 }, { ...isolated, count: room });
  expect(problemsOf(fitting)).toEqual([]);
});

const impossible: readonly (readonly [string, Partial<Offering>, string])[] = [
  [
    'more cores than any host has',
    { cpuNumber: 64, cpuMhz: 2_000, memoryMib: 512 },
    'zone zone1 has room for 0 of the 4 VMs: no host has 64 cores of 2000 MHz, which special asks for',
  ],
  [
    'a tag that no host has',
    { cpuNumber: 1, cpuMhz: 500, memoryMib: 512, hostTags: ['gpu'] },
    'zone zone1 has room for 0 of the 4 VMs: no host has the tags of special (gpu)',
  ],
  [
    'a tag that no pool has',
    { cpuNumber: 1, cpuMhz: 500, memoryMib: 512, storageTags: ['nvme'] },
    'zone zone1 has room for 0 of the 4 VMs: no pool in reach of a host that is free takes their root volumes; lower the count, or give pools more room',
  ],
];

for (const [what, offering, text] of impossible) {
  test(`VMs that ask for ${what}: told why none can be`, () => {
    const special = { name: 'special', ...offering };
    const world = withOfferings([special], { ...web, serviceOffering: 'special' });
    expect(problemsOf(world)).toEqual([`virtualMachines.0.count: ${text}`]);
  });
}

test('VMs that one host alone can have all run there', () => {
  const [zone] = advancedKvm.zones;
  const hosts = [{ name: 'host1' }, { name: 'host2' }, { name: 'host3', tags: ['gpu'] }];
  const pools = [{ name: 'primary1', sizeGib: 1_000 }];
  const clusters = [{ name: 'cluster1', hypervisor: 'KVM' as const, hosts, pools }];
  const offering = { name: 'gpu', cpuNumber: 1, cpuMhz: 500, memoryMib: 512, hostTags: ['gpu'] };
  const { admin } = testSimulator({
    world: {
      ...withOfferings([offering], { ...web, serviceOffering: 'gpu' }),
      zones: [{ ...zone!, pods: [{ name: 'pod1', clusters }] }],
    },
  });
  const vms = admin.call('listVirtualMachines', { listall: true })['virtualmachine'] as Reply[];
  expect(vms.map((vm) => vm['hostname'])).toEqual(['host3', 'host3', 'host3', 'host3']);
});

test('an isolated network without a public address for it keeps its VMs from starting', () => {
  const [zone] = advancedKvm.zones;
  const world = { ...withVms(web), zones: [{ ...zone!, publicRanges: [] }] };
  expect(problemsOf(world)).toEqual([
    'virtualMachines.0.count: web-1 does not start: Network is unavailable. Please contact administrator; an isolated network needs a free address of publicRanges',
  ]);
});

test('VMs are in no network of another account, nor twice in one; domains, zones and templates fit', () => {
  const [zone] = advancedKvm.zones;
  const { templates = [], accounts } = advancedKvm;
  const world: WorldDescriptionInput = {
    ...advancedKvm,
    domains: [{ path: 'ROOT/a' }],
    accounts: [...accounts, { name: 'other', role: 'User' }],
    zones: [{ ...zone!, domain: 'ROOT/a' }],
    serviceOfferings: [
      ...serviceOfferings,
      { name: 'near', cpuNumber: 1, cpuMhz: 500, memoryMib: 512, domains: ['ROOT/a'] },
    ],
    templates: [...templates, ...templates],
    virtualMachines: [
      { ...web, networks: ['NET_CS', 'NET_CS'] },
      { ...web, name: 'other-', account: 'other', serviceOffering: 'near' },
      { ...web, name: 'admin-', account: 'admin', serviceOffering: 'near' },
    ],
  };
  const several =
    'several templates of the zone are called ubuntu-jammy: give them names of their own';
  const domain = (account: string): string =>
    `zone1 is for the domain ROOT/a, and ${account} is not in it`;
  expect(problemsOf(world)).toEqual([
    `virtualMachines.0.template: ${several}`,
    `virtualMachines.0.zone: ${domain('bosh')}`,
    'virtualMachines.0.networks.1: NET_CS must not occur again: it stands at virtualMachines.0.networks.0 already',
    `virtualMachines.1.template: ${several}`,
    `virtualMachines.1.zone: ${domain('other')}`,
    'virtualMachines.1.serviceOffering: near is for the domains ROOT/a, and other is in none of them',
    'virtualMachines.1.networks.0: NET_CS belongs to bosh, and no VM of other may be in it',
    `virtualMachines.2.template: ${several}`,
  ]);
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
