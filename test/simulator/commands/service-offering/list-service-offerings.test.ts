// Proves what compute offerings look like, custom ones too, and what the filters select.
import { expect, test } from '@playwright/test';
import type { IdentityWorld } from '../../../support/identity-world.js';
import { createNetworkWorld } from '../../../support/network-world.js';
import {
  createOfferingWorld,
  domainAt,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

test('shows offerings to everybody alike', () => {
  const { world, admin, user } = createNetworkWorld();
  const { count, serviceoffering } = user.call('listServiceOfferings');
  expect(count).toBe(3);
  expect(serviceoffering[0]).toMatchObject({
    id: world.serviceOfferings.all()[0]!.id,
    name: 'small',
    displaytext: 'small',
    state: 'Active',
    cpunumber: 1,
    cpuspeed: 1_000,
    memory: 512,
    storagetype: 'shared',
    hosttags: 'ssd,x86',
    iscustomized: false,
    rootdisksize: 0,
  });
  expect(serviceoffering[1]).toMatchObject({ storagetype: 'local' });
  expect(admin.call('listServiceOfferings')['serviceoffering']).toEqual(serviceoffering);
});

test('a custom offering has no CPU and no memory', () => {
  const { user } = createNetworkWorld();
  const [custom] = user.call('listServiceOfferings', { name: 'CUSTOM' })['serviceoffering'];
  expect(custom).toMatchObject({ name: 'custom', iscustomized: true });
  expect(custom).not.toHaveProperty('cpunumber');
  expect(custom).not.toHaveProperty('cpuspeed');
  expect(custom).not.toHaveProperty('memory');
});

test('names match as a whole, keywords in part', () => {
  const { user, admin, world } = createNetworkWorld();
  const { id } = world.serviceOfferings.all()[1]!;
  expect(user.call('listServiceOfferings', { name: 'smal' })).toEqual({});
  expect(user.call('listServiceOfferings', { keyword: 'smal' })['count']).toBe(1);
  expect(user.call('listServiceOfferings', { id })['serviceoffering'][0].name).toBe('local');
  expect(admin.call('listServiceOfferings', { issystem: true })).toEqual({});
  expect(user.fails('listServiceOfferings', { issystem: true })).toMatchObject({
    httpStatus: 431,
    errortext: 'Only ROOT admins can access system offerings.',
  });
  expect(user.call('listServiceOfferings', { issystem: false, listall: true })['count']).toBe(3);
});

test('an unknown id is refused', () => {
  const { user } = createNetworkWorld();
  const id = '00000000-0000-4000-8000-000000000000';
  expect(user.fails('listServiceOfferings', { id })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringContaining(`Invalid parameter id value=${id} due to`),
  });
});

/** The names that an account finds. */
function found({ clientOf }: IdentityWorld, caller: string, values: Values = {}): string[] {
  const { serviceoffering } = clientOf(caller).call('listServiceOfferings', values);
  return (serviceoffering ?? []).map(({ name }: Reply) => name as string);
}

const everyones = ['one', 'two', 'local', 'custom', 'ranged'];

test('an offering of a domain is found there, below, and by those above who ask for it', () => {
  const cloud = createOfferingWorld();
  expect(found(cloud, 'admin')).toEqual([...everyones, 'sub', 'far', 'zoned']);
  for (const caller of ['chief', 'worker', 'diver']) {
    expect(found(cloud, caller)).toEqual([...everyones, 'sub', 'zoned']);
  }
  expect(found(cloud, 'stranger')).toEqual([...everyones, 'far', 'zoned']);
  expect(found(cloud, 'bosh')).toEqual([...everyones, 'zoned']);
  const domainid = domainAt(cloud, 'ROOT/sub');
  expect(found(cloud, 'admin', { domainid })).toEqual(['sub']);
  expect(found(cloud, 'admin', { domainid, account: 'worker' })).toEqual([
    ...everyones,
    'sub',
    'zoned',
  ]);
  cloud.world.serviceOfferings.change(
    cloud.world.serviceOfferings.require(serviceOffering(cloud, 'far')),
    { domainIds: [domainAt(cloud, 'ROOT/sub/deep')] },
  );
  expect(found(cloud, 'chief', { isrecursive: true })).toContain('far');
  expect(found(cloud, 'chief')).not.toContain('far');
});

test('a search by zone, storage, state or size selects', () => {
  const cloud = createOfferingWorld();
  const bosh = (values: Values): string[] => found(cloud, 'bosh', values);
  expect(bosh({ zoneid: zoneNamed(cloud, 'zone1') })).toEqual(everyones);
  expect(bosh({ zoneid: zoneNamed(cloud, 'zone2') })).toEqual([...everyones, 'zoned']);
  expect(bosh({ storagetype: 'LOCAL' })).toEqual(['local']);
  expect(bosh({ storagetype: 'shared' })).not.toContain('local');
  expect(bosh({ storagetype: 'tape' })).toHaveLength(6);
  expect(bosh({ encryptroot: true })).toEqual([]);
  expect(bosh({ cpunumber: 2 })).toEqual(['two', 'custom', 'ranged']);
  expect(bosh({ cpunumber: 5 })).toEqual(['custom']);
  expect(bosh({ memory: 1_024 })).toEqual(['two', 'custom', 'ranged']);
  expect(bosh({ memory: 8_192 })).toEqual(['custom']);
  expect(bosh({ cpuspeed: 1_500 })).toEqual(['two', 'custom', 'ranged']);
  cloud.clientOf('admin').call('deleteServiceOffering', { id: serviceOffering(cloud, 'one') });
  expect(bosh({ state: 'inactive' })).toEqual(['one']);
  expect(bosh({ state: 'ALL' })).toHaveLength(6);
  expect(bosh({})).toHaveLength(5);
});

test('for a VM it shows what the VM could be scaled to', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const bosh = cloud.clientOf('bosh');
  const deploy = (name: string): string =>
    bosh.done('deployVirtualMachine', {
      zoneid: zoneNamed(cloud, 'zone1'),
      templateid: world.templates.all()[0]!.id,
      networkids: world.networks.all()[0]!.id,
      serviceofferingid: serviceOffering(cloud, name),
    })['virtualmachine'].id as string;
  const two = deploy('two');
  expect(found(cloud, 'bosh', { virtualmachineid: two })).toEqual(['custom']);
  bosh.done('stopVirtualMachine', { id: two });
  expect(found(cloud, 'bosh', { virtualmachineid: two })).toEqual([
    'one',
    'custom',
    'ranged',
    'zoned',
  ]);
  const local = deploy('local');
  expect(found(cloud, 'bosh', { virtualmachineid: local })).toEqual([]);
});

test('what a caller may not ask for is refused', () => {
  const cloud = createOfferingWorld();
  const { world, clientOf } = cloud;
  const refused = (caller: string, values: Values): Reply =>
    clientOf(caller).fails('listServiceOfferings', values);
  const domainid = domainAt(cloud, 'ROOT/far');
  expect(refused('worker', { domainid })).toMatchObject({
    httpStatus: 531,
    errortext:
      'The account:worker does not fall in the same domain hierarchy as the service offering',
  });
  expect(refused('worker', { isrecursive: true })).toMatchObject({
    httpStatus: 431,
    errortext:
      'Only ROOT admins and Domain admins can list service offerings with isrecursive=true',
  });
  expect(refused('worker', { state: 'Sleepy' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid state value: Sleepy',
  });
  const vm = clientOf('bosh').call('deployVirtualMachine', {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: serviceOffering(cloud, 'one'),
  })['id'] as string;
  expect(refused('stranger', { virtualmachineid: vm }).httpStatus).toBe(531);
  world.vms.remove(world.vms.require(vm));
  expect(refused('bosh', { virtualmachineid: vm })).toMatchObject({
    httpStatus: 431,
    errortext: 'unable to find a virtual machine with specified id',
  });
});
