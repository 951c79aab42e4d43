// Proves how VMs get behind a load balancer rule and out of it, by both ways to name them, what
// becomes of members when their VM changes its address, is destroyed or expunged, and which VMs are
// refused in which state.
import { expect, test } from '@playwright/test';
import { destroyVm, expungeVm } from '../../../../simulator/world/compute/virtual-machines.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import { addNic, addVm } from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { addRule, instances, ruleState, scene, type Scene } from './load-balancer-scene.js';

/** Code and text of a job that fails and leaves all members as they are. */
function jobFails(
  zone: Scene,
  command: string,
  values: Values,
  client: TestClient = zone.user,
): [number, string] {
  const rows = (): string => JSON.stringify(zone.world.loadBalancerMembers.all());
  const before = rows();
  const { status, resultcode, result } = client.run(command, values);
  expect([status, rows()]).toEqual([2, before]);
  return [resultcode, String(result['errortext'])];
}

const ASSIGN = 'assignToLoadBalancerRule';
const REMOVE = 'removeFromLoadBalancerRule';
const NOT_ASSIGNED = [530, 'Failed to assign load balancer rule'];

test('members make a rule active, and the last one that goes ends that', () => {
  const zone = scene();
  const { user, vm, second } = zone;
  const id = addRule(zone);
  expect(user.done(ASSIGN, { id, virtualmachineids: `${vm.id},${second.id}` })).toEqual({
    success: true,
  });
  expect(instances(user, id)).toEqual([vm.id, second.id]);
  expect(ruleState(user, id)).toBe('Active');
  user.done(REMOVE, { id, virtualmachineids: vm.id });
  expect(instances(user, id)).toEqual([second.id]);
  expect(ruleState(user, id)).toBe('Active');
  user.done(REMOVE, { id, virtualmachineids: second.id });
  expect(user.call('listLoadBalancerRuleInstances', { id })).toEqual({});
  expect(ruleState(user, id)).toBe('Add');
  assertSound(zone.simulator);
});

test('members are shown as VMs, or with their addresses', () => {
  const zone = scene();
  const { user, vm } = zone;
  const id = addRule(zone);
  user.done(ASSIGN, { id, virtualmachineids: vm.id });
  const [shown] = user.call('listLoadBalancerRuleInstances', { id })['loadbalancerruleinstance'];
  expect(shown).toMatchObject({ id: vm.id, name: vm.name, state: 'Stopped' });
  expect(shown).not.toHaveProperty('lbvmipaddresses');
  const { lbrulevmidip } = user.call('listLoadBalancerRuleInstances', { id, lbvmips: true });
  expect(lbrulevmidip).toMatchObject([
    { lbvmipaddresses: ['10.1.0.5'], loadbalancerruleinstance: { id: vm.id } },
  ]);
  expect(lbrulevmidip[0]).not.toHaveProperty('id');
  expect(user.call('listLoadBalancerRuleInstances', { id, applied: false })).toEqual({});
});

test('each rule has members of its own, which come in pages', () => {
  const zone = scene();
  const { user, vm, second } = zone;
  const [web, db] = [addRule(zone), addRule(zone, { name: 'db', publicport: 5_432 })];
  for (const id of [web, db]) user.done(ASSIGN, { id, virtualmachineids: `${vm.id},${second.id}` });
  user.done(REMOVE, { id: db, virtualmachineids: vm.id });
  expect([instances(user, web), instances(user, db)]).toEqual([[vm.id, second.id], [second.id]]);
  const page = (number: number): unknown =>
    user.call('listLoadBalancerRuleInstances', { id: web, page: number, pagesize: 1 })[
      'loadbalancerruleinstance'
    ];
  expect(page(1)).toMatchObject([{ id: vm.id }]);
  expect(page(2)).toMatchObject([{ id: second.id }]);
  expect(page(3)).toBeUndefined();
});

test('a VM and its address can be named together', () => {
  const zone = scene();
  const { user, vm, second } = zone;
  const id = addRule(zone);
  const map = { 'vmidipmap[0].vmid': vm.id, 'vmidipmap[0].vmip': '10.1.0.5' };
  user.done(ASSIGN, { id, ...map, virtualmachineids: `${vm.id},${second.id}` });
  expect(instances(user, id)).toEqual([vm.id, second.id]);
  user.done(REMOVE, { id, ...map });
  expect(instances(user, id)).toEqual([second.id]);
  assertSound(zone.simulator);
});

test('a VM that is no member is taken out with success', () => {
  const zone = scene();
  const id = addRule(zone);
  expect(zone.user.done(REMOVE, { id, virtualmachineids: zone.vm.id })).toEqual({ success: true });
});

test('members follow the address of their VM', () => {
  const zone = scene();
  const { user, world, second } = zone;
  const id = addRule(zone);
  user.done(ASSIGN, { id, virtualmachineids: second.id });
  const [nic] = world.nics.where('vmId', second.id);
  user.done('updateVmNicIp', { nicid: nic!.id, ipaddress: '10.1.0.77' });
  expect(world.loadBalancerMembers.all()).toMatchObject([{ ipAddress: '10.1.0.77' }]);
  assertSound(zone.simulator);
});

test('a destroyed VM stays a member until it is expunged, but is not shown', () => {
  const zone = scene();
  const { user, world, second } = zone;
  const id = addRule(zone);
  user.done(ASSIGN, { id, virtualmachineids: second.id });
  destroyVm(world, second);
  expect(instances(user, id)).toEqual([]);
  expect(ruleState(user, id)).toBe('Active');
  assertSound(zone.simulator);
  expungeVm(world, second);
  expect(world.loadBalancerMembers.all()).toEqual([]);
  expect(ruleState(user, id)).toBe('Add');
  assertSound(zone.simulator);
});

for (const state of ['Stopped', 'Starting', 'Running', 'Error'] as const) {
  test(`a VM in state ${state} can be a member`, () => {
    const zone = scene();
    const vm = addVm(zone.world, state);
    addNic(zone.world, vm, 'isolated');
    zone.user.done(ASSIGN, { id: addRule(zone), virtualmachineids: vm.id });
  });
}

for (const state of ['Destroyed', 'Expunging'] as const) {
  test(`a VM in state ${state} cannot`, () => {
    const zone = scene();
    const vm = addVm(zone.world, state);
    addNic(zone.world, vm, 'isolated');
    const values = { id: addRule(zone), virtualmachineids: vm.id };
    expect(jobFails(zone, ASSIGN, values)).toEqual(NOT_ASSIGNED);
  });
}

test('assigning refuses with one text whatever is wrong, even if one VM of several is', () => {
  const zone = scene();
  const { user, admin, other, world, vm, second } = zone;
  const id = addRule(zone);
  const outside = addVm(world);
  addNic(world, outside, 'l2');
  const foreign = addVm(world, 'Stopped', 'other');
  addNic(world, foreign, 'isolated');
  const gone = addVm(world);
  expungeVm(world, gone);
  for (const strange of [outside, foreign, gone]) {
    const virtualmachineids = `${vm.id},${strange.id}`;
    expect(jobFails(zone, ASSIGN, { id, virtualmachineids })).toEqual(NOT_ASSIGNED);
  }
  const withForeign = { id, virtualmachineids: foreign.id };
  expect(jobFails(zone, ASSIGN, withForeign, admin)).toEqual(NOT_ASSIGNED);
  expect(jobFails(zone, ASSIGN, { id, virtualmachineids: vm.id }, other)).toEqual(NOT_ASSIGNED);
  expect(jobFails(zone, ASSIGN, { id })).toEqual(NOT_ASSIGNED);
  user.done(ASSIGN, { id, virtualmachineids: vm.id });
  const again = { id, virtualmachineids: `${second.id},${vm.id}` };
  expect(jobFails(zone, ASSIGN, again)).toEqual(NOT_ASSIGNED);
  const elsewhere = { 'vmidipmap[0].vmid': second.id, 'vmidipmap[0].vmip': '10.1.0.99' };
  expect(jobFails(zone, ASSIGN, { id, ...elsewhere })).toEqual(NOT_ASSIGNED);
});

test('what is wrong with vmidipmap itself is told', () => {
  const zone = scene();
  const { vm } = zone;
  const id = addRule(zone);
  const map = (vmid: string, vmip: string): Values => ({
    id,
    'vmidipmap[0].vmid': vmid,
    'vmidipmap[0].vmip': vmip,
  });
  expect(jobFails(zone, ASSIGN, map('none', '10.1.0.5'))).toEqual([
    431,
    'Unable to find virtual machine ID: none',
  ]);
  expect(jobFails(zone, ASSIGN, map(vm.id, 'x'))).toEqual([
    431,
    `Invalid ip address x passed in vmidipmap for vmid ${vm.id}`,
  ]);
  expect(jobFails(zone, REMOVE, map('none', '10.1.0.5'))[1]).toBe(
    'Unable to find virtual machine ID: none',
  );
  expect(jobFails(zone, REMOVE, map(vm.id, '10.1.0.5'))).toEqual([
    431,
    'Failed to remove instance from load balancer rule',
  ]);
  expect(jobFails(zone, REMOVE, { id })).toEqual([
    431,
    'Failed to remove instance from load balancer rule',
  ]);
});

test('a rule that is being deleted takes no members', () => {
  const zone = scene();
  const { user, simulator, vm } = zone;
  const id = addRule(zone);
  user.call('deleteLoadBalancerRule', { id });
  const { jobid } = user.call(ASSIGN, { id, virtualmachineids: vm.id });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(String(jobid)).status).toBe(2);
  expect(zone.world.loadBalancerMembers.all()).toEqual([]);
  assertSound(simulator);
});

test('a member that leaves twice leaves once', () => {
  const zone = scene();
  const { user, simulator, vm } = zone;
  const id = addRule(zone);
  user.done(ASSIGN, { id, virtualmachineids: vm.id });
  const jobs = [1, 2].map(
    () => user.call(REMOVE, { id, virtualmachineids: vm.id })['jobid'] as string,
  );
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((jobid) => user.job(jobid).status)).toEqual([1, 1]);
  assertSound(simulator);
});

test('strangers see and remove nothing', () => {
  const zone = scene();
  const { user, other, vm } = zone;
  const id = addRule(zone);
  user.done(ASSIGN, { id, virtualmachineids: vm.id });
  expect(other.fails('listLoadBalancerRuleInstances', { id }).httpStatus).toBe(531);
  const [code, text] = jobFails(zone, REMOVE, { id, virtualmachineids: vm.id }, other);
  expect([code, text]).toEqual([530, expect.stringContaining('does not have permission')]);
});

for (const command of [ASSIGN, REMOVE, 'listLoadBalancerRuleInstances']) {
  test(`${command} needs a rule that exists`, () => {
    const zone = scene();
    const { user, vm } = zone;
    expect(user.fails(command, {}).errortext).toContain('missing parameter id');
    expect(user.fails(command, { id: vm.id }).errortext).toContain('or entity does not exist');
    expect(user.fails(command, { id: addRule(zone), name: 'x' }).httpStatus).toBe(432);
  });
}
