// Limits: which one holds for whom, what counts, and that each resource of the API is refused at
// its limit with CloudStack's text, for accounts, projects and domains.
import { expect, test } from '@playwright/test';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import {
  assertWithinLimits,
  limitOfAccount,
  limitOfDomain,
} from '../../../../simulator/world/identity/resource-limits.js';
import {
  countOfAccount,
  countOfDomain,
} from '../../../../simulator/world/identity/resource-counts.js';
import type {
  ResourceAmounts,
  ResourceType,
} from '../../../../simulator/world/identity/resource-types.js';
import { accountOf, domainOf, identityWorld, projectOf } from '../../../support/identity-world.js';
import { createIdentityWorld, type IdentityWorld } from '../../../support/identity-world.js';
import type { Values } from '../../../support/simulator-client.js';

type Limits = NonNullable<WorldDescriptionInput['accounts'][number]['limits']>;

const GIB = 1_024 ** 3;

const zone: NonNullable<WorldDescriptionInput['zones'][number]> = {
  name: 'zone1',
  pods: [
    {
      name: 'pod1',
      clusters: [
        {
          name: 'cluster1',
          hosts: [{ name: 'host1' }],
          pools: [{ name: 'primary1', sizeGib: 1_000 }],
        },
      ],
    },
  ],
  publicRanges: [
    {
      startIp: '203.0.113.10',
      endIp: '203.0.113.13',
      gateway: '203.0.113.1',
      netmask: '255.255.255.0',
    },
  ],
  networks: [
    { name: 'private', type: 'Isolated', account: 'worker' },
    {
      name: 'shared',
      type: 'Shared',
      account: 'admin',
      cidr: '10.3.0.0/24',
      startIp: '10.3.0.10',
      endIp: '10.3.0.30',
    },
  ],
};

interface Given {
  readonly account?: Limits;
  readonly project?: Limits;
  readonly domain?: Limits;
  readonly settings?: WorldDescriptionInput['settings'];
}

/** worker in ROOT/sub, its project beta, and the limits that a test gives them. */
function situation({
  account = {},
  project = {},
  domain = {},
  settings = {},
}: Given): IdentityWorld {
  return createIdentityWorld({
    settings,
    zones: [zone],
    domains: [
      { path: 'ROOT/sub', limits: domain },
      { path: 'ROOT/sub/deep' },
      { path: 'ROOT/far' },
    ],
    accounts: identityWorld.accounts.map((row) =>
      row.name === 'worker' ? { ...row, limits: account } : row,
    ),
    projects: [{ name: 'beta', account: 'worker', limits: project }],
    serviceOfferings: [{ name: 'two', cpuNumber: 2, cpuMhz: 1_000, memoryMib: 512 }],
    diskOfferings: [{ name: 'custom' }],
    templates: [{ name: 'linux', zone: 'zone1', account: 'admin', sizeGib: 5 }],
  });
}

function deployment(world: IdentityWorld, values: Values = {}): Values {
  const { zones, serviceOfferings, templates, networks } = world.world;
  return {
    zoneid: zones.all()[0]!.id,
    serviceofferingid: serviceOfferings.all()[0]!.id,
    templateid: templates.all()[0]!.id,
    networkids: networks.all()[1]!.id,
    startvm: false,
    ...values,
  };
}

function newVolume(world: IdentityWorld, sizeGib: number, values: Values = {}): Values {
  const { zones, diskOfferings } = world.world;
  return {
    name: 'disk',
    zoneid: zones.all()[0]!.id,
    diskofferingid: diskOfferings.all()[0]!.id,
    size: sizeGib,
    ...values,
  };
}

test.describe('which limit holds', () => {
  test('the own one, else the setting of accounts, projects or domains; GiB become bytes', () => {
    const world = situation({ account: { volume: 3, primary_storage: 7 }, domain: { cpu: 9 } });
    const worker = accountOf(world, 'worker');
    const beta = world.world.accounts.require(projectOf(world, 'beta').accountId);
    const limits = (type: ResourceType): number[] => [
      limitOfAccount(world.world, worker, type),
      limitOfAccount(world.world, beta, type),
      limitOfDomain(world.world, domainOf(world, 'ROOT/sub'), type),
    ];
    expect(limits('volume')).toEqual([3, 20, 40]);
    expect(limits('primary_storage')).toEqual([7 * GIB, 200 * GIB, 400 * GIB]);
    expect(limits('cpu')).toEqual([40, 40, 9]);
    expect(limits('project')).toEqual([10, -1, 50]);
  });

  test("a domain without one has that of the next domain above, but never ROOT's", () => {
    const world = situation({ domain: { cpu: 9 } });
    expect(limitOfDomain(world.world, domainOf(world, 'ROOT/sub/deep'), 'cpu')).toBe(9);
    expect(limitOfDomain(world.world, domainOf(world, 'ROOT/far'), 'cpu')).toBe(80);
    expect(limitOfDomain(world.world, domainOf(world, 'ROOT'), 'cpu')).toBe(-1);
  });

  test('root admins have none; a setting below 0 is none; unlimited is -1 for all', () => {
    const world = situation({ account: 'unlimited', settings: { 'max.account.volumes': -1 } });
    const limit = (name: string, type: ResourceType): number =>
      limitOfAccount(world.world, accountOf(world, name), type);
    expect(limit('admin', 'user_vm')).toBe(-1);
    expect(limit('bosh', 'volume')).toBe(-1);
    expect(limit('bosh', 'user_vm')).toBe(20);
    expect(limit('worker', 'memory')).toBe(-1);
  });
});

test('what counts: VMs and volumes until they are destroyed, addresses, networks, templates, projects', () => {
  const world = situation({});
  const worker = world.clientOf('worker');
  const counts = (): ResourceAmounts =>
    Object.fromEntries(
      (
        ['user_vm', 'cpu', 'memory', 'volume', 'primary_storage', 'public_ip', 'template'] as const
      ).map((type) => [type, countOfAccount(world.world, accountOf(world, 'worker'), type)]),
    );
  const { virtualmachine } = worker.done('deployVirtualMachine', {
    ...deployment(world),
    diskofferingid: world.world.diskOfferings.all()[0]!.id,
    size: 3,
  });
  worker.done('createVolume', newVolume(world, 10));
  worker.done('associateIpAddress', { networkid: world.world.networks.all()[0]!.id });
  expect(counts()).toEqual({
    user_vm: 1,
    cpu: 2,
    memory: 512,
    volume: 3,
    primary_storage: 18 * GIB,
    public_ip: 1,
    template: 0,
  });
  const sub = domainOf(world, 'ROOT/sub');
  expect(countOfDomain(world.world, sub, 'volume')).toBe(3);
  expect(countOfDomain(world.world, sub, 'project')).toBe(1);
  expect(countOfDomain(world.world, sub, 'network')).toBe(1);
  worker.done('destroyVirtualMachine', { id: virtualmachine['id'] });
  expect(counts()).toMatchObject({ user_vm: 0, cpu: 0, memory: 0, volume: 3 });
  expect(countOfAccount(world.world, accountOf(world, 'admin'), 'secondary_storage')).toBe(5 * GIB);
});

interface Case {
  readonly type: ResourceType;
  readonly command: string;
  readonly limit: number;
  readonly valuesOf: (world: IdentityWorld) => Values;
  /** The limit, what there is, what is reserved and what was asked for, as the text shows them. */
  readonly amounts: readonly [string, string, string, string];
}

const deployVm = { command: 'deployVirtualMachine', valuesOf: deployment } as const;
const TOO_MANY = ['0', '0', '0', '1'] as const;

const cases: readonly Case[] = [
  { type: 'user_vm', limit: 0, ...deployVm, amounts: TOO_MANY },
  { type: 'cpu', limit: 1, ...deployVm, amounts: ['1', '0', '0', '2'] },
  { type: 'memory', limit: 511, ...deployVm, amounts: ['511', '0', '0', '512'] },
  { type: 'volume', limit: 0, ...deployVm, amounts: TOO_MANY },
  {
    type: 'primary_storage',
    limit: 4,
    ...deployVm,
    amounts: ['(4.00 GB) 4294967296', '(0 B) 0', '(0 B) 0', '(5.00 GB) 5368709120'],
  },
  {
    type: 'volume',
    command: 'createVolume',
    limit: 0,
    valuesOf: (world) => newVolume(world, 1),
    amounts: TOO_MANY,
  },
  {
    type: 'primary_storage',
    command: 'createVolume',
    limit: 9,
    valuesOf: (world) => newVolume(world, 10),
    amounts: ['(9.00 GB) 9663676416', '(0 B) 0', '(0 B) 0', '(10.00 GB) 10737418240'],
  },
  {
    type: 'public_ip',
    command: 'associateIpAddress',
    limit: 0,
    valuesOf: (world) => ({ networkid: world.world.networks.all()[0]!.id }),
    amounts: TOO_MANY,
  },
  {
    type: 'network',
    command: 'createNetwork',
    limit: 1,
    valuesOf: ({ world }) => ({
      name: 'second',
      zoneid: world.zones.all()[0]!.id,
      networkofferingid: world.networkOfferings
        .all()
        .find((row) => row.guestIpType === 'Isolated' && !row.forVpc)!.id,
    }),
    amounts: ['1', '1', '0', '1'],
  },
];

for (const { type, command, valuesOf, amounts, ...given } of cases) {
  const [limit, current, reserved, wanted] = amounts;
  const limits = { [type]: given.limit };

  test(`${command} at the account's limit of ${type}`, () => {
    const world = situation({ account: limits });
    const before = world.simulator.kernel.log.lastSeq;
    const refused = world.clientOf('worker').fails(command, valuesOf(world));
    expect(refused).toMatchObject({ httpStatus: 535, cserrorcode: 4370 });
    expect(refused.errortext).toBe(
      `Maximum amount of resources of Type = '${type}', tag = 'null' for Account Name = worker in ` +
        `Domain Id = ${domainOf(world, 'ROOT/sub').internalId} is exceeded: ` +
        `Account Resource Limit = ${limit}, Current Account Resource Amount = ${current}, ` +
        `Current Account Resource Reservation = ${reserved}, Requested Resource Amount = ${wanted}.`,
    );
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });

  test(`${command} at the domain's limit of ${type}`, () => {
    const world = situation({ account: 'unlimited', domain: limits });
    const refused = world.clientOf('worker').fails(command, valuesOf(world));
    expect(refused.httpStatus).toBe(535);
    expect(refused.errortext).toBe(
      `Maximum domain resource limits of Type '${type}' for Domain Id = ` +
        `${domainOf(world, 'ROOT/sub').id} is exceeded: Domain Resource Limit = ${limit}, ` +
        `Current Domain Resource Amount = ${current}, Current Resource Reservation = ${reserved}, ` +
        `Requested Resource Amount = ${wanted}.`,
    );
  });
}

test('getUploadParamsForTemplate tells of the limit of templates in its own way', () => {
  const world = situation({ account: { template: 0 } });
  const refused = world.clientOf('worker').fails('getUploadParamsForTemplate', {
    name: 'image',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: world.world.zones.all()[0]!.id,
    ostypeid: world.world.osTypes.all()[0]!.id,
  });
  expect(refused).toMatchObject({ httpStatus: 530, cserrorcode: 9999 });
  expect(refused.errortext).toMatch(
    /^exception while registering template: Maximum amount of resources of Type = 'template', /,
  );
});

test('a snapshot counts once, and on secondary storage with the size of its volume', () => {
  const rootVolume = (world: IdentityWorld): string => {
    const worker = world.clientOf('worker');
    const vm = worker.done('deployVirtualMachine', { ...deployment(world), startvm: true });
    worker.done('stopVirtualMachine', { id: vm['virtualmachine']['id'] });
    return worker.call('listVolumes')['volume'][0].id as string;
  };
  const one = situation({ account: { snapshot: 1 } });
  const volumeid = rootVolume(one);
  one.clientOf('worker').done('createSnapshot', { volumeid });
  expect(one.clientOf('worker').fails('createSnapshot', { volumeid }).errortext).toContain(
    "Type = 'snapshot', tag = 'null' for Account Name = worker",
  );
  const small = situation({ account: { secondary_storage: 4 } });
  expect(
    small.clientOf('worker').fails('createSnapshot', { volumeid: rootVolume(small) }).errortext,
  ).toContain('Requested Resource Amount = (5.00 GB) 5368709120');
});

test('one below the limit passes, and the limit itself', () => {
  const world = situation({ account: { volume: 2, primary_storage: 10 } });
  const worker = world.clientOf('worker');
  worker.done('createVolume', newVolume(world, 4));
  const id = (worker.done('createVolume', newVolume(world, 6))['volume'] as { id: string }).id;
  expect(worker.fails('createVolume', newVolume(world, 1)).errortext).toContain(
    'Account Resource Limit = 2, Current Account Resource Amount = 2',
  );
  worker.call('deleteVolume', { id });
  worker.done('createVolume', newVolume(world, 6));
});

test('a volume grows within the limit only; the job says 535', () => {
  const world = situation({ account: { primary_storage: 10 } });
  const worker = world.clientOf('worker');
  const { id } = worker.done('createVolume', newVolume(world, 6))['volume'] as { id: string };
  const outcome = worker.run('resizeVolume', { id, size: 11 });
  expect(outcome).toMatchObject({ status: 2, resultcode: 535 });
  expect(outcome.result['errortext']).toContain(
    'Current Account Resource Amount = (6.00 GB) 6442450944, ' +
      'Current Account Resource Reservation = (0 B) 0, Requested Resource Amount = (5.00 GB) 5368709120.',
  );
  worker.done('resizeVolume', { id, size: 10 });
});

test("a project has limits of its own, and its owner's do not count", () => {
  const world = situation({ account: { volume: 0 }, project: { volume: 1 } });
  const worker = world.clientOf('worker');
  const projectid = projectOf(world, 'beta').id;
  worker.done('createVolume', newVolume(world, 1, { projectid }));
  expect(worker.fails('createVolume', newVolume(world, 1, { projectid })).errortext).toContain(
    "Type = 'volume', tag = 'null' for Project Name = beta in Domain Id =",
  );
});

test('accounts in a domain below count in the domains above, and those have no limit in ROOT', () => {
  const world = situation({ domain: { volume: 1 } });
  const { clientOf } = world;
  clientOf('diver').done('createVolume', newVolume(world, 1));
  expect(clientOf('worker').fails('createVolume', newVolume(world, 1)).errortext).toContain(
    'Current Domain Resource Amount = 1',
  );
  for (let count = 0; count < 20; count += 1) {
    clientOf('bosh').done('createVolume', newVolume(world, 1));
  }
  expect(clientOf('bosh').fails('createVolume', newVolume(world, 1)).errortext).toContain(
    'Account Resource Limit = 20, Current Account Resource Amount = 20',
  );
});

test('root admins have everything, and what others own counts for those', () => {
  const world = situation({ account: { volume: 0 } });
  const admin = world.clientOf('admin');
  for (let count = 0; count < 25; count += 1) admin.done('createVolume', newVolume(world, 100));
  const forWorker = { account: 'worker', domainid: domainOf(world, 'ROOT/sub').id };
  expect(admin.fails('createVolume', newVolume(world, 1, forWorker)).httpStatus).toBe(535);
});

test('of several types the first that is exceeded is told', () => {
  const world = situation({ account: { cpu: 1, memory: 1 } });
  const owner = accountOf(world, 'worker');
  expect(() => {
    assertWithinLimits(world.world, owner, { memory: 2, cpu: 2 });
  }).toThrow("Type = 'cpu'");
});
