// Proves where VMs of affinity groups run: strict groups keep together or apart or start nothing,
// non-strict ones as far as there is room; that a VM leaves its groups when it fails or is expunged,
// not before; and what deployVirtualMachine refuses about groups.
import { expect, test } from '@playwright/test';
import { group, hostOf, member, worldOfHosts } from '../../../support/simulator-affinity.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  listed,
  listedNames,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const HINT =
  ', Please check the affinity groups provided, there may not be sufficient capacity to follow them';

function hostsOf(world: TestWorld, ids: readonly string[]): (string | null)[] {
  return ids.map((id) => hostOf(world, id));
}

test('strict anti-affinity: each VM on a host of its own, and none when the hosts run out', () => {
  const world = testSimulator({ world: worldOfHosts(3) });
  const { user, simulator } = world;
  const id = group(user, 'web');
  const ids = [1, 2, 3].map(() => member(world, user, id));
  expect(new Set(hostsOf(world, ids)).size).toBe(3);
  const outcome = user.run('deployVirtualMachine', deployment(world, { affinitygroupids: id }));
  expect(outcome).toMatchObject({ status: 2, resultcode: 533 });
  expect(outcome.result['errortext']).toMatch(/^No destination found for a deployment for VM /);
  expect(outcome.result['errortext']).toContain(HINT);
  assertSound(simulator);
  user.done('destroyVirtualMachine', { id: ids[0]! });
  member(world, user, id);
  assertSound(simulator);
});

test('VMs of one group that start at the same time do not meet', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { user, simulator } = world;
  const affinitygroupids = group(user, 'web');
  const jobs = [1, 2, 3].map(
    () =>
      user.call('deployVirtualMachine', deployment(world, { affinitygroupids }))['jobid'] as string,
  );
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((jobid) => user.job(jobid).status).sort()).toEqual([1, 1, 2]);
  assertSound(simulator);
});

test('a stopped member gives its host free, and must look for another one itself', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { user } = world;
  const id = group(user, 'web');
  const [first, second] = [1, 2].map(() => member(world, user, id)) as [string, string];
  const host = hostOf(world, first);
  user.done('stopVirtualMachine', { id: first });
  const third = member(world, user, id);
  expect(hostOf(world, third)).toBe(host);
  const outcome = user.run('startVirtualMachine', { id: first });
  expect(outcome.resultcode).toBe(530);
  expect(outcome.result['errortext']).toContain('Unable to create a deployment for VM');
  expect(listed(user, { id: first })).toMatchObject({
    state: 'Stopped',
    affinitygroup: [{ name: 'web' }],
  });
  user.done('stopVirtualMachine', { id: second });
  user.done('startVirtualMachine', { id: first });
  assertSound(world.simulator);
});

test('strict affinity: all on one host, and none beside it when that is full', () => {
  const world = testSimulator({ world: worldOfHosts(3, 5_120) });
  const { user } = world;
  const id = group(user, 'together', 'host affinity');
  const ids = [1, 2].map(() => member(world, user, id));
  expect(new Set(hostsOf(world, ids)).size).toBe(1);
  const outcome = user.run('deployVirtualMachine', deployment(world, { affinitygroupids: id }));
  expect(outcome.resultcode).toBe(533);
  expect(outcome.result['errortext']).toContain(HINT);
  assertSound(world.simulator);
});

test('the host that a root admin names must suit the strict groups, too', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { admin, simulator } = world;
  const networkids = networkId(world, 'NET_SHARED');
  const apart = group(admin, 'apart');
  const hostid = hostOf(world, member(world, admin, apart, { networkids }))!;
  const outcome = admin.run(
    'deployVirtualMachine',
    deployment(world, { networkids, affinitygroupids: apart, hostid }),
  );
  expect(outcome.resultcode).toBe(533);
  assertSound(simulator);
});

test('non-strict anti-affinity: apart while there are hosts, together then', () => {
  const world = testSimulator({ world: worldOfHosts(3) });
  const { user } = world;
  const id = group(user, 'web', 'non-strict host anti-affinity');
  const ids = [1, 2, 3].map(() => member(world, user, id));
  expect(new Set(hostsOf(world, ids)).size).toBe(3);
  const more = [1, 2, 3].map(() => member(world, user, id));
  expect(new Set(hostsOf(world, more)).size).toBe(3);
});

test('a host that one non-strict group of a VM wants as much as another does not is like any other', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { user } = world;
  const together = group(user, 'together', 'non-strict host affinity');
  const apart = group(user, 'apart', 'non-strict host anti-affinity');
  const both = [together, apart].join(',');
  const first = member(world, user, both);
  const places = Array.from({ length: 10 }, () => {
    const id = member(world, user, both);
    const host = hostOf(world, id);
    user.done('destroyVirtualMachine', { id });
    return host;
  });
  expect(new Set(places).size).toBe(2);
  expect(places).toContain(hostOf(world, first));
});

test('non-strict affinity: together while there is room, apart then', () => {
  const world = testSimulator({ world: worldOfHosts(3, 5_120) });
  const { user } = world;
  const id = group(user, 'web', 'non-strict host affinity');
  const [first, second, third] = hostsOf(
    world,
    [1, 2, 3].map(() => member(world, user, id)),
  );
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('a VM in several groups suits them all, or does not start', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { user } = world;
  const [apart, together] = [group(user, 'apart'), group(user, 'together', 'host affinity')];
  const host = hostOf(world, member(world, user, `${apart},${together}`));
  const outcome = user.run(
    'deployVirtualMachine',
    deployment(world, { affinitygroupids: `${apart},${together}` }),
  );
  expect(outcome.resultcode).toBe(533);
  expect(hostOf(world, member(world, user, together))).toBe(host);
  expect(hostOf(world, member(world, user, apart))).not.toBe(host);
});

test('groups are given by name, once each, and shown in the VM', () => {
  const world = testSimulator();
  const { user } = world;
  const web = group(user, 'web');
  const db = group(user, 'db', 'host affinity');
  const byName = deployed(world, user, { affinitygroupnames: 'WEB,db,web' });
  expect(byName['affinitygroup']).toEqual([
    { id: web, name: 'web', account: 'bosh' },
    { id: db, name: 'db', account: 'bosh' },
  ]);
  expect(listed(user, { details: 'min' })!['affinitygroup']).toEqual([]);
  expect(listed(user, { details: 'affgrp' })!['affinitygroup']).toHaveLength(2);
  deployed(world, user, { name: 'alone' });
  expect(listedNames(user, { affinitygroupid: web })).toEqual([byName['name']]);
});

test('a destroyed VM stays in its group until it is expunged', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = group(user, 'web');
  const vm = member(world, user, id);
  const membership = (): unknown =>
    (user.call('listAffinityGroups')['affinitygroup'] as { virtualmachineIds?: string[] }[])[0]!
      .virtualmachineIds;
  user.done('destroyVirtualMachine', { id: vm });
  expect(membership()).toEqual([vm]);
  admin.done('expungeVirtualMachine', { id: vm });
  expect(membership()).toBeUndefined();
  assertSound(world.simulator);
});

test('a VM whose deployment failed has left its group', () => {
  const world = testSimulator({ world: worldOfHosts(1, 1_024) });
  const { user } = world;
  const id = group(user, 'web');
  const { id: vm } = user.run('deployVirtualMachine', deployment(world, { affinitygroupids: id }));
  expect(listed(user, { id: vm! })).toMatchObject({ state: 'Error', affinitygroup: [] });
  assertSound(world.simulator);
});

for (const [what, values, status, text] of [
  [
    'ids and names',
    { affinitygroupids: 'OWN', affinitygroupnames: 'web' },
    431,
    'affinitygroupids parameter is mutually exclusive with affinitygroupnames parameter',
  ],
  [
    'an unknown name',
    { affinitygroupnames: 'web,nobody' },
    431,
    'Unable to find affinity group by name nobody',
  ],
  [
    'the name of a foreign group',
    { affinitygroupnames: 'foreign' },
    431,
    'Unable to find affinity group by name foreign',
  ],
  [
    'an unknown id',
    { affinitygroupids: '00000000-0000-4000-8000-000000000000' },
    431,
    'entity does not exist',
  ],
  ['the id of something else', { affinitygroupids: 'NETWORK' }, 431, 'entity does not exist'],
  [
    'a foreign group',
    { affinitygroupids: 'FOREIGN' },
    531,
    'does not have permission to operate with resource affinitygroup',
  ],
] as const) {
  test(`a deployment with ${what} is refused`, () => {
    const world = testSimulator();
    const { user, admin } = world;
    const ids: Record<string, string> = {
      OWN: group(user, 'web'),
      FOREIGN: group(admin, 'foreign'),
      NETWORK: networkId(world, 'NET_CS'),
    };
    const given: Values = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, ids[value] ?? value]),
    );
    const refused = refusedUnchanged(world, user, 'deployVirtualMachine', deployment(world, given));
    expect(refused.httpStatus).toBe(status);
    expect(refused.errortext).toContain(text);
  });
}

test('root admins reach all groups, but their own VMs take only their own', () => {
  const world = testSimulator();
  const id = group(world.user, 'web');
  const networkids = networkId(world, 'NET_SHARED');
  const refused = refusedUnchanged(
    world,
    world.admin,
    'deployVirtualMachine',
    deployment(world, { affinitygroupids: id, networkids }),
  );
  expect(refused).toMatchObject({
    httpStatus: 531,
    errortext: `Affinity Group AffinityGroup {"id":1,"name":"web","uuid":"${id}"} does not belong to the VM's account`,
  });
});
