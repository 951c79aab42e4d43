// Proves updateVMAffinityGroup: a stopped VM gets other groups, which its next start follows; VMs in
// every other state, groups that are not there or foreign, and contradictory requests are refused.
import { expect, test } from '@playwright/test';
import { group, hostOf, member, worldOfHosts } from '../../../support/simulator-affinity.js';
import { testSimulator, type Values } from '../../../support/simulator-client.js';
import { addVm } from '../../../support/network-world.js';
import { deployed, listed, networkId, refusedUnchanged } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const GONE = '00000000-0000-4000-8000-000000000000';

test('new groups replace the old ones; the next start follows them', () => {
  const world = testSimulator({ world: worldOfHosts(2) });
  const { user } = world;
  const [old, apart] = [group(user, 'old'), group(user, 'apart')];
  const neighbour = member(world, user, apart);
  const host = world.simulator.world.hosts.all().find(({ id }) => id !== hostOf(world, neighbour));
  const vm = member(world, user, old, { startvm: false });
  const result = user.done('updateVMAffinityGroup', { id: vm, affinitygroupids: apart });
  expect(result['virtualmachine']).toMatchObject({ id: vm, affinitygroup: [{ name: 'apart' }] });
  expect(listed(user, { id: vm })!['affinitygroup']).toHaveLength(1);
  user.done('startVirtualMachine', { id: vm });
  expect(hostOf(world, vm)).toBe(host?.id);
  assertSound(world.simulator);
});

test('groups by name; an empty list takes a VM out of all', () => {
  const world = testSimulator();
  const { user } = world;
  const ids = `${group(user, 'a')},${group(user, 'b')}`;
  const vm = member(world, user, ids, { startvm: false });
  user.done('updateVMAffinityGroup', { id: vm, affinitygroupnames: 'B' });
  expect(listed(user, { id: vm })!['affinitygroup']).toMatchObject([{ name: 'b' }]);
  user.done('updateVMAffinityGroup', { id: vm, affinitygroupids: '' });
  expect(listed(user, { id: vm })!['affinitygroup']).toEqual([]);
});

test('answers under the wrapper of updateVirtualMachine', () => {
  const { user } = testSimulator();
  expect(user.fails('updateVMAffinityGroup', {}).wrapper).toBe('updatevirtualmachineresponse');
});

for (const [state, text] of [
  [
    'Running',
    /^Unable update affinity groups of the virtual machine VM instance .* in state Running; make sure/,
  ],
  [
    'Starting',
    /in state Starting; make sure the virtual machine is stopped and not in an error state/,
  ],
  ['Destroyed', /in state Destroyed; make sure/],
  ['Error', /in state Error; make sure/],
] as const) {
  test(`a VM that is ${state} keeps its groups`, () => {
    const world = testSimulator();
    const { user, simulator } = world;
    const affinitygroupids = group(user, 'web');
    const vm = addVm(simulator.world, state);
    const outcome = user.run('updateVMAffinityGroup', { id: vm.id, affinitygroupids });
    expect(outcome).toMatchObject({ status: 2, resultcode: 431 });
    expect(outcome.result['errortext']).toMatch(text);
    expect(simulator.world.affinityMembers.all()).toEqual([]);
  });
}

test('contradictory, empty, unknown and expunged are refused in the job', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const web = group(user, 'web');
  const { id } = deployed(world, user, { startvm: false });
  const text = (values: Values): unknown => {
    const { resultcode, result } = user.run('updateVMAffinityGroup', { id, ...values });
    expect(resultcode).toBe(431);
    return result['errortext'];
  };
  expect(text({ affinitygroupids: web, affinitygroupnames: 'web' })).toBe(
    'affinitygroupids parameter is mutually exclusive with affinitygroupnames parameter',
  );
  expect(text({})).toBe('affinitygroupids parameter or affinitygroupnames parameter must be given');
  expect(text({ affinitygroupnames: 'nobody' })).toMatch(
    /^Unable to find group by name nobody for account \d+$/,
  );
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(text({ affinitygroupids: web })).toBe('Unable to find a virtual machine with id 1');
});

test('unknown ids and foreign VMs or groups are refused at once', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const [web, foreign] = [group(user, 'web'), group(admin, 'web')];
  const { id } = deployed(world, user, { startvm: false });
  const networkids = networkId(world, 'NET_SHARED');
  const theirs = deployed(world, admin, { networkids, startvm: false })['id'] as string;
  const status = (values: Values): number =>
    refusedUnchanged(world, user, 'updateVMAffinityGroup', values).httpStatus;
  expect(status({ id: GONE, affinitygroupids: web })).toBe(431);
  expect(status({ id: web, affinitygroupids: web })).toBe(431);
  expect(status({ id, affinitygroupids: GONE })).toBe(431);
  expect(status({ id, affinitygroupids: foreign })).toBe(531);
  expect(status({ id: theirs, affinitygroupids: web })).toBe(531);
  const outcome = admin.run('updateVMAffinityGroup', { id, affinitygroupids: foreign });
  expect(outcome).toMatchObject({ resultcode: 530 });
  expect(outcome.result['errortext']).toContain("does not belong to the VM's account");
});
