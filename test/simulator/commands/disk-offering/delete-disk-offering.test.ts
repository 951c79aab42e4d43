// Proves that a deleted disk offering is no longer offered, that its volumes keep it, and who may
// delete which.
import { expect, test } from '@playwright/test';
import { createOfferingWorld, diskOffering, zoneNamed } from '../../../support/offering-world.js';

test('no volume can be created with it any more; its volumes keep it', () => {
  const cloud = createOfferingWorld();
  const bosh = cloud.clientOf('bosh');
  const id = diskOffering(cloud, 'five');
  const disk = { name: 'disk', zoneid: zoneNamed(cloud, 'zone1'), diskofferingid: id };
  bosh.done('createVolume', disk);
  expect(cloud.clientOf('admin').call('deleteDiskOffering', { id })).toEqual({ success: true });
  expect(bosh.call('listDiskOfferings', { id })).toEqual({});
  expect(bosh.call('listDiskOfferings', { id, state: 'Inactive' })['count']).toBe(1);
  expect(bosh.call('listVolumes')['volume'][0].diskofferingname).toBe('five');
  expect(bosh.fails('createVolume', disk)).toMatchObject({
    httpStatus: 431,
    errortext: 'Please specify a valid disk offering.',
  });
});

test('a domain admin deletes those of its own domains alone', () => {
  const cloud = createOfferingWorld();
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (caller: string): string =>
    cloud.clientOf(caller).fails('deleteDiskOffering', { id: diskOffering(cloud, 'five') })
      .errortext;
  expect(refused('chief')).toContain('Unable to delete public disk offering: DiskOffering {');
  expect(refused('keeper')).toContain('because it is not root-admin or domain-admin');
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
  const sub = { id: diskOffering(cloud, 'sub') };
  expect(cloud.clientOf('chief').call('deleteDiskOffering', sub)).toEqual({ success: true });
});
