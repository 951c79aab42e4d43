// Proves which volumes listVolumes shows to whom, in which order, by which filters, and which
// fields only root admins see.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, diskOfferingId, idOf } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';

const ROOT_ONLY = [
  'path',
  'storage',
  'storageid',
  'storagetype',
  'hypervisor',
  'clusterid',
  'clustername',
  'podid',
  'podname',
];

function ids(client: TestClient, values: Values = {}): string[] {
  const rows = client.call('listVolumes', values)['volume'] as { id: string }[] | undefined;
  return (rows ?? []).map((row) => row.id);
}

test('an empty list has neither count nor volumes', () => {
  expect(testSimulator().user.call('listVolumes')).toEqual({});
});

test('the newest comes first', () => {
  const world = testSimulator();
  const created = [0, 1, 2].map(() => {
    world.simulator.kernel.advanceBy(1_000);
    return createdVolume(world, world.user);
  });
  expect(ids(world.user)).toEqual([...created].reverse());
  expect(world.user.call('listVolumes').count).toBe(3);
  expect(ids(world.user, { page: 2, pagesize: 2 })).toEqual([created[0]]);
});

test('everybody sees their own; root admins see all with listall, or by id', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const [own, foreign] = [createdVolume(world, user), createdVolume(world, admin)];
  expect(ids(user)).toEqual([own]);
  expect(ids(user, { listall: true })).toEqual([own]);
  expect(user.call('listVolumes', { id: foreign })).toEqual({});
  expect(ids(admin)).toEqual([foreign]);
  expect(ids(admin, { id: own })).toEqual([own]);
  expect(ids(admin, { listall: true })).toEqual([foreign, own]);
});

test('where a volume lies only root admins see', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const id = createdVolume(world, world.user, {}, 'local.custom');
  attached(world.user, id, vm['id']);
  const [seen, whole] = [listedVolume(world.user, id)!, listedVolume(world.admin, id)!];
  for (const field of ROOT_ONLY) {
    expect(seen).not.toHaveProperty(field);
    expect(whole).toHaveProperty(field);
  }
  expect(whole).toMatchObject({
    storagetype: 'local',
    hypervisor: 'KVM',
    clustername: 'cluster1',
    podname: 'pod1',
  });
  const { storageid } = whole;
  const offering = diskOfferingId(world, 'local.custom');
  expect(ids(world.admin, { storageid, listall: true })).toEqual([id]);
  expect(ids(world.admin, { diskofferingid: offering, listall: true })).toEqual([id]);
  // Users may send it; it does not filter for them.
  expect(ids(world.user, { storageid, diskofferingid: offering })).toEqual([id]);
});

test('a root volume shows its service offering, by the internal id, and its template', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const [root] = world.user.call('listVolumes', { virtualmachineid: vm['id'], type: 'ROOT' })[
    'volume'
  ];
  const offering = world.simulator.world.serviceOfferings
    .all()
    .find((row) => row.name === 'm1.small')!;
  const { internalId } = world.simulator.world.vms.require(vm['id']);
  expect(root).toMatchObject({
    name: `ROOT-${String(internalId)}`,
    type: 'ROOT',
    deviceid: 0,
    state: 'Ready',
    serviceofferingid: String(offering.internalId),
    serviceofferingname: 'm1.small',
    templatename: 'ubuntu-jammy',
    isextractable: false,
  });
  expect(root).not.toHaveProperty('diskofferingid');
  expect(root).not.toHaveProperty('attached');
});

test('each filter leaves out what does not match', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user, { startvm: false });
  const apple = createdVolume(world, user, { name: 'apple' });
  const pear = createdVolume(world, user, { name: 'pear' });
  attached(user, pear, vm['id']);
  expect(ids(user, { name: 'APPLE' })).toEqual([apple]);
  expect(ids(user, { name: 'app' })).toEqual([]);
  expect(ids(user, { keyword: 'ppl' })).toEqual([apple]);
  expect(ids(user, { ids: `${apple},${pear}` })).toEqual([pear, apple]);
  expect(ids(user, { type: 'DATADISK' })).toEqual([pear, apple]);
  expect(ids(user, { type: 'data' })).toEqual([pear, apple]);
  expect(ids(user, { state: 'Allocated', type: 'DATADISK' })).toEqual([pear, apple]);
  expect(ids(user, { state: 'Ready' })).toEqual([]);
  expect(ids(user, { virtualmachineid: vm['id'], type: 'DATADISK' })).toEqual([pear]);
  expect(ids(user, { zoneid: idOf(simulator.world.zones.all(), 'zone1'), name: 'pear' })).toEqual([
    pear,
  ]);
  expect(ids(user, { hostid: simulator.world.hosts.all()[0]!.id, name: 'pear' })).toEqual([pear]);
  expect(user.fails('listVolumes', { id: apple, ids: pear })).toMatchObject({
    httpStatus: 431,
    errortext: 'Specify either id or ids but not both parameters',
  });
});

test('several tags are joined by "or"', () => {
  const world = testSimulator();
  const { user } = world;
  const [one, two, three] = [0, 1, 2].map(() => createdVolume(world, user)) as [
    string,
    string,
    string,
  ];
  for (const [id, value] of [
    [one, 'a'],
    [two, 'b'],
    [three, 'c'],
  ] as const) {
    user.done('createTags', {
      resourceids: id,
      resourcetype: 'Volume',
      'tags[0].key': 'job',
      'tags[0].value': value,
    });
  }
  const tags = {
    'tags[0].key': 'job',
    'tags[0].value': 'a',
    'tags[1].key': 'job',
    'tags[1].value': 'b',
  };
  expect(ids(user, tags)).toEqual([two, one]);
  expect(listedVolume(user, one)!['tags']).toMatchObject([{ key: 'job', value: 'a' }]);
});

test('a destroyed volume is listed without its VM; an expunged one is not', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const root = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  simulator.world.volumes.move(root, 'DestroyRequested');
  const listed = listedVolume(user, root.id);
  expect(listed).toMatchObject({ state: 'Destroy', destroyed: true });
  expect(listed).not.toHaveProperty('virtualmachineid');
});

test('a list by id looks at that volume only', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const ids = [createdVolume(world, user), createdVolume(world, user)];
  const lookAtAll = (): never => {
    throw new Error('every volume was looked at');
  };
  expect(user.call('listVolumes', { ids: ',' })['count']).toBe(2);
  expect(user.fails('listVolumes', { id: ids[0]!, ids: ids[1]! }).errortext).toBe(
    'Specify either id or ids but not both parameters',
  );
  Object.assign(simulator.world.volumes, { all: lookAtAll });
  expect(listedVolume(user, ids[0]!)?.['id']).toBe(ids[0]);
  const both = user.call('listVolumes', { ids: ids.join() });
  expect(both['count']).toBe(2);
  expect((both['volume'] as Reply[]).map((volume) => volume['id'])).toEqual([ids[1], ids[0]]);
});
