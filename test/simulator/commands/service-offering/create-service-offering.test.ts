// Proves which compute offerings can be made, by whom, that they show what they were made with, that
// VMs are deployed with them, and that a refusal makes none.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  domainAt,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

const fixed = { name: 'new', cpunumber: 2, cpuspeed: 1_000, memory: 1_024 };

const create = (values: Values, caller = 'admin'): Reply =>
  createOfferingWorld().clientOf(caller).call('createServiceOffering', values)[
    'serviceoffering'
  ] as Reply;

test('a fixed offering is listed as it was made, and VMs can have it', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const { serviceoffering: made } = admin.call('createServiceOffering', {
    ...fixed,
    displaytext: 'A new one',
    storagetype: 'SHARED',
    tags: 'fast, ',
    hosttags: 'gpu',
    networkrate: 200,
    limitcpuuse: true,
    rootdisksize: 9,
    dynamicscalingenabled: false,
    provisioningtype: 'fat',
    cachemode: 'WriteBack',
    bytesreadrate: 1_000,
    iopswriteratemax: 50,
    hypervisorsnapshotreserve: 10,
    'serviceofferingdetails[0].key': 'colour',
    'serviceofferingdetails[0].value': 'blue',
    'serviceofferingdetails[1].shape': 'round',
  });
  expect(made).toMatchObject({
    name: 'new',
    displaytext: 'A new one',
    state: 'Active',
    cpunumber: 2,
    cpuspeed: 1_000,
    memory: 1_024,
    storagetype: 'shared',
    storagetags: 'fast,',
    hosttags: 'gpu',
    networkrate: 200,
    limitcpuuse: true,
    rootdisksize: 9,
    dynamicscalingenabled: false,
    provisioningtype: 'fat',
    cacheMode: 'writeback',
    diskBytesReadRate: 1_000,
    diskIopsWriteRateMax: 50,
    hypervisorsnapshotreserve: 10,
    iscustomized: false,
    serviceofferingdetails: { colour: 'blue', shape: 'round' },
  });
  expect(made).not.toHaveProperty('domainid');
  const id = made.id as string;
  expect(cloud.clientOf('bosh').call('listServiceOfferings', { id })['serviceoffering']).toEqual([
    made,
  ]);
});

test('a VM gets the size of a new offering', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const made = cloud.clientOf('admin').call('createServiceOffering', fixed);
  const vm = cloud.clientOf('bosh').done('deployVirtualMachine', {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: made['serviceoffering'].id,
  })['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ cpunumber: 2, memory: 1_024, serviceofferingname: 'new' });
});

test('without CPU or memory an offering is custom, with ranges it is constrained', () => {
  const custom = create({ name: 'free' });
  expect(custom).toMatchObject({ displaytext: 'free', iscustomized: true });
  expect(custom).not.toHaveProperty('cpuspeed');
  const ranged = create({
    name: 'ranged',
    customized: true,
    cpuspeed: 1_000,
    mincpunumber: 1,
    maxcpunumber: 8,
    minmemory: 512,
    maxmemory: 8_192,
  });
  expect(ranged).toMatchObject({
    iscustomized: true,
    cpuspeed: 1_000,
    serviceofferingdetails: {
      mincpunumber: '1',
      maxcpunumber: '8',
      minmemory: '512',
      maxmemory: '8192',
    },
  });
  const speedOnly = create({ name: 'speed', customized: false, cpuspeed: 500 });
  expect(speedOnly).toMatchObject({ cpuspeed: 500, iscustomized: true });
});

test('IOPS are given, chosen by the deployer, or nobody says', () => {
  expect(create({ ...fixed, customizediops: true, miniops: 5 })).toMatchObject({
    iscustomizediops: true,
  });
  expect(create({ ...fixed, customizediops: false })).toMatchObject({ miniops: 0, maxiops: 0 });
  const given = create({ ...fixed, customizediops: false, miniops: 10, maxiops: 20 });
  expect(given).toMatchObject({ iscustomizediops: false, miniops: 10, maxiops: 20 });
  expect(create(fixed)).not.toHaveProperty('iscustomizediops');
});

test('an offering is bound to domains, the topmost of them, and to zones', () => {
  const cloud = createOfferingWorld();
  const sub = domainAt(cloud, 'ROOT/sub');
  const made = cloud.clientOf('admin').call('createServiceOffering', {
    ...fixed,
    domainid: [domainAt(cloud, 'ROOT/sub/deep'), sub].join(),
    zoneid: zoneNamed(cloud, 'zone2'),
  })['serviceoffering'];
  expect(made).toMatchObject({
    domainid: sub,
    domain: 'sub',
    zoneid: zoneNamed(cloud, 'zone2'),
    zone: 'zone2',
  });
});

test('a domain admin makes offerings for its own domains, with tags only by a setting', () => {
  const cloud = createOfferingWorld();
  const chief = cloud.clientOf('chief');
  const deep = domainAt(cloud, 'ROOT/sub/deep');
  const made = chief.call('createServiceOffering', { ...fixed, domainid: deep });
  expect(made['serviceoffering'].domain).toBe('deep');
  const tagged = { ...fixed, name: 'tagged', domainid: deep, hosttags: 'gpu' };
  expect(chief.fails('createServiceOffering', tagged)).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringMatching(
      /^User \[User \{.*"username":"chief".*\}\.\] is unable to create service offerings with storage tags or host tags\.$/,
    ),
  });
  cloud.world.settings.set('allow.domain.admins.to.create.tagged.offerings', true);
  expect(chief.call('createServiceOffering', tagged)['serviceoffering'].hosttags).toBe('gpu');
});

const MAX = 2_147_483_647;
const failed = 'Failed to create service offering new: ';
const refusals: readonly (readonly [string, Values, string])[] = [
  [
    'no cores',
    { ...fixed, cpunumber: 0 },
    `${failed}specify the cpu number value between 1 and ${MAX}`,
  ],
  [
    'too many cores',
    { ...fixed, cpunumber: 9 },
    `${failed}specify the cpu number value between 1 and 8`,
  ],
  [
    'no speed',
    { ...fixed, cpuspeed: '' },
    `${failed}specify the cpu speed value between 0 and ${MAX}`,
  ],
  [
    'little memory',
    { ...fixed, memory: 31 },
    `${failed}specify the memory value between 32 and ${MAX} MB`,
  ],
  [
    'a custom one with cores',
    { name: 'new', customized: true, cpunumber: 1 },
    'For creating a custom compute offering cpu and memory all should be null',
  ],
  [
    'half a range',
    { name: 'new', mincpunumber: 1 },
    'For creating a custom compute offering min/max cpu and min/max memory/cpu speed should all be null or all specified',
  ],
  [
    'a range from nothing',
    { name: 'new', mincpunumber: 0, maxcpunumber: 1, minmemory: 32, maxmemory: 64, cpuspeed: 1 },
    `${failed}specify the minimum or minimum cpu number value between 1 and ${MAX}`,
  ],
  [
    'a range of little memory',
    { name: 'new', mincpunumber: 1, maxcpunumber: 1, minmemory: 1, maxmemory: 64, cpuspeed: 1 },
    `${failed}specify the memory value between 32 and ${MAX} MB`,
  ],
  [
    'another cache mode',
    { ...fixed, cachemode: 'none at all' },
    'Invalid cache mode (none at all). Please specify one of the following valid cache mode parameters: none, writeback, writethrough or hypervisor_default.',
  ],
  [
    'another storage',
    { ...fixed, storagetype: 'tape' },
    "Invalid storage type tape specified, valid types are: 'local' and 'shared'",
  ],
  [
    'a negative rate',
    { ...fixed, networkrate: -1 },
    `${failed}specify the network rate value more than 0`,
  ],
  [
    'half a graphics card',
    { ...fixed, 'serviceofferingdetails[0].pciDevice': 'x' },
    'Please specify the pciDevice and vgpuType correctly.',
  ],
  [
    'no least IOPS',
    { ...fixed, customizediops: false, maxiops: 3 },
    'The min IOPS must be greater than 0.',
  ],
  [
    'more IOPS at least than at most',
    { ...fixed, customizediops: false, miniops: 4, maxiops: 3 },
    'The min IOPS must be less than or equal to the max IOPS.',
  ],
  [
    'an empty root disk',
    { ...fixed, rootdisksize: 0 },
    'The Root disk size is of 0 GB but it must be greater than 0.',
  ],
  [
    'a huge root disk',
    { ...fixed, rootdisksize: 2_001 },
    'The maximum size for a disk is 2000 GB.',
  ],
  [
    'a negative reserve',
    { ...fixed, hypervisorsnapshotreserve: -1 },
    'If provided, Hypervisor Snapshot Reserve must be greater than or equal to 0.',
  ],
];

for (const [what, values, errortext] of refusals) {
  test(`refused: ${what}`, () => {
    const { clientOf, world } = createOfferingWorld();
    if (what === 'too many cores') world.settings.set('vm.serviceoffering.cpu.cores.max', 8);
    const before = world.kernel.log.lastSeq;
    expect(clientOf('admin').fails('createServiceOffering', values)).toMatchObject({
      httpStatus: 431,
      errortext,
    });
    expect(world.kernel.log.lastSeq).toBe(before);
  });
}

test('a way of provisioning that there is not fails inside', () => {
  const { clientOf, world } = createOfferingWorld();
  const before = world.kernel.log.lastSeq;
  expect(
    clientOf('admin').fails('createServiceOffering', { ...fixed, provisioningtype: 'medium' }),
  ).toMatchObject({ httpStatus: 530 });
  expect(world.kernel.log.lastSeq).toBe(before);
});

test('domains and zones that are gone are refused', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const domain = cloud.world.domains.all().find(({ path }) => path === 'ROOT/far')!;
  const domainid = domain.id;
  cloud.world.domains.remove(domain);
  expect(admin.fails('createServiceOffering', { ...fixed, domainid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Please specify a valid domain id',
  });
  const zoneid = zoneNamed(cloud, 'zone2');
  cloud.world.zones.remove(cloud.world.zones.require(zoneid));
  expect(admin.fails('createServiceOffering', { ...fixed, zoneid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Please specify a valid zone id',
  });
});

test('who may not make such an offering makes none', () => {
  const cloud = createOfferingWorld();
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (caller: string, values: Values = {}): string =>
    cloud.clientOf(caller).fails('createServiceOffering', { ...fixed, ...values }).errortext;
  expect(refused('chief')).toContain('Unable to create public service offering by admin: User {');
  const far = domainAt(cloud, 'ROOT/far');
  expect(refused('chief', { domainid: far })).toMatch(
    new RegExp(
      `^Unable to create service offering by another domain-admin: .* for domain: ${far}$`,
    ),
  );
  expect(refused('keeper')).toContain('because it is not root-admin or domain-admin');
  expect(cloud.clientOf('bosh').fails('createServiceOffering', fixed).httpStatus).toBe(432);
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
  expect(serviceOffering(cloud, 'one')).toBeDefined();
});
