// Proves what can be changed of a compute offering, by whom, and that a refusal changes nothing.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  domainAt,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

test('changes how an offering looks, and the place it has in lists', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const changed = admin.call('updateServiceOffering', {
    id: serviceOffering(cloud, 'two'),
    name: 'deux',
    displaytext: 'Two cores',
    sortkey: -1,
    hosttags: 'gpu, ssd',
    storagetags: 'fast',
  })['serviceoffering'];
  expect(changed).toMatchObject({
    name: 'deux',
    displaytext: 'Two cores',
    hosttags: 'gpu,ssd',
    storagetags: 'fast',
  });
  const [first] = cloud.clientOf('bosh').call('listServiceOfferings')['serviceoffering'] as Reply[];
  expect(first).toEqual(changed);
  const bare = admin.call('updateServiceOffering', { id: changed.id, hosttags: ' ' });
  expect(bare['serviceoffering']).not.toHaveProperty('hosttags');
});

test('an offering comes and goes', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = serviceOffering(cloud, 'one');
  const state = (value: string): unknown =>
    admin.call('updateServiceOffering', { id, state: value })['serviceoffering'].state;
  expect(state('INACTIVE')).toBe('Inactive');
  expect(admin.call('listServiceOfferings', { id })).toEqual({});
  expect(state('active')).toBe('Active');
  expect(admin.call('listServiceOfferings', { id })['count']).toBe(1);
});

test('an offering is bound to domains and zones, and freed again', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = serviceOffering(cloud, 'one');
  const update = (values: Values): Reply =>
    admin.call('updateServiceOffering', { id, ...values })['serviceoffering'] as Reply;
  const [sub, far] = [domainAt(cloud, 'ROOT/sub'), domainAt(cloud, 'ROOT/far')];
  expect(update({ domainid: `${sub}, ${far}` })['domain']).toBe('sub,far');
  expect(update({ zoneid: zoneNamed(cloud, 'zone2') })).toMatchObject({
    zone: 'zone2',
    domain: 'sub,far',
  });
  const freed = update({ domainid: 'public', zoneid: 'all' });
  expect(freed).not.toHaveProperty('domain');
  expect(freed).not.toHaveProperty('zone');
});

test('a domain admin changes offerings of its own domains; those of others stay with them', () => {
  const cloud = createOfferingWorld();
  const chief = cloud.clientOf('chief');
  const id = serviceOffering(cloud, 'sub');
  expect(chief.call('updateServiceOffering', { id, name: 'ours' })['serviceoffering'].name).toBe(
    'ours',
  );
  const [sub, far] = [domainAt(cloud, 'ROOT/sub'), domainAt(cloud, 'ROOT/far')];
  cloud.clientOf('admin').call('updateServiceOffering', { id, domainid: `${sub},${far}` });
  const deep = domainAt(cloud, 'ROOT/sub/deep');
  const moved = chief.call('updateServiceOffering', { id, domainid: deep })['serviceoffering'];
  expect(moved.domain).toBe('deep,far');
});

test('what a domain admin may not change', () => {
  const cloud = createOfferingWorld();
  const chief = cloud.clientOf('chief');
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (name: string, values: Values, caller = chief): string =>
    caller.fails('updateServiceOffering', { id: serviceOffering(cloud, name), ...values })
      .errortext;
  expect(refused('sub', { zoneid: zoneNamed(cloud, 'zone2') })).toContain(
    'Unable to update zone(s) for service offering: Service offering {',
  );
  expect(refused('one', { name: 'x' })).toContain('Unable to update public service offering: ');
  expect(refused('sub', { domainid: 'public' })).toContain(' to a public offering by user: User {');
  expect(refused('sub', { hosttags: 'a' })).toContain('unable to update storage tags or host tags');
  expect(refused('far', { name: 'x' })).toContain(
    'as it has linked domain(s) which are not child domain for domain-admin: ',
  );
  expect(refused('sub', { domainid: domainAt(cloud, 'ROOT/far') })).toContain(
    'which is not a child domain',
  );
  expect(refused('one', { name: 'x' }, cloud.clientOf('keeper'))).toContain(
    'because it is not root-admin or domain-admin',
  );
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});

test('refused are domains, zones and states that there are not', () => {
  const cloud = createOfferingWorld();
  const id = serviceOffering(cloud, 'one');
  const before = cloud.world.kernel.log.lastSeq;
  for (const [values, errortext] of [
    [
      { domainid: 'ROOT' },
      'Failed to create service offering because invalid domain has been specified.',
    ],
    [
      { zoneid: 'all,all' },
      'Failed to create service offering because invalid zone has been specified.',
    ],
    [{ state: 'tired' }, 'Invalid state value: tired'],
  ] as const) {
    expect(cloud.clientOf('admin').fails('updateServiceOffering', { id, ...values })).toMatchObject(
      { httpStatus: 431, errortext },
    );
  }
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});

test('tags that the hosts or pools of its VMs lack are refused', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const id = serviceOffering(cloud, 'two');
  cloud.clientOf('bosh').done('deployVirtualMachine', {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: id,
  });
  const admin = cloud.clientOf('admin');
  const before = world.kernel.log.lastSeq;
  expect(admin.fails('updateServiceOffering', { id, hosttags: 'gpu,ssd' }).errortext).toMatch(
    /^There are active VMs using offering \[Service offering .*\], and the hosts \[\[Host .*\]\] don't have the new tags$/,
  );
  expect(admin.fails('updateServiceOffering', { id, storagetags: 'slow' }).errortext).toMatch(
    /^There are active volumes using the disk offering .*, and the pool .*"primary1".* doesn't have the new tags\./,
  );
  expect(world.kernel.log.lastSeq).toBe(before);
  expect(
    admin.call('updateServiceOffering', { id, storagetags: 'fast' })['serviceoffering'].storagetags,
  ).toBe('fast');
});
