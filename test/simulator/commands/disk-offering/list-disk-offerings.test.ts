// Proves what disk offerings look like, custom ones too, and what the filters select.
import { expect, test } from '@playwright/test';
import type { IdentityWorld } from '../../../support/identity-world.js';
import { createNetworkWorld } from '../../../support/network-world.js';
import {
  createOfferingWorld,
  diskOffering,
  domainAt,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

test('shows fixed and custom offerings', () => {
  const { world, user } = createNetworkWorld();
  const { count, diskoffering } = user.call('listDiskOfferings');
  expect(count).toBe(2);
  expect(diskoffering[0]).toMatchObject({
    id: world.diskOfferings.all()[0]!.id,
    name: 'fixed',
    state: 'Active',
    disksize: 20,
    iscustomized: false,
    storagetype: 'shared',
    tags: 'fast',
  });
  expect(diskoffering[1]).toMatchObject({
    name: 'custom',
    disksize: 0,
    iscustomized: true,
    storagetype: 'local',
  });
  expect(diskoffering[1]).not.toHaveProperty('tags');
});

test('names match as a whole, keywords in part', () => {
  const { user, world } = createNetworkWorld();
  const { id } = world.diskOfferings.all()[1]!;
  expect(user.call('listDiskOfferings', { name: 'fix' })).toEqual({});
  expect(user.call('listDiskOfferings', { name: 'Fixed' })['count']).toBe(1);
  expect(user.call('listDiskOfferings', { keyword: 'fix' })['count']).toBe(1);
  expect(user.call('listDiskOfferings', { id })['diskoffering'][0].name).toBe('custom');
});

function found({ clientOf }: IdentityWorld, caller: string, values: Values = {}): string[] {
  const { diskoffering } = clientOf(caller).call('listDiskOfferings', values);
  return (diskoffering ?? []).map(({ name }: Reply) => name as string);
}

const everyones = ['five', 'custom', 'strict', 'fast', 'local'];

test('an offering of a domain is found there and below; a search by domain finds nothing else', () => {
  const cloud = createOfferingWorld();
  expect(found(cloud, 'admin')).toEqual([...everyones, 'sub', 'zoned']);
  expect(found(cloud, 'diver')).toEqual([...everyones, 'sub', 'zoned']);
  expect(found(cloud, 'bosh')).toEqual([...everyones, 'zoned']);
  const domainid = domainAt(cloud, 'ROOT/sub');
  for (const caller of ['admin', 'chief', 'diver']) {
    expect(found(cloud, caller, { domainid, name: 'other' })).toEqual(['sub']);
  }
  expect(found(cloud, 'admin', { domainid, account: 'worker', name: 'sub' })).toEqual(['sub']);
});

test('a search by zone, storage, volume, pool or state selects', () => {
  const cloud = createOfferingWorld();
  const { world, clientOf } = cloud;
  const bosh = (values: Values): string[] => found(cloud, 'bosh', values);
  const zoneid = zoneNamed(cloud, 'zone1');
  expect(bosh({ zoneid })).toEqual(everyones);
  expect(bosh({ storagetype: 'local' })).toEqual(['local']);
  expect(bosh({ encrypt: true })).toEqual([]);
  expect(bosh({ encrypt: false, name: 'FIVE' })).toEqual(['five']);
  expect(bosh({ storageid: world.storagePools.all()[0]!.id })).toEqual(['fast']);
  const volume = (name: string): string =>
    clientOf('bosh').done('createVolume', {
      name,
      zoneid,
      diskofferingid: diskOffering(cloud, name),
      ...(name === 'fast' && { size: 1 }),
    })['volume'].id as string;
  expect(bosh({ volumeid: volume('five') })).toEqual(['custom', 'fast', 'local', 'zoned']);
  expect(bosh({ volumeid: volume('strict') })).toEqual([]);
  expect(bosh({ volumeid: volume('fast') })).toEqual([]);
  expect(bosh({ state: 'all' })).toHaveLength(6);
});

test('what a caller may not ask for is refused', () => {
  const cloud = createOfferingWorld();
  const refused = (values: Values): Reply =>
    cloud.clientOf('worker').fails('listDiskOfferings', values);
  expect(refused({ domainid: domainAt(cloud, 'ROOT/far') })).toMatchObject({
    httpStatus: 531,
    errortext: 'The account:worker does not fall in the same domain hierarchy as the disk offering',
  });
  expect(refused({ isrecursive: true })).toMatchObject({
    httpStatus: 431,
    errortext: 'Only ROOT admins and Domain admins can list disk offerings with isrecursive=true',
  });
  const volume = cloud.clientOf('bosh').done('createVolume', {
    name: 'disk',
    zoneid: zoneNamed(cloud, 'zone1'),
    diskofferingid: diskOffering(cloud, 'five'),
  })['volume'] as Reply;
  const storageid = cloud.world.storagePools.all()[0]!.id;
  expect(refused({ volumeid: volume['id'], storageid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Both volume ID and storage pool ID are not allowed at the same time',
  });
  cloud.world.volumes.remove(cloud.world.volumes.require(volume['id'] as string));
  expect(refused({ volumeid: volume['id'] }).errortext).toMatch(
    /^Unable to find a volume with specified id \d+$/,
  );
});

test('an offering of another domain or zone is not to be used', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const bosh = cloud.clientOf('bosh');
  const zoneid = zoneNamed(cloud, 'zone1');
  const before = world.kernel.log.lastSeq;
  for (const name of ['sub', 'zoned']) {
    const diskofferingid = diskOffering(cloud, name);
    expect(bosh.fails('createVolume', { name: 'x', zoneid, diskofferingid })).toMatchObject({
      httpStatus: 531,
      errortext: expect.stringMatching(
        /^Access denied to Account \[.*\] for disk offering: DiskOffering \{.*\}\., zone: Zone \{.*\} by DomainChecker$/,
      ),
    });
    const vm = {
      zoneid,
      templateid: world.templates.all()[0]!.id,
      networkids: world.networks.all()[0]!.id,
      serviceofferingid: world.serviceOfferings.all()[0]!.id,
    };
    expect(bosh.fails('deployVirtualMachine', { ...vm, diskofferingid })).toMatchObject({
      httpStatus: 531,
      errortext: expect.stringContaining("There's no way to confirm Account ["),
    });
    const serviceofferingid = world.serviceOfferings.all().find((row) => row.name === name)!.id;
    expect(bosh.fails('deployVirtualMachine', { ...vm, serviceofferingid })).toMatchObject({
      httpStatus: 531,
      errortext: expect.stringContaining('has access to Service offering {'),
    });
  }
  expect(world.kernel.log.lastSeq).toBe(before);
  const volume = bosh.done('createVolume', {
    name: 'disk',
    zoneid,
    diskofferingid: diskOffering(cloud, 'custom'),
    size: 1,
  })['volume'] as Reply;
  const diskofferingid = diskOffering(cloud, 'sub');
  for (const command of ['resizeVolume', 'changeOfferingForVolume']) {
    const outcome = bosh.run(command, { id: volume['id'], diskofferingid });
    expect(outcome).toMatchObject({
      status: 2,
      resultcode: 530,
      result: { errortext: expect.stringContaining('Access denied to Account [') },
    });
  }
});
