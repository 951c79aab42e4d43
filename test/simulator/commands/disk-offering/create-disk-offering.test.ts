// Proves which disk offerings can be made, by whom, that volumes are created with them, and that a
// refusal makes none.
import { expect, test } from '@playwright/test';
import { createOfferingWorld, domainAt, zoneNamed } from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

const fixed = { name: 'new', disksize: 4 };

test('a fixed offering is listed as it was made, and volumes can have it', () => {
  const cloud = createOfferingWorld();
  const sub = domainAt(cloud, 'ROOT/sub');
  const made = cloud.clientOf('admin').call('createDiskOffering', {
    ...fixed,
    displaytext: 'Four',
    tags: 'fast',
    displayoffering: false,
    disksizestrictness: true,
    provisioningtype: 'sparse',
    byteswriterate: 5,
    byteswriteratemax: 5,
    'details[0].bandwidthLimitInMbps': '9',
    domainid: sub,
    zoneid: zoneNamed(cloud, 'zone1'),
  })['diskoffering'] as Reply;
  expect(made).toMatchObject({
    name: 'new',
    displaytext: 'Four',
    disksize: 4,
    iscustomized: false,
    tags: 'fast',
    storagetype: 'shared',
    displayoffering: false,
    disksizestrictness: true,
    provisioningtype: 'sparse',
    diskBytesWriteRate: 5,
    diskBytesWriteRateMax: 5,
    details: { bandwidthLimitInMbps: '9' },
    domainid: sub,
    domain: '/sub/',
    zone: 'zone1',
  });
  const volume = cloud.clientOf('worker').done('createVolume', {
    name: 'disk',
    zoneid: zoneNamed(cloud, 'zone1'),
    diskofferingid: made['id'],
  })['volume'] as Reply;
  expect(volume).toMatchObject({ size: 4 * 2 ** 30, diskofferingname: 'new' });
});

test('a custom offering leaves the size to the creator', () => {
  const cloud = createOfferingWorld();
  const made = cloud.clientOf('admin').call('createDiskOffering', {
    name: 'free',
    customized: true,
    storagetype: 'local',
    customizediops: false,
    miniops: 3,
    maxiops: 4,
  })['diskoffering'];
  expect(made).toMatchObject({
    displaytext: 'free',
    disksize: 0,
    iscustomized: true,
    storagetype: 'local',
    miniops: 3,
    maxiops: 4,
  });
});

const refusals: readonly (readonly [string, Values, string])[] = [
  ['no size', { name: 'new' }, 'Disksize is required for a non-customized disk offering'],
  [
    'a size in a custom one',
    { ...fixed, customized: true },
    'Disksize is not allowed for a customized disk offering',
  ],
  ['nothing', { name: 'new', disksize: 0 }, 'Please specify a disk size of at least 1 GB.'],
  ['too much', { name: 'new', disksize: 2_001 }, 'The maximum size for a disk is 2000 GB.'],
  [
    'another storage',
    { ...fixed, storagetype: 'tape' },
    "Invalid storage type tape specified, valid types are: 'local' and 'shared'",
  ],
  [
    'a rate above its maximum',
    { ...fixed, bytesreadrate: 2, bytesreadratemax: 1 },
    'Bytes Read rate (2) cannot be greater than Bytes Read maximum rate (1)',
  ],
  [
    'requests above their maximum',
    { ...fixed, iopswriterate: 2, iopswriteratemax: 1 },
    'IOPS Write rate (2) cannot be greater than IOPS Write maximum rate (1)',
  ],
  [
    'another cache mode',
    { ...fixed, cachemode: 'x' },
    'Invalid cache mode (x). Please specify one of the following valid cache mode parameters: none, writeback, writethrough or hypervisor_default.',
  ],
  [
    'a negative reserve',
    { ...fixed, hypervisorsnapshotreserve: -5 },
    'If provided, Hypervisor Snapshot Reserve must be greater than or equal to 0.',
  ],
  [
    'no least IOPS',
    { ...fixed, customizediops: false, maxiops: 4 },
    'The min IOPS must be greater than 0.',
  ],
];

for (const [what, values, errortext] of refusals) {
  test(`refused: ${what}`, () => {
    const { clientOf, world } = createOfferingWorld();
    const before = world.kernel.log.lastSeq;
    expect(clientOf('admin').fails('createDiskOffering', values)).toMatchObject({
      httpStatus: 431,
      errortext,
    });
    expect(world.kernel.log.lastSeq).toBe(before);
  });
}

test('who may not make such an offering makes none', () => {
  const cloud = createOfferingWorld();
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (caller: string, values: Values = {}): string =>
    cloud.clientOf(caller).fails('createDiskOffering', { ...fixed, ...values }).errortext;
  expect(refused('chief')).toContain('Unable to create public disk offering by admin: User {');
  expect(refused('chief', { domainid: domainAt(cloud, 'ROOT/far') })).toContain(
    'Unable to create disk offering by another domain-admin: ',
  );
  expect(refused('chief', { domainid: domainAt(cloud, 'ROOT/sub'), tags: 'a' })).toContain(
    'is unable to create disk offerings with storage tags.',
  );
  expect(refused('keeper')).toContain('because it is not root-admin or domain-admin');
  expect(cloud.clientOf('bosh').fails('createDiskOffering', fixed).httpStatus).toBe(432);
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});
