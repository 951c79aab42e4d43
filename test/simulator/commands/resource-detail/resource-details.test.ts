// Proves how details are put on resources, listed and taken away again: on which types, by whom, all
// or none, and with which texts they are refused.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

function request(resourcetype: string, resourceid: string, details: Values): Values {
  const pairs = Object.entries(details).flatMap(([key, value], index) => [
    [`details[${index}].key`, key],
    [`details[${index}].value`, value],
  ]);
  return { resourcetype, resourceid, ...(Object.fromEntries(pairs) as Values) };
}

const detailsSeen = (client: TestClient, values: Values): string[] =>
  ((client.call('listResourceDetails', values)['resourcedetail'] ?? []) as Reply[]).map(
    (detail) => `${String(detail['key'])}=${String(detail['value'])}`,
  );

/** The job fails, and no row changes. */
function refused(
  { admin, world }: NetworkWorld,
  command: 'addResourceDetail' | 'removeResourceDetail',
  values: Values,
): [number, string] {
  const rows = (): string => JSON.stringify([world.vms.all(), world.templates.all()]);
  const before = rows();
  const { status, resultcode, result } = admin.run(command, values);
  assert.equal(status, 2);
  assert.equal(rows(), before);
  return [resultcode, result['errortext'] as string];
}

const nobody = '00000000-0000-4000-8000-000000000000';

test('details are put on VMs, templates, networks and offerings, and taken away', () => {
  const { world, admin } = createNetworkWorld();
  for (const [type, { id }] of [
    ['UserVm', addVm(world)],
    ['Template', world.templates.all()[0]!],
    ['Network', networkNamed(world, 'isolated')],
    ['ServiceOffering', world.serviceOfferings.all()[0]!],
    ['DiskOffering', world.diskOfferings.all()[0]!],
    ['NetworkOffering', world.networkOfferings.all()[0]!],
  ] as const) {
    const resource = { resourcetype: type, resourceid: id };
    const before = detailsSeen(admin, resource);
    const added = request(type, id, { colour: 'blue', size: 'large' });
    assert.deepEqual(admin.done('addResourceDetail', added), { success: true });
    assert.deepEqual(detailsSeen(admin, resource), [...before, 'colour=blue', 'size=large'], type);
    admin.done('removeResourceDetail', { ...resource, key: 'SIZE' });
    assert.deepEqual(detailsSeen(admin, resource), [...before, 'colour=blue'], type);
    admin.done('removeResourceDetail', resource);
    assert.deepEqual(detailsSeen(admin, resource), [], type);
  }
});

test('a detail shows where it is and what, and the resource shows it, too', () => {
  const { world, admin } = createNetworkWorld();
  const vm = addVm(world);
  admin.done('addResourceDetail', request('uservm', vm.id, { colour: 'blue' }));
  expect(
    admin.call('listResourceDetails', { resourcetype: 'uservm', resourceid: vm.id, key: 'colour' }),
  ).toEqual({
    count: 1,
    resourcedetail: [
      { resourceid: vm.id, resourcetype: 'UserVm', key: 'colour', value: 'blue', fordisplay: true },
    ],
  });
  expect(
    admin.call('listVirtualMachines', { id: vm.id })['virtualmachine'][0].details,
  ).toMatchObject({
    colour: 'blue',
  });
});

test('a detail takes the place of the one with its key', () => {
  const { world, admin } = createNetworkWorld();
  const vm = addVm(world);
  for (const details of [{ colour: 'blue' }, { Colour: 'red' }]) {
    admin.done('addResourceDetail', request('UserVm', vm.id, details));
  }
  const listed = { resourcetype: 'UserVm', resourceid: vm.id, key: 'colour' };
  expect(detailsSeen(admin, listed)).toEqual(['Colour=red']);
});

test('root admins look for a key and a value on all resources of a type', () => {
  const { world, admin, user } = createNetworkWorld();
  const [a, b] = [addVm(world), addVm(world)];
  admin.done('addResourceDetail', request('UserVm', a.id, { colour: 'blue' }));
  admin.done('addResourceDetail', request('UserVm', b.id, { colour: 'red' }));
  const values = { resourcetype: 'UserVm', key: 'colour', value: 'red' };
  const found = admin.call('listResourceDetails', values)['resourcedetail'] as Reply[];
  expect(found.map(({ resourceid }) => resourceid as string)).toEqual([b.id]);
  // What a user says of values is not heard.
  expect(user.fails('listResourceDetails', values).errortext).toContain('Insufficient parameters');
  expect(detailsSeen(user, { ...values, resourceid: a.id })).toEqual(['colour=blue']);
});

test('no detail is hidden', () => {
  const { world, admin } = createNetworkWorld();
  const vm = addVm(world);
  admin.done('addResourceDetail', request('UserVm', vm.id, { colour: 'blue' }));
  const values = { resourcetype: 'UserVm', resourceid: vm.id, key: 'colour' };
  expect(detailsSeen(admin, { ...values, fordisplay: true })).toEqual(['colour=blue']);
  expect(detailsSeen(admin, { ...values, fordisplay: false })).toEqual([]);
});

test('what cannot be added is refused, all of it', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  const good = { colour: 'blue' };
  const twice = {
    ...request('UserVm', vm.id, good),
    'details[1].key': 'colour',
    'details[1].value': 'red',
  };
  for (const [values, answer] of [
    [request('House', vm.id, good), [431, 'Invalid resource type House']],
    [
      request('UserVm', vm.id, { ...good, size: '' }),
      [431, 'Value for the key size is either null or empty'],
    ],
    [twice, [530, 'Duplicate key colour (attempted merging values blue and red)']],
    [request('Snapshot', nobody, good), [530, "ResourceType Snapshot doesn't support metadata"]],
    [
      request('UserVm', nobody, good),
      [431, `Unable to find resource by uuid ${nobody} and type UserVm`],
    ],
    [request('UserVm', '4711', good), [431, 'Unable to find resource by id 4711 and type UserVm']],
    [
      request('Zone', zone.world.zones.all()[0]!.id, good),
      [432, 'The simulator keeps no details of a resource of type Zone'],
    ],
  ] as const) {
    assert.deepEqual(refused(zone, 'addResourceDetail', values), answer);
  }
});

test('what cannot be removed is refused; a key that is not there is none', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  for (const [resourcetype, resourceid, answer] of [
    ['House', vm.id, [431, 'Invalid resource type House']],
    ['UserVm', nobody, [431, `Unable to find resource by uuid ${nobody} and type UserVm`]],
    [
      'Account',
      zone.world.accounts.all()[0]!.id,
      [530, "ResourceType Account doesn't support metadata"],
    ],
  ] as const) {
    assert.deepEqual(refused(zone, 'removeResourceDetail', { resourcetype, resourceid }), answer);
  }
  const absent = { resourcetype: 'UserVm', resourceid: vm.id, key: 'absent' };
  expect(zone.admin.done('removeResourceDetail', absent)).toEqual({ success: true });
});

test('lists are refused without a resource or a key', () => {
  const { world, admin, user, other } = createNetworkWorld();
  const vm = addVm(world);
  const text = (client: TestClient, values: Values): string =>
    client.fails('listResourceDetails', values).errortext;
  expect(text(admin, { resourcetype: 'UserVm' })).toContain('Insufficient parameters');
  expect(text(admin, { resourcetype: 'UserVm', value: 'x' })).toContain('but key is null');
  expect(text(admin, { resourcetype: 'House', resourceid: vm.id })).toBe(
    'Invalid resource type House',
  );
  // By its number a VM is looked up only by those who may see it.
  const byNumber = { resourcetype: 'UserVm', resourceid: String(vm.internalId) };
  expect(user.call('listResourceDetails', byNumber)).toBeDefined();
  expect(other.fails('listResourceDetails', byNumber).httpStatus).toBe(531);
});

test('only root admins add and remove', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  for (const command of ['addResourceDetail', 'removeResourceDetail']) {
    const values = request('UserVm', vm.id, { colour: 'blue' });
    expect(user.fails(command, values)).toMatchObject({ httpStatus: 432 });
  }
});
