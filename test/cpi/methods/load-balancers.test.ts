// Proves that create_vm puts VMs behind load balancer rules, those that are there and those that it
// makes, and that delete_vm takes them out again; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { at, directorUuid, startZone } from '../../support/cpi-zone.js';
import {
  createVm,
  holdAddress,
  idOf,
  makeRule,
  members,
  networkId,
  otherVmBehind,
  rules,
  usedZone,
  vmBehind,
  web,
} from './load-balancer-requests.js';
import { subnet } from './network-requests.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

test('a missing rule is made on the source NAT address, marked, and goes with its last VM', async () => {
  await using zone = await usedZone();
  const before = zone.holdings();
  const first = await createVm(zone, vmBehind([web]));
  const [rule, ...others] = rules(zone);
  expect(others).toEqual([]);
  expect(rule).toMatchObject({
    name: 'web',
    publicport: '443',
    privateport: '8443',
    algorithm: 'roundrobin',
    networkid: networkId(zone, 'NET_CS'),
    publicip: at(before, 'addresses', 0, 'ipaddress'),
    state: 'Active',
  });
  expect(at(rule, 'description')).toContain(directorUuid);
  const second = await createVm(zone, otherVmBehind([web]));
  expect(rules(zone)).toHaveLength(1);
  expect(members(zone, rule)).toEqual([first, second]);
  await zone.result('delete_vm', [first]);
  expect(members(zone, rule)).toEqual([second]);
  await zone.result('delete_vm', [second]);
  expect(zone.holdings()).toEqual(before);
});

test('a rule whose creation fails as taken after it was made goes with a VM that failed', async () => {
  await using zone = await usedZone();
  const text = 'A rule with this name already exists';
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'createLoadBalancerRule', times: 1 },
      then: { effect: 'job-fails', text },
    },
  ]);
  await zone.error('create_vm', vmBehind([web]), { refuse: 'assignToLoadBalancerRule' });
  expect(rules(zone)).toEqual([]);
});

test('a rule that an operator made is used and stays when its last VM goes', async () => {
  await using zone = await usedZone();
  const id = makeRule(zone, holdAddress(zone, '203.0.113.20'));
  const vm = await createVm(zone, vmBehind([{ name: 'web' }]));
  expect(members(zone, { id })).toEqual([vm]);
  await zone.result('delete_vm', [vm]);
  expect(rules(zone)).toMatchObject([{ id }]);
  expect(members(zone, { id })).toEqual([]);
});

for (const [whose, description, isDeleted] of [
  ['this Director', `bosh-cpi-director ${directorUuid} rule 1`, true],
  ['another Director', 'bosh-cpi-director 695b7248-0310-4930-646d-848b66efbaa6 rule 1', false],
  ['a Director with a longer id', `bosh-cpi-director ${directorUuid}0 rule 1`, false],
] as const) {
  test(`a rule of ${whose} ${isDeleted ? 'goes' : 'stays'} when its last VM goes`, async () => {
    await using zone = await usedZone();
    const id = makeRule(zone, holdAddress(zone, '203.0.113.20'), { description });
    const vm = await createVm(zone, vmBehind([{ name: 'web' }]));
    expect(members(zone, { id })).toEqual([vm]);
    await zone.result('delete_vm', [vm]);
    expect(rules(zone).map(idOf)).toEqual(isDeleted ? [] : [id]);
  });
}

test('a VM whose account may not expunge leaves its rules all the same', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone, vmBehind([web]));
  await zone.result('delete_vm', [vm]);
  expect(rules(zone)).toEqual([]);
});

test('a mark tells of the VMs that create_vm puts behind rules, and of no others', async () => {
  await using zone = await usedZone();
  const isMarked = (id: string): boolean => {
    const found = zone.user.call('listVirtualMachines', { id });
    return JSON.stringify(at(found, 'virtualmachine', 0, 'tags')).includes('bosh-cpi-balanced');
  };
  expect(isMarked(await createVm(zone, vmBehind([web])))).toBe(true);
  expect(isMarked(await createVm(zone, otherVmBehind([])))).toBe(false);
});

test('a VM is taken out of rules that others put it behind', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone, vmArguments());
  const id = makeRule(zone, holdAddress(zone, '203.0.113.20'));
  zone.user.done('assignToLoadBalancerRule', { id, virtualmachineids: vm });
  await zone.result('delete_vm', [vm]);
  expect(rules(zone)).toMatchObject([{ id }]);
  expect(zone.user.call('listLoadBalancerRules', { virtualmachineid: vm })).toEqual({});
});

test('several rules, also of one name, which their ports tell apart', async () => {
  await using zone = await usedZone();
  const before = zone.holdings();
  const plain = { ...web, public_port: 80, private_port: 8080, algorithm: 'leastconn' };
  const vm = await createVm(
    zone,
    vmBehind([web, plain, { ...web, name: 'api', public_port: 444 }]),
  );
  expect(rules(zone)).toMatchObject([
    { name: 'web', publicport: '443', algorithm: 'roundrobin' },
    { name: 'web', publicport: '80', algorithm: 'leastconn' },
    { name: 'api', publicport: '444' },
  ]);
  const error = await zone.error('create_vm', otherVmBehind([{ name: 'web' }]));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(/several load balancer rules web \(.*:443, .*:80\).*public_port/);
  await zone.result('delete_vm', [vm]);
  expect(zone.holdings()).toEqual(before);
});

test('two entries that mean one rule put the VM behind it once', async () => {
  await using zone = await usedZone();
  const vm = await createVm(zone, vmBehind([web, web]));
  expect(rules(zone)).toHaveLength(1);
  expect(members(zone, rules(zone)[0])).toEqual([vm]);
});

test('a new rule is made on the public address that is asked for', async () => {
  await using zone = await usedZone();
  holdAddress(zone, '203.0.113.20');
  await createVm(zone, vmBehind([{ ...web, public_ip: '203.0.113.20', open_firewall: false }]));
  expect(rules(zone)).toMatchObject([{ publicip: '203.0.113.20' }]);
});

test('rules of one name on two addresses are told apart by the address', async () => {
  await using zone = await usedZone();
  const own = makeRule(zone, holdAddress(zone, '203.0.113.20'));
  const other = makeRule(zone, holdAddress(zone, '203.0.113.21'));
  const vm = await createVm(zone, vmBehind([{ name: 'web', public_ip: '203.0.113.21' }]));
  expect([members(zone, { id: own }), members(zone, { id: other })]).toEqual([[], [vm]]);
});

test('a VM with NICs in two networks is put behind the rules of its default one first', async () => {
  await using zone = await usedZone();
  const created = await zone.result('create_network', subnet({ range: '10.66.0.0/24' }));
  const second = String(at(created, 0));
  const networks = {
    second: manualNetwork('10.66.0.5', { default: undefined, cloud_properties: { name: second } }),
    private: manualNetwork(),
  };
  const vm = await createVm(zone, vmBehind([web], { networks }));
  expect(rules(zone)).toMatchObject([{ networkid: networkId(zone, 'NET_CS') }]);
  expect(members(zone, rules(zone)[0])).toEqual([vm]);
});

test('a rule of the same name in a network that the VM is not in is another one', async () => {
  await using zone = await usedZone();
  makeRule(zone, holdAddress(zone, '203.0.113.20'));
  const networks = { shared: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmBehind([web], { networks }));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(/no load balancer rule web .*NET_SHARED has no source NAT address/);
  expect(zone.holdings()).toEqual(before);
});

test('a rule that shares out otherwise is used, with a warning', async () => {
  await using zone = await usedZone();
  const id = makeRule(zone, holdAddress(zone, '203.0.113.20'));
  const vm = await createVm(zone, vmBehind([{ name: 'web', algorithm: 'leastconn' }]));
  expect(members(zone, { id })).toEqual([vm]);
  expect(zone.diagnostics.join('\n')).toMatch(/warning: .*rule web .* by source, not leastconn/);
});

test('an algorithm counts in any case', async () => {
  await using zone = await usedZone();
  const id = makeRule(zone, holdAddress(zone, '203.0.113.20'), { algorithm: 'LeastConn' });
  const vm = await createVm(
    zone,
    vmBehind([
      { name: 'web', algorithm: 'LEASTCONN' },
      { ...web, name: 'new', algorithm: 'Source' },
    ]),
  );
  expect(rules(zone)).toMatchObject([{ id }, { name: 'new', algorithm: 'source' }]);
  expect(members(zone, { id })).toEqual([vm]);
  expect(zone.diagnostics.join('\n')).not.toContain('shares connections out');
});

test('a role that may not list rules deletes VMs all the same', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone, vmArguments());
  await zone.result('delete_vm', [vm], { refuse: 'listLoadBalancerRules' });
  expect(await zone.result('has_vm', [vm])).toBe(false);
});

for (const command of ['removeFromLoadBalancerRule', 'deleteLoadBalancerRule']) {
  test(`a role that may not call ${command} deletes VMs all the same, and is told`, async () => {
    await using zone = await usedZone();
    const vm = await createVm(zone, vmBehind([web], { agentId }));
    await zone.result('delete_vm', [vm], { refuse: command });
    expect(await zone.result('has_vm', [vm])).toBe(false);
    expect(rules(zone)).toHaveLength(1);
    expect(zone.diagnostics.join('\n')).toMatch(
      new RegExp(`warning: load balancer rule web .* stays as it is: .*${command}`),
    );
  });
}

test('the same agent asked for again is behind its load balancer once', async () => {
  await using zone = await usedZone();
  const forgotten = await createVm(zone, vmBehind([web], { agentId }));
  const vm = await createVm(zone, vmBehind([web], { agentId }));
  expect(vm).not.toBe(forgotten);
  expect(rules(zone)).toHaveLength(1);
  expect(members(zone, rules(zone)[0])).toEqual([vm]);
});
