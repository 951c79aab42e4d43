// World descriptions: presets are valid and build sound worlds, defaults are filled in, and of a
// description that is wrong every problem is named at once, with its place.
import { expect, test } from '@playwright/test';
import { createSimulator, type SimulatorOptions } from '../../../../simulator/simulator.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { presets } from '../../../../simulator/world/presets/index.js';
import {
  parseWorldDescription,
  WorldDescriptionError,
} from '../../../../simulator/world/description/parse-world-description.js';
import { smallWorld } from '../../../support/small-api.js';

/** The problems that a description has, a line each. */
function problemsOf(description: unknown): string[] {
  try {
    parseWorldDescription(description, 'world.json');
  } catch (error) {
    expect(error).toBeInstanceOf(WorldDescriptionError);
    const [first, ...problems] = (error as Error).message.split('\n');
    expect(first).toBe('world.json does not describe a world:');
    return problems.map((line) => line.trim());
  }
  return [];
}

const [zone1] = smallWorld.zones;
const zoneWith = (changes: object): object => ({
  ...smallWorld,
  zones: [{ ...zone1!, ...changes }],
});

for (const [name, preset] of Object.entries(presets)) {
  test(`the preset ${name} is a sound world with an admin and a user`, () => {
    expect(problemsOf(preset)).toEqual([]);
    const simulator = createSimulator({ world: name });
    expect(checkInvariants(simulator.world)).toEqual([]);
    expect(simulator.userWithRole('Admin').apiKey).not.toBe(simulator.userWithRole('User').apiKey);
  });
}

test('what is left open has a default', () => {
  const description = parseWorldDescription(smallWorld, 'world.json');
  expect(description.startTime).toBe('2026-01-01T00:00:00Z');
  expect(description.zones[0]?.pods[0]?.clusters[0]).toMatchObject({
    hypervisor: 'KVM',
    hosts: [{ name: 'host1', cpuCores: 16, cpuMhz: 2_000, memoryMib: 65_536, tags: [] }],
  });
});

test('a preset that does not exist is named with those that do', () => {
  for (const name of ['advanced', 'toString']) {
    expect(() => createSimulator({ world: name })).toThrow(
      `there is no preset ${name}; there are: advanced-kvm`,
    );
  }
});

test('settings are laid over the world, and are checked with it', () => {
  const world = { ...smallWorld, settings: { 'expunge.delay': 5, 'expunge.interval': 6 } };
  const { settings } = createSimulator({ world, settings: { 'expunge.delay': 7 } }).world;
  expect([settings.get('expunge.delay'), settings.get('expunge.interval')]).toEqual([7, 6]);
  const wrong = { settings: { 'expunge.dely': 7 } } as SimulatorOptions;
  expect(() => createSimulator(wrong)).toThrow('settings.expunge.dely: is unknown (did you mean');
});

test('a seed that is no whole number is refused', () => {
  for (const seed of ['x', 1.5, null]) {
    expect(() => createSimulator({ seed } as SimulatorOptions)).toThrow(
      `the option seed must be a whole number, got ${JSON.stringify(seed)}`,
    );
  }
});

test('an option that does not exist is refused by name', () => {
  const misspelt = { sed: 1, seed: 2, colour: 'blue' } as SimulatorOptions;
  expect(() => createSimulator(misspelt)).toThrow(
    'there is no option sed, colour; there are: seed, world, settings, clock,',
  );
});

test('every problem of the form is named at once', () => {
  const problems = problemsOf({
    accounts: [{ name: 'admin', role: '' }],
    zones: [{ name: '', pods: [], dns1: 'eight' }],
    serviceOfferings: [{ name: 'a', cpuNumber: 0 }],
    settings: { 'expunge.dealy': 1 },
    colour: 'blue',
  });
  for (const place of [
    'accounts.0.role',
    'zones.0.name',
    'zones.0.pods',
    'zones.0.dns1',
    'serviceOfferings.0.cpuNumber',
    'expunge.dealy',
    'colour',
  ]) {
    expect(problems.filter((line) => line.includes(place))).toHaveLength(1);
  }
});

test('what is wrong with the form of a part hides nothing of the others', () => {
  const network = {
    name: 'net',
    type: 'Isolated',
    account: 'boss',
    cidr: '10.0.0.0',
    gateway: '1.2.3.4',
  };
  expect(
    problemsOf({
      accounts: [{ name: 'bosh', role: 'User', domain: 'ROOT/x/y/z' }],
      zones: [{ ...zone1, networks: [network], dns2: '8.8.4.4' }],
      templates: [{ name: 't', zone: 'moon', account: 'bosh' }],
      settings: { 'expunge.dely': 60, 'expunge.delay': 'x' },
      diskOffering: [],
    }),
  ).toEqual([
    'settings.expunge.dely: is unknown (did you mean expunge.delay?)',
    'zones.0.networks.0.cidr: must be a subnet such as 10.0.0.0/24, got "10.0.0.0"',
    'zones.0.dns2: is unknown (did you mean dns1?)',
    'diskOffering: is unknown (did you mean diskOfferings?)',
    'settings.expunge.delay: must be a number',
    'accounts.0.domain: there is no domain ROOT/x/y/z',
    'accounts: one must have the role Admin',
    'zones.0.networks.0.account: there is no account boss (did you mean bosh?)',
    'templates.0.zone: there is no zone moon',
  ]);
});

test('what cannot be read is not held against what refers to it', () => {
  const { accounts, ...rest } = smallWorld;
  const vms = { name: 'vm-', account: 'bosh', zone: 'zone1', template: 't', serviceOffering: 's' };
  expect(
    problemsOf({
      ...rest,
      acounts: accounts,
      templates: [{ name: 't', zone: 'zone1', account: 'bosh', sizeGib: 0 }],
      serviceOfferings: [{ name: 7, cpuNumber: 'two', cpuMhz: 1_000, memoryMib: 512 }],
      virtualMachines: [{ ...vms, networks: [null] }],
    }),
  ).toEqual([
    'accounts: is missing: set it to a list (Who uses the API: an account with one user each)',
    'serviceOfferings.0.name: must be a text, got 7',
    'serviceOfferings.0.cpuNumber: must be a number, got "two"',
    'templates.0.sizeGib: must be above 0, got 0',
    'virtualMachines.0.networks.0: must be a text, got null',
    'acounts: is unknown (did you mean accounts?)',
  ]);
  expect(
    problemsOf({
      ...smallWorld,
      accounts: accounts.map((account) => ({ ...account, domain: 7 })),
      serviceOfferings: [
        { name: 's', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, domains: ['ROOT'] },
      ],
      templates: [{ name: 't', zone: 'zone1', account: 'bosh' }],
      virtualMachines: [{ ...vms, networks: [null] }],
    }),
  ).toEqual([
    'accounts.0.domain: must be a text, got 7',
    'accounts.1.domain: must be a text, got 7',
    'accounts.2.domain: must be a text, got 7',
    'virtualMachines.0.networks.0: must be a text, got null',
  ]);
});

test('every problem between the parts is named at once', () => {
  expect(
    problemsOf({
      accounts: [
        { name: 'bosh', role: 'User' },
        { name: 'bosh', role: 'User' },
      ],
      zones: [
        {
          ...zone1,
          networks: [{ name: 'net', type: 'Isolated', account: 'nobody' }],
          publicRanges: [
            {
              startIp: '203.0.113.20',
              endIp: '203.0.113.10',
              gateway: '203.0.113.1',
              netmask: '255.255.255.0',
            },
          ],
        },
      ],
      serviceOfferings: [{ name: 'half', cpuNumber: 1 }],
      settings: { 'expunge.delay': 'soon', 'job.expire.minutes': -1 },
      templates: [{ name: 't', zone: 'zone2', account: 'nobody', osType: 'CP/M' }],
    }),
  ).toEqual([
    'settings.expunge.delay: must be a number',
    'settings.job.expire.minutes: must not be below 0',
    'accounts.1.name: bosh must not occur again: it stands at accounts.0.name already',
    'accounts: one must have the role Admin',
    'serviceOfferings.0: must have cpuNumber, cpuMhz and memoryMib, or as a custom offering none of the three',
    'zones.0.publicRanges.0: startIp must not be above endIp',
    'zones.0.networks.0.account: there is no account nobody',
    'templates.0.account: there is no account nobody',
    'templates.0.zone: there is no zone zone2 (did you mean zone1?)',
    'templates.0.osType: there is no OS type CP/M',
  ]);
});

const range = { minCpuNumber: 1, maxCpuNumber: 4, minMemoryMib: 512, maxMemoryMib: 4_096 };

const offeringProblems: readonly (readonly [string, object, string[]])[] = [
  ['custom', {}, []],
  ['constrained', { cpuMhz: 1_000, constraints: range }, []],
  [
    'constrained without a speed',
    { constraints: range },
    ['must have cpuMhz, but neither cpuNumber nor memoryMib, beside constraints'],
  ],
  [
    'constrained and fixed',
    { cpuMhz: 1_000, cpuNumber: 1, constraints: range },
    ['must have cpuMhz, but neither cpuNumber nor memoryMib, beside constraints'],
  ],
  [
    'constrained upside down',
    { cpuMhz: 1_000, constraints: { ...range, minMemoryMib: 8_192 } },
    ['.constraints: must not have a minimum above its maximum'],
  ],
];

for (const [what, offering, expected] of offeringProblems) {
  test(`a compute offering that is ${what}: ${expected.length > 0 ? 'refused' : 'right'}`, () => {
    const problems = problemsOf({
      accounts: [{ name: 'admin', role: 'Admin' }],
      zones: [zone1],
      serviceOfferings: [{ name: 'o', ...offering }],
    });
    expect(problems).toHaveLength(expected.length);
    expected.forEach((text, index) => {
      expect(problems[index]).toContain(text);
    });
  });
}

for (const bits of [0, 511, 520, 8_208]) {
  test(`SSH keys of ${bits} bits: refused`, () => {
    const problems = problemsOf({
      accounts: [{ name: 'admin', role: 'Admin' }],
      zones: [zone1],
      settings: { 'ssh.key.length': bits },
    });
    expect(problems).toEqual([
      'settings.ssh.key.length: must be a multiple of 16 from 512 to 8192',
    ]);
  });
}

const sharedNetwork = {
  name: 'net',
  type: 'Shared',
  account: 'admin',
  cidr: '10.0.0.0/24',
  startIp: '10.0.0.10',
  endIp: '10.0.0.20',
};

const networkProblems: readonly (readonly [string, object, string[]])[] = [
  ['a shared network', sharedNetwork, []],
  [
    'a shared network without a range',
    { ...sharedNetwork, startIp: undefined },
    ['zones.0.networks.0: a shared network needs startIp and endIp'],
  ],
  [
    'a range outside of its network',
    { ...sharedNetwork, endIp: '10.0.1.20' },
    ['zones.0.networks.0.endIp: must be a host address of 10.0.0.0/24, got 10.0.1.20'],
  ],
  [
    'a gateway that is the broadcast address',
    { ...sharedNetwork, gateway: '10.0.0.255' },
    ['zones.0.networks.0.gateway: must be a host address of 10.0.0.0/24, got 10.0.0.255'],
  ],
  [
    'a shared network that would give its gateway away',
    { ...sharedNetwork, gateway: '10.0.0.15' },
    [
      'zones.0.networks.0.gateway: the gateway 10.0.0.15 must not lie within startIp to endIp, whose addresses are given away',
    ],
  ],
  [
    'a shared network whose range begins with the address that the gateway has by itself',
    { ...sharedNetwork, startIp: '10.0.0.1' },
    [
      'zones.0.networks.0.startIp: the gateway 10.0.0.1 must not lie within startIp to endIp, whose addresses are given away',
    ],
  ],
  [
    'a network of an offering for tiers',
    {
      name: 'net',
      type: 'Isolated',
      account: 'admin',
      offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks',
    },
    [
      'zones.0.networks.0.offering: DefaultIsolatedNetworkOfferingForVpcNetworks is for the tiers of a VPC, which createNetwork makes: choose another',
    ],
  ],
  [
    'an isolated network with a range',
    { ...sharedNetwork, type: 'Isolated' },
    ['zones.0.networks.0: only a shared network has startIp and endIp'],
  ],
  [
    'an L2 network with a cidr',
    { name: 'net', type: 'L2', account: 'admin', cidr: '10.0.0.0/24' },
    ['zones.0.networks.0: an L2 network has no addresses'],
  ],
  ['an L2 network', { name: 'net', type: 'L2', account: 'admin' }, []],
  [
    'a network of another default offering',
    { name: 'net', type: 'L2', account: 'admin', offering: 'DefaultL2NetworkOfferingVlan' },
    [],
  ],
  [
    'a network of an offering for another type',
    { name: 'net', type: 'L2', account: 'admin', offering: 'DefaultSharedNetworkOffering' },
    [
      'zones.0.networks.0.offering: DefaultSharedNetworkOffering is an offering for networks of the type Shared',
    ],
  ],
  [
    'a network of an offering that does not exist',
    { name: 'net', type: 'L2', account: 'admin', offering: 'DefaultL3' },
    ['zones.0.networks.0.offering: there is no network offering DefaultL3'],
  ],
];

for (const [what, network, problems] of networkProblems) {
  test(`${what}: ${problems.length === 0 ? 'right' : 'refused'}`, () => {
    expect(problemsOf(zoneWith({ networks: [network] }))).toEqual(problems);
  });
}

test('network offerings of a world come besides those that CloudStack brings', () => {
  const networkOfferings = [
    { name: 'Plain', guestIpType: 'Isolated' },
    { name: 'DefaultL2NetworkOffering', guestIpType: 'L2' },
    { name: 'Wrong', guestIpType: 'Basic', services: ['Coffee'] },
  ];
  expect(problemsOf({ ...smallWorld, networkOfferings }).join('\n')).toMatch(
    /networkOfferings\.2\.guestIpType.*\n.*networkOfferings\.2\.services\.0/,
  );
  expect(problemsOf({ ...smallWorld, networkOfferings: networkOfferings.slice(0, 2) })).toEqual([
    'networkOfferings.1.name: DefaultL2NetworkOffering must not occur again: CloudStack has one itself',
  ]);
});

test('a public range must fit its netmask and not be endless', () => {
  const range = { startIp: '10.0.0.1', endIp: '10.255.0.0', gateway: '10.255.0.1' };
  const withMask = (netmask: string): object => zoneWith({ publicRanges: [{ ...range, netmask }] });
  expect(problemsOf(withMask('255.0.0.0'))).toEqual([
    'zones.0.publicRanges.0: must not hold more than 65536 addresses',
  ]);
  expect(problemsOf(withMask('255.0.255.0'))).toEqual([
    'zones.0.publicRanges.0.netmask: must be a netmask such as 255.255.255.0',
  ]);
});

test('public ranges have their gateway beside them in their subnet, and lie apart', () => {
  const range = {
    startIp: '203.0.113.10',
    endIp: '203.0.113.20',
    gateway: '203.0.113.1',
    netmask: '255.255.255.0',
  };
  const later = { ...range, startIp: '203.0.113.20', endIp: '203.0.113.30' };
  const within = {
    ...range,
    startIp: '203.0.113.40',
    endIp: '203.0.113.50',
    gateway: '203.0.113.45',
  };
  const outside = { ...range, startIp: '198.51.100.10', endIp: '198.51.100.20' };
  expect(problemsOf(zoneWith({ publicRanges: [range, later, within, outside] }))).toEqual([
    'zones.0.publicRanges.1: must not have addresses of zones.0.publicRanges.0 (203.0.113.10 to 203.0.113.20)',
    'zones.0.publicRanges.2.gateway: the gateway 203.0.113.45 must not lie within startIp to endIp, whose addresses are given away',
    'zones.0.publicRanges.3.startIp: must be a host address of 203.0.113.0/24, got 198.51.100.10',
    'zones.0.publicRanges.3.endIp: must be a host address of 203.0.113.0/24, got 198.51.100.20',
  ]);
  expect(problemsOf(zoneWith({ publicRanges: [range] }))).toEqual([]);
});

test('a name that stands twice is told where it stands again, whatever the list', () => {
  const [pod] = zone1!.pods;
  const [cluster] = pod!.clusters;
  const pool = { name: 'primary', sizeGib: 1 };
  const net = { name: 'net', type: 'L2', account: 'admin' };
  const twice = {
    ...zone1!,
    pods: [
      { ...pod!, clusters: [{ ...cluster!, pools: [pool] }] },
      { ...pod!, clusters: [cluster!] },
    ],
    pools: [pool],
    networks: [net, net],
  };
  const offering = { name: 'o' };
  expect(
    problemsOf({
      ...smallWorld,
      zones: [twice, { ...zone1!, pods: [{ ...pod!, name: 'other', clusters: [cluster!] }] }],
      serviceOfferings: [offering, offering],
      osTypes: ['a', 'b', 'a'],
    }).map((line) => line.split(':')[0]),
  ).toEqual([
    'zones.1.name',
    'zones.0.pods.1.name',
    'zones.0.pods.1.clusters.0.name',
    'zones.1.pods.0.clusters.0.name',
    'zones.0.pods.1.clusters.0.hosts.0.name',
    'zones.1.pods.0.clusters.0.hosts.0.name',
    'zones.0.pods.0.clusters.0.pools.0.name',
    'zones.0.networks.1.name',
    'serviceOfferings.1.name',
    'osTypes.2',
  ]);
});

test('a template is one for the hosts of its zone, and the zone has room for it', () => {
  const template = { name: 'linux', zone: 'zone1', account: 'admin' };
  const problemsWith = (...templates: object[]): string[] =>
    problemsOf({ ...zoneWith({ secondaryStorageGib: 20 }), templates });
  expect(problemsWith(template, { ...template, format: 'RAW' })).toEqual([]);
  expect(problemsWith({ ...template, format: 'VHD' })).toEqual([
    'templates.0.format: VHD is no format for KVM: set it to QCOW2 or RAW, or set hypervisor',
  ]);
  expect(problemsWith({ ...template, format: 'VHD', hypervisor: 'XenServer' })).toEqual([
    'templates.0.hypervisor: no cluster of zone zone1 runs XenServer, only KVM: no VM could be made of it',
  ]);
  for (const [unreadable, fine] of [
    [{ format: 'IMG' }, { hypervisor: 'KVM' }],
    [{ hypervisor: 'Bhyve' }, { format: 'VHD' }],
  ]) {
    expect(problemsWith({ ...template, ...unreadable, ...fine })).toEqual([
      expect.stringMatching(/^templates.0.(format|hypervisor): must be one of /),
    ]);
  }
  expect(problemsWith({ ...template, sizeGib: 15 }, { ...template, sizeGib: 6 })).toEqual([
    'zones.0.secondaryStorageGib: must be at least 21: so much do the templates of the zone take',
  ]);
  const system = { ...template, type: 'SYSTEM' };
  expect(problemsWith(system, { ...template, name: 'other' })).toEqual([]);
  expect(problemsWith(template, system)).toEqual([
    'templates.0.name: linux is the name of a SYSTEM template: choose another',
  ]);
});

for (const wrong of [null, 'advanced-kvm', 7, []]) {
  test(`${JSON.stringify(wrong)} is no description`, () => {
    expect(problemsOf(wrong)).toEqual([expect.stringMatching(/^must be an object, got /)]);
  });
}

test('a pod has room for its hosts, and a private zone its domain', () => {
  const [pod] = zone1!.pods;
  expect(
    problemsOf(zoneWith({ domain: 'ROOT/nowhere', pods: [{ ...pod!, cidr: '10.0.0.0/27' }] })),
  ).toEqual([
    'zones.0.domain: there is no domain ROOT/nowhere',
    'zones.0.pods.0.cidr: 10.0.0.0/27 has too few addresses for 1 hosts',
  ]);
  expect(problemsOf(zoneWith({ domain: 'ROOT' }))).toEqual([]);
});

test('the pods of a zone have management networks that lie apart', () => {
  const [pod] = zone1!.pods;
  const [cluster] = pod!.clusters;
  const podNamed = (name: string, cidr: string): object => {
    const hosts = [{ name: `host-${name}` }];
    return { ...pod!, name, cidr, clusters: [{ ...cluster!, name: `cluster-${name}`, hosts }] };
  };
  const pods = [podNamed('a', '10.0.0.0/24'), podNamed('b', '10.0.0.128/25')];
  expect(problemsOf(zoneWith({ pods }))).toEqual([
    'zones.0.pods.1.cidr: 10.0.0.128/25 must not overlap with zones.0.pods.0.cidr (10.0.0.0/24)',
  ]);
  expect(problemsOf(zoneWith({ pods: [pods[0], podNamed('b', '10.0.1.0/24')] }))).toEqual([]);
});

test('offerings name domains and zones that there are', () => {
  const lost = { name: 'lost', domains: ['ROOT/x', 'ROOT'], zones: ['zone1', 'moon'] };
  expect(problemsOf({ ...smallWorld, serviceOfferings: [lost], diskOfferings: [lost] })).toEqual([
    'serviceOfferings.0.domains: there is no domain ROOT/x (did you mean ROOT?)',
    'serviceOfferings.0.zones: there is no zone moon',
    'diskOfferings.0.domains: there is no domain ROOT/x (did you mean ROOT?)',
    'diskOfferings.0.zones: there is no zone moon',
  ]);
});

test.describe('who there is', () => {
  const person = (name: string, changes: object = {}): object => ({
    name,
    role: 'User',
    ...changes,
  });
  const admin = { name: 'admin', role: 'Admin' };
  const problemsWith = (changes: object): string[] =>
    problemsOf({ ...smallWorld, accounts: [admin], ...changes });

  test('domains stand below those before them, each once', () => {
    const paths = ['ROOT/a', 'ROOT/b/c', 'ROOT/a/', 'ROOT', 'other', 'ROOT/a'];
    const place = 'must be ROOT or a domain that stands before it, / and a name';
    expect(problemsWith({ domains: paths.map((path) => ({ path })) })).toEqual([
      'domains.3.path: ROOT must not occur again: CloudStack has one itself',
      'domains.5.path: ROOT/a must not occur again: it stands at domains.0.path already',
      `domains.1.path: ${place}`,
      `domains.2.path: ${place}`,
      `domains.3.path: ${place}`,
      `domains.4.path: ${place}`,
    ]);
    const nested = ['ROOT/a', 'ROOT/a/b'].map((path) => ({ path, networkDomain: 'a.example' }));
    expect(problemsWith({ domains: nested })).toEqual([]);
  });

  test('roles have names of their own, a type, and rules that name commands once', () => {
    const rule = { rule: 'list*', permission: 'allow' };
    expect(
      problemsWith({
        roles: [
          { name: 'User', type: 'User' },
          { name: 'ops', type: 'User', rules: [rule, { ...rule, permission: 'deny' }] },
          { name: 'ops', type: 'DomainAdmin' },
        ],
      }),
    ).toEqual([
      'roles.0.name: User must not occur again: CloudStack has one itself',
      'roles.2.name: ops must not occur again: it stands at roles.1.name already',
      'roles.1.rules.1.rule: list* must not occur again: it stands at roles.1.rules.0.rule already',
    ]);
    const malformed = problemsWith({
      roles: [
        { name: 'ops', type: 'Guest', rules: [{ rule: 'list hosts', permission: 'maybe' }] },
        { name: '', type: 'User', rule: [] },
      ],
    });
    for (const place of [
      'roles.0.type',
      'roles.0.rules.0.rule',
      'roles.0.rules.0.permission',
      'roles.1.name',
      'roles.1',
    ]) {
      expect(
        malformed.filter((line) => line.startsWith(`${place}:`) || line.includes(place)).length,
      ).toBeGreaterThan(0);
    }
  });

  test('accounts have a role and a domain that there are; root admins are in ROOT', () => {
    expect(
      problemsWith({
        domains: [{ path: 'ROOT/a' }],
        roles: [{ name: 'chiefs', type: 'Admin' }],
        accounts: [
          admin,
          person('one', { role: 'Guest' }),
          person('two', { domain: 'ROOT/b' }),
          person('three', { role: 'chiefs', domain: 'ROOT/a' }),
          person('four', { apiKey: 'key' }),
          person('five', { apiKey: 'key', username: 'six' }),
          person('six', { username: 'four' }),
        ],
      }),
    ).toEqual([
      'accounts.1.role: must be one of Admin, DomainAdmin, ResourceAdmin, User, chiefs',
      'accounts.2.domain: there is no domain ROOT/b (did you mean ROOT/a?)',
      'accounts.3.domain: must be ROOT for a root admin',
      'accounts.6.username: four must not occur again in ROOT: it is the user of accounts.4',
      'accounts.5.apiKey: must not be the same as accounts.4.apiKey',
    ]);
  });

  test('projects have an owner, members of its domain, and a name that the domain has once', () => {
    expect(
      problemsWith({
        domains: [{ path: 'ROOT/a' }],
        accounts: [admin, person('one'), person('two'), person('far', { domain: 'ROOT/a' })],
        projects: [
          { name: 'alpha', account: 'one', members: ['two', 'two', 'one', 'far', 'nobody'] },
          { name: 'alpha', account: 'two' },
          { name: 'alpha', account: 'far' },
          { name: 'beta', account: 'nobody' },
        ],
      }),
    ).toEqual([
      'projects.1.name: ROOT/alpha must not occur again: it stands at projects.0.name already',
      'projects.0.members: far is not in the domain of the project',
      'projects.0.members: there is no account nobody',
      'projects.0.members.1: two must not occur again: it stands at projects.0.members.0 already',
      'projects.0.members.2: one must not occur again: it stands at projects.0.account already',
      'projects.3.account: there is no account nobody',
    ]);
  });

  test('limits are whole numbers from -1 on of known types, or the word unlimited', () => {
    const limited = (limits: unknown): string[] =>
      problemsWith({
        domains: [{ path: 'ROOT/a', limits }],
        accounts: [admin, person('one', { limits })],
        projects: [{ name: 'alpha', account: 'one', limits }],
      });
    const places = ['domains.0.limits', 'accounts.1.limits', 'projects.0.limits'];
    for (const limits of ['endless', { vms: 1 }, { user_vm: -2 }, { user_vm: 1.5 }, 7]) {
      const problems = limited(limits);
      for (const place of places) {
        expect(problems.filter((line) => line.includes(place)).length).toBeGreaterThan(0);
      }
    }
    for (const limits of ['unlimited', {}, { user_vm: -1, primary_storage: 10 }]) {
      expect(limited(limits)).toEqual([]);
    }
  });
});
