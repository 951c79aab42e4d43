// Proves what can be changed of a disk offering, by whom, and that a refusal changes nothing.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  diskOffering,
  domainAt,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

test('changes how an offering looks, its rates and its place in lists', () => {
  const cloud = createOfferingWorld();
  const changed = cloud.clientOf('admin').call('updateDiskOffering', {
    id: diskOffering(cloud, 'custom'),
    name: 'free',
    displaytext: 'Any size',
    sortkey: -3,
    displayoffering: false,
    tags: 'a, b',
    iopsreadrate: 7,
    cachemode: 'none',
  })['diskoffering'];
  expect(changed).toMatchObject({
    name: 'free',
    displaytext: 'Any size',
    displayoffering: false,
    tags: 'a,b',
    diskIopsReadRate: 7,
    cacheMode: 'none',
  });
  const [first] = cloud.clientOf('bosh').call('listDiskOfferings')['diskoffering'] as Reply[];
  expect(first).toEqual(changed);
});

test('an offering is bound, freed, put away and taken back', () => {
  const cloud = createOfferingWorld();
  const id = diskOffering(cloud, 'five');
  const update = (values: Values): Reply =>
    cloud.clientOf('admin').call('updateDiskOffering', { id, ...values })['diskoffering'] as Reply;
  expect(update({ domainid: domainAt(cloud, 'ROOT/far') })['domain']).toBe('/far/');
  expect(update({ zoneid: zoneNamed(cloud, 'zone2') })['zone']).toBe('zone2');
  expect(update({ domainid: 'public', zoneid: 'all' })).not.toHaveProperty('zone');
  expect(update({ state: 'Inactive' })['state']).toBe('Inactive');
  expect(update({ state: 'Active' })['state']).toBe('Active');
});

test('what a domain admin may not change', () => {
  const cloud = createOfferingWorld();
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (name: string, values: Values, caller = 'chief'): string =>
    cloud.clientOf(caller).fails('updateDiskOffering', { id: diskOffering(cloud, name), ...values })
      .errortext;
  expect(refused('sub', { zoneid: zoneNamed(cloud, 'zone2') })).toContain(
    'Unable to update zone(s) for disk offering [DiskOffering {',
  );
  expect(refused('five', { name: 'x' })).toContain('Unable to update public disk offering [');
  expect(refused('sub', { domainid: 'public' })).toContain('] to a public offering by user [');
  expect(refused('sub', { tags: 'a' })).toContain('is unable to update disk offering tags.');
  const far = domainAt(cloud, 'ROOT/far');
  expect(refused('sub', { domainid: far })).toContain(
    `with domain [${far}] which is not a child domain.`,
  );
  expect(refused('five', {}, 'keeper')).toContain('because it is not root-admin or domain-admin');
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});

test('rates, cache modes and ids that do not fit are refused', () => {
  const cloud = createOfferingWorld();
  const id = diskOffering(cloud, 'five');
  const before = cloud.world.kernel.log.lastSeq;
  for (const [values, errortext] of [
    [
      { iopsreadrate: 2, iopsreadratemax: 1 },
      'IOPS Read rate (2) cannot be greater than IOPS Read maximum rate (1)',
    ],
    [
      { domainid: 'x' },
      'Failed to create disk offering because invalid domain has been specified.',
    ],
    [{ zoneid: 'x' }, 'Failed to create disk offering because invalid zone has been specified.'],
    [{ state: 'x' }, 'Invalid state value: x'],
  ] as const) {
    expect(cloud.clientOf('admin').fails('updateDiskOffering', { id, ...values })).toMatchObject({
      httpStatus: 431,
      errortext,
    });
  }
  const { errortext } = cloud
    .clientOf('admin')
    .fails('updateDiskOffering', { id, cachemode: 'fast' });
  expect(errortext).toContain('Invalid cache mode (fast).');
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});

test('tags that the pool of a volume lacks are refused', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const id = diskOffering(cloud, 'five');
  cloud.clientOf('bosh').done('deployVirtualMachine', {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    diskofferingid: id,
  });
  expect(cloud.clientOf('admin').fails('updateDiskOffering', { id, tags: 'slow' })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringContaining("doesn't have the new tags. The following volumes"),
  });
});
