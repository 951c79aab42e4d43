// Proves what settings show, to whom, and what the filters select.
import { expect, test } from '@playwright/test';
import { accountOf, createIdentityWorld, domainOf } from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

function names(client: TestClient, values: Values = {}): string[] {
  const { configuration } = client.call('listConfigurations', values);
  return (configuration ?? []).map(({ name }: Reply) => name as string);
}

test('shows a setting with its default, its type and how it takes effect', () => {
  const { clientOf } = createIdentityWorld({ settings: { 'expunge.delay': 60 } });
  const [delay] = clientOf('admin').call('listConfigurations', { name: 'expunge.delay' })[
    'configuration'
  ];
  expect(delay).toEqual({
    category: 'Advanced',
    group: 'Management Server',
    subgroup: 'Limits',
    name: 'expunge.delay',
    value: '60',
    defaultvalue: '86400',
    description: 'Seconds until a destroyed VM may be expunged',
    isdynamic: false,
    component: 'UserVmManager',
    displaytext: 'Expunge delay',
    type: 'Number',
  });
  const limit = clientOf('admin').call('listConfigurations', { name: 'max.domain.cpus' });
  expect(limit['configuration'][0]).toMatchObject({
    category: 'Domain Defaults',
    isdynamic: false,
  });
});

test("lists CloudStack's settings by name, and none of the simulator's own", () => {
  const { clientOf } = createIdentityWorld();
  const all = names(clientOf('admin'));
  expect(all).toEqual([...all].sort());
  expect(all).toContain('default.page.size');
  expect(all.filter((name) => /^duration|^ssvm|cloudstack.version/.test(name))).toEqual([]);
});

test('the filters select', () => {
  const { clientOf } = createIdentityWorld();
  const admin = clientOf('admin');
  expect(names(admin, { name: 'EXPUNGE.' })).toEqual([
    'allow.user.expunge.recover.vm',
    'allow.user.expunge.recover.volume',
    'expunge.delay',
    'expunge.interval',
  ]);
  expect(names(admin, { category: 'snapshots' })).toEqual([
    'kvm.snapshot.enabled',
    'snapshot.backup.to.secondary',
  ]);
  expect(names(admin, { keyword: 'SnapshotManager' })).toHaveLength(2);
  expect(names(admin, { keyword: 'Prefix of default VM names' })).toEqual(['instance.name']);
  expect(names(admin, { page: 1, pagesize: 2 })).toHaveLength(2);
});

test('a group is listed as a whole, whatever page is asked for', () => {
  const { clientOf } = createIdentityWorld();
  const admin = clientOf('admin');
  const group = 'Storage';
  const whole = admin.call('listConfigurations', { group });
  expect(whole['count']).toBe(whole['configuration'].length);
  expect(whole['configuration'].length).toBeGreaterThan(2);
  for (const page of [
    { page: 1, pagesize: 2 },
    { page: 9, pagesize: 100_000 },
  ]) {
    expect(admin.call('listConfigurations', { group, ...page })).toEqual(whole);
  }
  expect(admin.fails('listConfigurations', { page: 1, pagesize: 100_000 }).httpStatus).toBe(431);
});

test('of what is listed for a resource only the page is counted', () => {
  const identity = createIdentityWorld();
  const admin = identity.clientOf('admin');
  const accountid = accountOf(identity, 'bosh').id;
  const asked = { accountid, pagesize: 2 };
  expect(admin.call('listConfigurations', { ...asked, page: 1 })['count']).toBe(2);
  expect(admin.call('listConfigurations', { ...asked, page: 99 })).toEqual({});
  const ofAll = admin.call('listConfigurations', { page: 1, pagesize: 2 });
  expect(ofAll['count']).toBeGreaterThan(2);
});

test('for an account it shows what accounts can have of their own, and the value there', () => {
  const identity = createIdentityWorld();
  const { clientOf } = identity;
  const admin = clientOf('admin');
  const accountid = accountOf(identity, 'bosh').id;
  const name = 'allow.user.expunge.recover.vm';
  admin.call('updateConfiguration', { name, value: true, accountid });
  const valueFor = (account: string): Reply =>
    admin.call('listConfigurations', { name, accountid: accountOf(identity, account).id })[
      'configuration'
    ][0] as Reply;
  expect(valueFor('bosh')).toMatchObject({ value: 'true', scope: 'account' });
  expect(valueFor('other')).toMatchObject({ value: 'false', scope: 'account' });
  expect(names(admin, { accountid })).not.toContain('expunge.delay');
  const [cluster] = identity.world.clusters.all();
  expect(names(admin, { clusterid: cluster!.id })).toEqual([
    'cluster.cpu.allocated.capacity.disablethreshold',
    'cluster.memory.allocated.capacity.disablethreshold',
    'cpu.overprovisioning.factor',
    'mem.overprovisioning.factor',
  ]);
});

test('a domain admin sees what its domain can have of its own, users do not know the command', () => {
  const identity = createIdentityWorld();
  const { clientOf } = identity;
  expect(names(clientOf('chief'))).toEqual([
    'api.key.access',
    'destroy.root.volume.on.vm.destruction',
  ]);
  const accountid = accountOf(identity, 'worker').id;
  const own = names(clientOf('chief'), { accountid });
  expect(own).toContain('allow.user.expunge.recover.vm');
  expect(own).not.toContain('expunge.delay');
  for (const caller of ['bosh', 'keeper']) {
    expect(clientOf(caller).fails('listConfigurations').httpStatus).toBe(432);
  }
});

test('more than one resource, and one of others, is refused', () => {
  const identity = createIdentityWorld();
  const { clientOf } = identity;
  const accountid = accountOf(identity, 'stranger').id;
  const domainid = domainOf(identity, 'ROOT/far').id;
  expect(clientOf('admin').fails('listConfigurations', { accountid, domainid })).toMatchObject({
    httpStatus: 431,
    errortext: 'cannot handle multiple IDs, provide only one ID corresponding to the scope',
  });
  expect(clientOf('chief').fails('listConfigurations', { accountid }).httpStatus).toBe(531);
  expect(clientOf('chief').fails('listConfigurations', { domainid }).httpStatus).toBe(531);
});
