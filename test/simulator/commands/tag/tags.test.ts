// Proves how tags are made, listed and deleted: on which resources, by whom, all or none, and with
// which texts they are refused.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { removeTags } from '../../../../simulator/world/tags.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

function tagValues(tags: Readonly<Record<string, string>>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, [key, value]] of Object.entries(tags).entries()) {
    values[`tags[${index}].key`] = key;
    values[`tags[${index}].value`] = value;
  }
  return values;
}

function request(type: string, ids: string, tags: Readonly<Record<string, string>> = {}): Values {
  return { resourcetype: type, resourceids: ids, ...tagValues(tags) };
}

/** The job fails, and no tag comes or goes. */
function refused(
  { world }: NetworkWorld,
  client: TestClient,
  command: 'createTags' | 'deleteTags',
  values: Values,
): [number, string] {
  const tags = (): string => JSON.stringify(world.tags.all());
  const before = tags();
  const { status, resultcode, result } = client.run(command, values);
  assert.equal(status, 2);
  assert.equal(tags(), before);
  return [resultcode, result['errortext']];
}

const tagsSeen = (client: TestClient, filter: Values = {}): string[] =>
  ((client.call('listTags', filter)['tag'] ?? []) as Reply[]).map(
    (tag) => `${String(tag['key'])}=${String(tag['value'])}`,
  );

const nobody = '00000000-0000-4000-8000-000000000000';

test('tags several resources at once and lists what they carry', () => {
  const { world, user } = createNetworkWorld();
  const [a, b] = [addVm(world), addVm(world)];
  const values = request('UserVm', `${a.id},${b.id}`, { job: 'web', index: '0' });
  expect(user.done('createTags', { ...values, customer: 'me' })).toEqual({ success: true });
  expect(user.call('listTags')['count']).toBe(4);
  expect(user.call('listTags', { resourceid: a.id, key: 'JOB' })).toEqual({
    count: 1,
    tag: [
      {
        key: 'job',
        value: 'web',
        resourcetype: 'UserVm',
        resourceid: a.id,
        account: 'bosh',
        domainid: world.domains.all()[0]!.id,
        domain: 'ROOT',
        domainpath: 'ROOT',
        customer: 'me',
      },
    ],
  });
});

test('every simulated type that has tags takes them, whatever the case of its name', () => {
  const { world, admin } = createNetworkWorld();
  const ids: Readonly<Record<string, string>> = {
    uservm: addVm(world).id,
    TEMPLATE: world.templates.all()[0]!.id,
    Network: networkNamed(world, 'shared').id,
    Account: world.accounts.all()[1]!.id,
    User: world.users.all()[1]!.id,
  };
  for (const [type, id] of Object.entries(ids))
    admin.done('createTags', request(type, id, { a: '1' }));
  const types = world.tags.all().map((tag) => tag.resourceType);
  expect(types).toEqual(['UserVm', 'Template', 'Network', 'Account', 'User']);
});

test('a resource may be named by its internal id', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  user.done('createTags', request('UserVm', String(vm.internalId), { a: '1' }));
  expect(tagsSeen(user, { resourceid: vm.id })).toEqual(['a=1']);
  expect(tagsSeen(user, { resourceid: String(vm.internalId) })).toEqual(['a=1']);
  user.done('deleteTags', request('UserVm', String(vm.internalId)));
  expect(tagsSeen(user)).toEqual([]);
});

test('a key that the resource has is refused in any case, and nothing else is made', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  zone.user.done('createTags', request('UserVm', vm.id, { Job: 'web' }));
  expect(
    refused(zone, zone.user, 'createTags', request('UserVm', vm.id, { index: '0', job: 'x' })),
  ).toEqual([530, `tag job already on UserVm with id ${vm.id}`]);
  expect(
    refused(zone, zone.user, 'createTags', request('UserVm', vm.id, { a: '0', A: '1' })),
  ).toEqual([530, `tag A already on UserVm with id ${vm.id}`]);
});

test('where a key comes twice the last value counts', () => {
  const { world, user } = createNetworkWorld();
  const { id } = addVm(world);
  user.done('createTags', {
    ...request('UserVm', id, { a: '1' }),
    'tags[1].key': 'a',
    'tags[1].value': '2',
  });
  expect(tagsSeen(user)).toEqual(['a=2']);
});

test('an empty or missing value is refused', () => {
  const zone = createNetworkWorld();
  const { id } = addVm(zone.world);
  const text = 'Value for the key b is either null or empty';
  for (const values of [
    request('UserVm', id, { a: '1', b: '' }),
    { ...request('UserVm', id, { a: '1' }), 'tags[1].key': 'b' },
  ]) {
    assert.deepEqual(refused(zone, zone.user, 'createTags', values), [431, text]);
  }
});

test('what the columns of the database cannot hold is refused', () => {
  const zone = createNetworkWorld();
  const { id } = addVm(zone.world);
  const reason = (key: string, value: string): [number, string] =>
    refused(zone, zone.user, 'createTags', request('UserVm', id, { a: '1', [key]: value }));
  const text = 'DB Exception on:';
  for (const [column, key, value] of [
    ['key', 'k'.repeat(256), 'v'],
    ['value', 'k', 'v'.repeat(256)],
  ] as const) {
    const tooLong = `${text} Data too long for column '${column}' at row 1`;
    assert.deepEqual(reason(key, value), [530, tooLong]);
  }
  for (const [column, key, value] of [
    ['key', '🚀', 'v'],
    ['value', 'k', 'a 🚀'],
  ] as const) {
    const strange = `${text} Incorrect string value for column '${column}' at row 1`;
    assert.deepEqual(reason(key, value), [530, strange]);
  }
  zone.user.run('createTags', request('UserVm', id, { ['ü'.repeat(255)]: '漢'.repeat(255) }));
  assert.equal(zone.world.tags.all().length, 1);
});

test('types without tags, unknown types and resources that are not there are refused', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  const nic = addNic(zone.world, vm, 'isolated');
  const gone = addVm(zone.world);
  zone.world.vms.remove(gone);
  const cases: [string, string, string][] = [
    ['Nic', nic.id, "The resource type Nic doesn't support resource tags"],
    ['Zone', vm.zoneId, "The resource type Zone doesn't support resource tags"],
    ['Vm', vm.id, 'Invalid resource type Vm'],
    ['UserVm', nobody, `Unable to find resource by uuid ${nobody} and type UserVm`],
    ['UserVm', gone.id, `Unable to find resource by uuid ${gone.id} and type UserVm`],
    ['UserVm', 'vm-1', 'Unable to find resource by uuid vm-1 and type UserVm'],
    ['UserVm', '99', 'Unable to find resource by id 99 and type UserVm'],
    ['Volume', vm.id, `Unable to find resource by uuid ${vm.id} and type Volume`],
    ['Snapshot', vm.id, `Unable to find resource by uuid ${vm.id} and type Snapshot`],
  ];
  for (const [type, id, text] of cases) {
    const values = request(type, id, { a: '1' });
    assert.deepEqual(refused(zone, zone.user, 'createTags', values), [431, text]);
  }
});

test('strangers can neither tag, nor see, nor delete', () => {
  const zone = createNetworkWorld();
  const { id } = addVm(zone.world);
  const create = request('UserVm', id, { a: '1' });
  const [code, text] = refused(zone, zone.other, 'createTags', create);
  expect(code).toBe(530);
  expect(text).toContain('does not have permission to operate');
  zone.user.done('createTags', create);
  expect(tagsSeen(zone.other, { resourceid: id })).toEqual([]);
  expect(refused(zone, zone.other, 'deleteTags', request('UserVm', id))[0]).toBe(530);
});

test('a public address that nobody has takes no tags', () => {
  const zone = createNetworkWorld();
  const publicIp = zone.world.publicIps.all()[0]!;
  const values = request('PublicIpAddress', publicIp.id, { a: '1' });
  const [code, text] = refused(zone, zone.user, 'createTags', values);
  expect(code).toBe(530);
  expect(text).toContain("doesn't have permissions to create tags for resource");
});

test('root admins tag for everybody, and see all only when they ask for all', () => {
  const { world, admin, user } = createNetworkWorld();
  const { id } = addVm(world);
  admin.done('createTags', request('UserVm', id, { a: '1' }));
  expect(tagsSeen(user)).toEqual(['a=1']);
  expect(tagsSeen(admin)).toEqual([]);
  expect(tagsSeen(admin, { listall: true })).toEqual(['a=1']);
});

test('the filters of listTags select', () => {
  const { world, user } = createNetworkWorld();
  user.done('createTags', request('UserVm', addVm(world).id, { job: 'web', index: '0' }));
  user.done('createTags', request('Network', networkNamed(world, 'l2').id, { job: 'net' }));
  expect(tagsSeen(user, { resourcetype: 'network' })).toEqual(['job=net']);
  expect(tagsSeen(user, { key: 'job' })).toEqual(['job=web', 'job=net']);
  expect(tagsSeen(user, { key: 'jo' })).toEqual([]);
  expect(tagsSeen(user, { value: 'WEB' })).toEqual(['job=web']);
  expect(tagsSeen(user, { keyword: 'ind' }), 'which CloudStack ignores').toHaveLength(3);
  expect(tagsSeen(user, { customer: 'me' })).toEqual([]);
});

test('deletes by key, by key and value, and all; case does not count', () => {
  const { world, user } = createNetworkWorld();
  const { id } = addVm(world);
  user.done('createTags', request('UserVm', id, { a: '1', b: 'Two', c: '3', d: '4' }));
  user.done('deleteTags', { ...request('UserVm', id), 'tags[0].key': 'A' });
  expect(tagsSeen(user)).toEqual(['b=Two', 'c=3', 'd=4']);
  user.done('deleteTags', request('UserVm', id, { B: 'two', c: 'x' }));
  expect(tagsSeen(user)).toEqual(['c=3', 'd=4']);
  user.done('deleteTags', request('UserVm', id));
  expect(tagsSeen(user)).toEqual([]);
});

test('where nothing matches the deletion fails', () => {
  const zone = createNetworkWorld();
  const { id } = addVm(zone.world);
  zone.user.done('createTags', request('UserVm', id, { a: '1' }));
  for (const values of [
    request('UserVm', id, { b: '1' }),
    request('UserVm', id, { a: '2' }),
    request('Volume', id),
    request('UserVm', nobody),
  ]) {
    assert.deepEqual(refused(zone, zone.user, 'deleteTags', values), [
      530,
      'Failed to delete tags',
    ]);
  }
  expect(refused(zone, zone.user, 'deleteTags', request('Vm', id))).toEqual([
    431,
    'Invalid resource type Vm',
  ]);
});

test('tags go with their resource, and nothing stays of those that are deleted', () => {
  const { world, user } = createNetworkWorld();
  const { id } = addVm(world);
  user.done('createTags', request('UserVm', id, { a: '1', b: '2' }));
  user.done('deleteTags', request('UserVm', id, { a: '1' }));
  expect(world.tags.everyRow()).toHaveLength(1);
  removeTags(world, id);
  expect(user.call('listTags')).toEqual({});
  expect(world.tags.everyRow()).toEqual([]);
});

test('what is missing is named before a job exists', () => {
  const { world, user } = createNetworkWorld();
  const { id } = addVm(world);
  expect(user.fails('createTags', { resourcetype: 'UserVm', resourceids: id }).errortext).toBe(
    'Unable to execute API command createtags due to missing parameter tags',
  );
  expect(user.fails('deleteTags', { resourceids: id }).errortext).toBe(
    'Unable to execute API command deletetags due to missing parameter resourcetype',
  );
  expect(world.jobs.all()).toEqual([]);
});
