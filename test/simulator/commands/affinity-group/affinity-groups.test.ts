// Proves the commands about affinity groups themselves: creation, the two lists and deletion, whose
// groups each caller reaches, and every refusal with its text and without a trace.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { group, member } from '../../../support/simulator-affinity.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { deployed, listed, networkId, refusedUnchanged } from '../../../support/simulator-vms.js';

const GONE = '00000000-0000-4000-8000-000000000000';

function groups(client: TestClient, values: Values = {}): Reply[] {
  return (client.call('listAffinityGroups', values)['affinitygroup'] ?? []) as Reply[];
}

function names(client: TestClient, values: Values = {}): string[] {
  return groups(client, values).map((row) => row['name'] as string);
}

test('a group is there as soon as its creation is answered, and its job tells it', () => {
  const { user, simulator } = testSimulator();
  const { id, jobid } = user.call('createAffinityGroup', {
    name: 'web',
    type: 'host anti-affinity',
    description: 'apart',
  });
  const expected = {
    id,
    name: 'web',
    description: 'apart',
    account: 'bosh',
    domainid: simulator.world.domains.all()[0]!.id,
    domain: 'ROOT',
    domainpath: 'ROOT',
    type: 'host anti-affinity',
  };
  expect(groups(user)).toEqual([expected]);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid as string).result).toEqual({ affinitygroup: expected });
  expect(user.call('queryAsyncJobResult', { jobid })).toMatchObject({
    jobinstancetype: 'AffinityGroup',
    cmd: 'org.apache.cloudstack.api.command.user.affinitygroup.CreateAffinityGroupCmd',
  });
});

test('the types are listed, but for the one of root admins', () => {
  const { user, admin } = testSimulator();
  for (const client of [user, admin]) {
    expect(client.call('listAffinityGroupTypes')).toEqual({
      count: 4,
      affinityGroupType: [
        { type: 'host anti-affinity' },
        { type: 'host affinity' },
        { type: 'non-strict host affinity' },
        { type: 'non-strict host anti-affinity' },
      ],
    });
  }
});

test('a name that is taken in the account, whatever its case, is refused', () => {
  const world = testSimulator();
  const { user, admin } = world;
  group(user, 'Web');
  const refused = refusedUnchanged(world, user, 'createAffinityGroup', {
    name: 'wEB',
    type: 'host affinity',
  });
  expect(refused).toMatchObject({
    httpStatus: 431,
    cserrorcode: 4350,
    errortext: 'Unable to create affinity group, a group with name wEB already exists.',
  });
  group(admin, 'Web');
});

test('an unknown type is refused with those that there are; dedication is not for users', () => {
  const world = testSimulator();
  const create = (client: TestClient, type: string) =>
    refusedUnchanged(world, client, 'createAffinityGroup', { name: 'web', type });
  expect(create(world.user, 'anti')).toMatchObject({
    httpStatus: 431,
    errortext:
      'Unable to create affinity group, invalid affinity group type: anti. Valid values are ' +
      'non-strict host affinity,host affinity,host anti-affinity,ExplicitDedication,' +
      'non-strict host anti-affinity',
  });
  expect(create(world.user, 'Host Anti-Affinity').httpStatus).toBe(431);
  expect(create(world.user, 'ExplicitDedication')).toMatchObject({
    httpStatus: 531,
    errortext: 'Cannot create the affinity group',
  });
  expect(create(world.admin, 'ExplicitDedication')).toMatchObject({ httpStatus: 432 });
});

test('a name and a type must be given, and not be too long', () => {
  const world = testSimulator();
  const create = (values: Values) =>
    refusedUnchanged(world, world.user, 'createAffinityGroup', values).errortext;
  const type = 'host affinity';
  const missing = 'Unable to execute API command createaffinitygroup due to missing parameter';
  expect(create({ type })).toBe(`${missing} name`);
  expect(create({ name: 'web' })).toBe(`${missing} type`);
  expect(create({ name: '', type })).toBe('Invalid value provided for API arg: name');
  expect(create({ name: 'x'.repeat(256), type })).toContain('max allowed length 255');
  expect(create({ name: 'x'.repeat(192), type })).toMatch(/^Internal error executing command/);
  expect(create({ name: 'web', type, zoneid: 'x' })).toContain('zoneid');
  expect(world.user.run('createAffinityGroup', { name: 'x'.repeat(191), type }).status).toBe(1);
  const older = testSimulator({
    world: { ...advancedKvm, settings: { 'cloudstack.version': '4.19.3.0' } },
  });
  expect(older.user.run('createAffinityGroup', { name: 'x'.repeat(255), type }).status).toBe(1);
});

test('admins make groups for others, users only for themselves', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const domainid = simulator.world.domains.all()[0]!.id;
  const type = 'host affinity';
  admin.done('createAffinityGroup', { name: 'theirs', type, account: 'bosh', domainid });
  user.done('createAffinityGroup', { name: 'mine', type, account: 'bosh', domainid });
  expect(names(user)).toEqual(['theirs', 'mine']);
  const create = (client: TestClient, values: Values) =>
    refusedUnchanged(world, client, 'createAffinityGroup', { name: 'web', type, ...values });
  expect(create(user, { account: 'admin', domainid })).toMatchObject({
    httpStatus: 531,
    errortext: "Can't create/list resources for account admin in domain 1, permission denied",
  });
  expect(create(admin, { account: 'bosh' }).errortext).toBe(
    'AccountName and domainId must be specified together',
  );
  expect(create(user, { domainid }).errortext).toBe(
    'Unable to create affinity group, account name must be passed with the domainId',
  );
  expect(create(admin, { domainid }).errortext).toBe(
    'Unable to create affinity group, account name is needed. Affinity group type host affinity ' +
      'cannot be shared domain wide',
  );
  expect(create(admin, { account: 'nobody', domainid }).errortext).toBe(
    `Unable to find account nobody in domain ${domainid}`,
  );
});

test('the list: by id, name, type, keyword, and whose they are', () => {
  const { user, admin } = testSimulator();
  const web = group(user, 'web');
  group(user, 'db', 'host affinity');
  const foreign = group(admin, 'web');
  expect(names(user)).toEqual(['web', 'db']);
  expect(names(user, { id: web })).toEqual(['web']);
  expect(names(user, { id: foreign })).toEqual([]);
  expect(names(user, { name: 'WEB' })).toEqual(['web']);
  expect(names(user, { name: 'we' })).toEqual([]);
  expect(names(user, { keyword: 'E' })).toEqual(['web']);
  expect(names(user, { keyword: 'anti' })).toEqual(['web']);
  expect(names(user, { type: 'host affinity' })).toEqual(['db']);
  expect(names(admin)).toEqual(['web']);
  expect(names(admin, { id: web })).toEqual(['web']);
  expect(names(admin, { listall: true })).toEqual(['web', 'db', 'web']);
  expect(user.call('listAffinityGroups', { page: 2, pagesize: 1 })).toMatchObject({
    count: 2,
    affinitygroup: [{ name: 'db' }],
  });
  expect(user.fails('listAffinityGroups', { id: GONE }).errortext).toContain(
    `Invalid parameter id value=${GONE}`,
  );
});

test('the list of one VM, which must be the caller’s and there', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const web = group(user, 'web');
  group(user, 'db');
  const vm = member(world, user, web);
  expect(groups(user, { virtualmachineid: vm })).toMatchObject([
    { name: 'web', virtualmachineIds: [vm] },
  ]);
  const foreign = deployed(world, admin, { networkids: networkId(world, 'NET_SHARED') });
  expect(user.fails('listAffinityGroups', { virtualmachineid: foreign['id'] }).httpStatus).toBe(
    531,
  );
  admin.done('destroyVirtualMachine', { id: vm, expunge: true });
  expect(user.fails('listAffinityGroups', { virtualmachineid: vm }).errortext).toBe(
    'Unable to list affinity groups for virtual machine instance 1; instance not found.',
  );
});

test('a deleted group is gone altogether, and its VMs go on without it', () => {
  const world = testSimulator();
  const { user } = world;
  const id = group(user, 'web');
  const vm = member(world, user, id);
  expect(user.done('deleteAffinityGroup', { id })).toEqual({ success: true });
  expect(groups(user)).toEqual([]);
  expect(listed(user, { id: vm })).toMatchObject({ state: 'Running', affinitygroup: [] });
  for (const command of ['listAffinityGroups', 'deleteAffinityGroup']) {
    expect(refusedUnchanged(world, user, command, { id }).errortext).toContain(
      `Invalid parameter id value=${id} due to incorrect long value format`,
    );
  }
  assertSound(world.simulator);
});

test('a group is deleted by its name, the id wins over it', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const web = group(user, 'web');
  group(user, 'db');
  group(user, 'lb');
  user.done('deleteAffinityGroup', { id: web, name: 'db' });
  expect(names(user)).toEqual(['db', 'lb']);
  user.done('deleteAffinityGroup', { name: 'DB' });
  const domainid = simulator.world.domains.all()[0]!.id;
  admin.done('deleteAffinityGroup', { name: 'lb', account: 'bosh', domainid });
  expect(names(user)).toEqual([]);
});

test('a deletion that names no group, or a foreign one, is refused', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const foreign = group(admin, 'web');
  const text = (values: Values) => user.run('deleteAffinityGroup', values);
  expect(text({})).toMatchObject({
    resultcode: 431,
    result: {
      errortext: 'Either the affinity group Id or group name must be specified to delete the group',
    },
  });
  expect(text({ name: 'web' })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Unable to find affinity group web' },
  });
  expect(refusedUnchanged(world, user, 'deleteAffinityGroup', { id: foreign })).toMatchObject({
    httpStatus: 531,
    cserrorcode: 4365,
  });
  const id = networkId(world, 'NET_CS');
  expect(refusedUnchanged(world, user, 'deleteAffinityGroup', { id }).httpStatus).toBe(431);
  const domainid = world.simulator.world.domains.all()[0]!.id;
  expect(admin.run('deleteAffinityGroup', { name: 'web', domainid }).resultcode).toBe(431);
  expect(names(admin)).toEqual(['web']);
});

test('of two deletions that are under way the second one fails', () => {
  const { user, simulator } = testSimulator();
  const id = group(user, 'web');
  const [first, second] = [1, 2].map(
    () => user.call('deleteAffinityGroup', { id })['jobid'] as string,
  );
  simulator.kernel.advanceUntilIdle();
  expect(user.job(first!).status).toBe(1);
  expect(user.job(second!)).toMatchObject({ status: 2, resultcode: 431 });
});

test('a group that is deleted before its creation’s job ends fails that job', () => {
  const { user, simulator } = testSimulator();
  const { id, jobid } = user.call('createAffinityGroup', { name: 'web', type: 'host affinity' });
  const deletion = user.call('deleteAffinityGroup', { id })['jobid'] as string;
  simulator.kernel.advanceUntilIdle();
  expect(user.job(deletion).status).toBe(1);
  expect([0, 530]).toContain(user.job(jobid as string).resultcode);
  expect(groups(user)).toEqual([]);
});
