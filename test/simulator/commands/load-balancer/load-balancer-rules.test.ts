// Proves how load balancer rules are made, changed, listed and deleted, that they and static NAT
// exclude each other on an address, and with which codes and texts CloudStack refuses, leaving
// everything as it was.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import { allocatePublicIp } from '../../../../simulator/world/network/public-ips.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import { networkNamed } from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { unchanged } from '../network/network-requests.js';
import { addRule, ruleState, ruleValues, scene, type Scene } from './load-balancer-scene.js';

function refused(zone: Scene, values: Values, client = zone.user): [number, string] {
  return unchanged(zone, () => {
    const reply = client.fails('createLoadBalancerRule', ruleValues(zone, values));
    return [reply.httpStatus, reply.errortext];
  });
}

function names(client: TestClient, values: Values = {}): string[] {
  const rules = client.call('listLoadBalancerRules', values)['loadbalancerrule'] ?? [];
  return (rules as { name: string }[]).map(({ name }) => name);
}

test('a rule is made at once and shown as it was asked for', () => {
  const zone = scene();
  const { user, publicIp, network } = zone;
  const values = ruleValues(zone, {
    description: 'Web servers',
    protocol: 'tcp-proxy',
    cidrlist: '10.0.0.0/8,192.0.2.1',
    openfirewall: false,
  });
  const { id, jobid } = user.call('createLoadBalancerRule', values);
  expect(names(user)).toEqual(['web']);
  zone.simulator.kernel.advanceUntilIdle();
  expect(user.job(String(jobid)).result['loadbalancer']).toMatchObject({
    id,
    name: 'web',
    description: 'Web servers',
    publicipid: publicIp.id,
    publicip: publicIp.ipAddress,
    publicport: '443',
    privateport: '8443',
    algorithm: 'roundrobin',
    networkid: network.id,
    cidrlist: '10.0.0.0/8 192.0.2.1',
    account: 'bosh',
    state: 'Add',
    zonename: 'zone1',
    protocol: 'tcp-proxy',
    tags: [],
  });
  const shown = user.call('listPublicIpAddresses', { forloadbalancing: true })['publicipaddress'];
  expect(shown).toMatchObject([{ id: publicIp.id, hasrules: true }]);
  assertSound(zone.simulator);
});

test('the address that a network took for itself can have rules, too', () => {
  const zone = scene();
  addRule(zone, { publicipid: zone.sourceNat.id, networkid: zone.network.id });
  assertSound(zone.simulator);
});

test('an address has a rule for each port, whatever they are called', () => {
  const zone = scene();
  addRule(zone);
  addRule(zone, { publicport: 80 });
  addRule(zone, { publicipid: zone.sourceNat.id });
  expect(names(zone.user)).toEqual(['web', 'web', 'web']);
  assertSound(zone.simulator);
});

test('a port that has a rule already is refused until that is deleted', () => {
  const zone = scene();
  const { user, world } = zone;
  const id = addRule(zone);
  const { internalId, networkId } = world.loadBalancerRules.require(id);
  const rule = JSON.stringify({
    id: internalId,
    networkId: world.networks.require(networkId).internalId,
    purpose: 'LoadBalancing',
    state: 'Add',
    uuid: id,
  });
  expect(refused(zone, { name: 'other', privateport: 1 })).toEqual([
    537,
    `The range specified, 443-443, conflicts with rule FirewallRule ${rule} which has 443-443`,
  ]);
  user.done('deleteLoadBalancerRule', { id });
  addRule(zone);
});

test('lists by every filter, and only what the caller may see', () => {
  const zone = scene();
  const { user, other, admin, world, vm, publicIp, network } = zone;
  const id = addRule(zone, { description: 'About websites' });
  addRule(zone, { name: 'db', publicport: 5_432, publicipid: zone.sourceNat.id });
  user.done('assignToLoadBalancerRule', { id, virtualmachineids: vm.id });
  expect(names(user, { id })).toEqual(['web']);
  expect(names(user, { name: 'WEB' })).toEqual(['web']);
  expect(names(user, { name: 'we' })).toEqual([]);
  expect(names(user, { keyword: 'websites' })).toEqual(['web']);
  expect(names(user, { publicipid: publicIp.id })).toEqual(['web']);
  expect(names(user, { virtualmachineid: vm.id })).toEqual(['web']);
  expect(names(user, { networkid: network.id })).toEqual(['web', 'db']);
  expect(names(user, { networkid: networkNamed(world, 'l2').id })).toEqual([]);
  expect(names(user, { zoneid: world.zones.all()[0]!.id, page: 2, pagesize: 1 })).toEqual(['db']);
  expect(names(other)).toEqual([]);
  expect(names(other, { id })).toEqual([]);
  expect(names(admin)).toEqual([]);
  expect(names(admin, { listall: true })).toEqual(['web', 'db']);
  const tag = { 'tags[0].key': 'a', 'tags[0].value': '1' };
  user.done('createTags', { resourcetype: 'LoadBalancer', resourceids: id, ...tag });
  expect(names(user, tag)).toEqual(['web']);
});

test('updating changes what it is told and nothing else, and checks no algorithm', () => {
  const zone = scene();
  const id = addRule(zone, { description: 'Old' });
  const values = { name: 'www', algorithm: 'fastest', description: 'New', protocol: 'udp' };
  const { loadbalancer } = zone.user.done('updateLoadBalancerRule', { id, ...values });
  expect(loadbalancer).toMatchObject({ id, ...values, publicport: '443' });
  zone.user.done('updateLoadBalancerRule', { id, name: 'web', protocol: ' ' });
  expect(zone.world.loadBalancerRules.require(id)).toMatchObject({
    name: 'web',
    description: 'New',
    protocol: 'udp',
  });
});

test('a deleted rule is unknown, its tags are gone and its members run on', () => {
  const zone = scene();
  const { user, world, simulator, vm } = zone;
  const id = addRule(zone);
  const tag = { 'tags[0].key': 'a', 'tags[0].value': '1' };
  user.done('createTags', { resourcetype: 'LoadBalancer', resourceids: id, ...tag });
  user.done('assignToLoadBalancerRule', { id, virtualmachineids: vm.id });
  const { jobid } = user.call('deleteLoadBalancerRule', { id });
  simulator.kernel.advanceBy(60);
  expect(ruleState(user, id)).toBe('Deleting');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(String(jobid)).result).toEqual({ success: true });
  for (const command of ['listLoadBalancerRules', 'listLoadBalancerRuleInstances']) {
    expect(user.fails(command, { id }).errortext).toContain('or entity does not exist');
  }
  expect(world.tags.all()).toEqual([]);
  expect(world.loadBalancerMembers.all()).toEqual([]);
  expect(vm).toMatchObject({ state: 'Stopped', removedMs: null });
  assertSound(simulator);
});

test('of two deletions one succeeds, the other does not know the rule any more', () => {
  const zone = scene();
  const id = addRule(zone);
  const jobs = [1, 2].map(
    () => zone.user.call('deleteLoadBalancerRule', { id })['jobid'] as string,
  );
  zone.simulator.kernel.advanceUntilIdle();
  expect(jobs.map((jobid) => zone.user.job(jobid).status)).toEqual([1, 2]);
  expect(zone.user.job(jobs[1]!).resultcode).toBe(431);
});

test('a rule goes with its address', () => {
  const zone = scene();
  const id = addRule(zone);
  zone.user.done('assignToLoadBalancerRule', { id, virtualmachineids: zone.vm.id });
  zone.user.done('disassociateIpAddress', { id: zone.publicIp.id });
  expect(names(zone.user)).toEqual([]);
  assertSound(zone.simulator);
});

test('a rule goes with its network', () => {
  const zone = scene();
  addRule(zone);
  for (const nic of zone.world.nics.all()) zone.world.nics.remove(nic);
  zone.user.done('deleteNetwork', { id: zone.network.id });
  expect(zone.world.loadBalancerRules.all()).toEqual([]);
  assertSound(zone.simulator);
});

test('a rule whose address is given back before its job comes is a failure', () => {
  const zone = scene();
  const { user, simulator, publicIp } = zone;
  user.call('disassociateIpAddress', { id: publicIp.id });
  const { jobid } = user.call('createLoadBalancerRule', ruleValues(zone));
  simulator.kernel.advanceUntilIdle();
  const { status, result } = user.job(String(jobid));
  assert.equal(status, 2);
  expect(result).toEqual({ errorcode: 530, errortext: 'Failed to create load balancer rule' });
  assertSound(simulator);
});

test('static NAT and rules exclude each other on an address', () => {
  const zone = scene();
  const { user, publicIp, sourceNat, vm } = zone;
  const nat = { ipaddressid: publicIp.id, virtualmachineid: vm.id };
  user.call('enableStaticNat', nat);
  expect(refused(zone, {})).toEqual([
    537,
    `Can't do load balance on ip address: ${publicIp.ipAddress}`,
  ]);
  user.done('disableStaticNat', { ipaddressid: publicIp.id });
  const id = addRule(zone);
  expect(user.fails('enableStaticNat', nat)).toMatchObject({
    httpStatus: 537,
    errortext:
      `Failed to enable static nat for the ip address Ip[${publicIp.ipAddress}-1] as it already ` +
      'has LoadBalancing rules assigned',
  });
  user.done('deleteLoadBalancerRule', { id });
  user.call('enableStaticNat', nat);
  expect(sourceNat.vmId).toBeNull();
});

for (const [problem, values, status, text] of [
  ['an unknown algorithm', { algorithm: 'fastest' }, 431, 'Invalid algorithm: fastest'],
  ['private port -1', { privateport: -1 }, 431, 'privatePort is an invalid value: -1'],
  ['private port 65536', { privateport: 65_536 }, 431, 'privatePort is an invalid value: 65536'],
  ['public port -1', { publicport: -1 }, 431, 'publicPort is an invalid value: -1'],
  [
    'the port of the router’s own page',
    { publicport: 8_081 },
    431,
    'LB service provider cannot support this rule',
  ],
  ['sources that are none', { cidrlist: '10.0.0.0/8,all' }, 431, 'CIDR [all] is invalid.'],
  ['a mask that is none', { cidrlist: '10.0.0.0/33' }, 431, 'CIDR [10.0.0.0/33] is invalid.'],
  [
    'a port that is no number',
    { publicport: 'http' },
    431,
    'Unable to execute API command createloadbalancerrule due to invalid value http for parameter publicport',
  ],
  ['an account without domain', { publicipid: '', account: 'bosh' }, 431, 'publicipid'],
] as const) {
  test(`refuses ${problem}`, () => {
    const [code, errortext] = refused(scene(), values);
    expect(errortext).toContain(text);
    expect(code).toBe(status);
  });
}

test('every algorithm in every case is one', () => {
  const zone = scene();
  for (const [index, algorithm] of ['roundrobin', 'leastconn', 'source', 'ROUNDROBIN'].entries()) {
    addRule(zone, { algorithm, publicport: 1_000 + index });
  }
});

test('the router answers for names itself: port 53 of its own address is taken', () => {
  const zone = scene();
  expect(refused(zone, { publicport: 53, publicipid: zone.sourceNat.id })).toEqual([
    431,
    'Error adding load balancer rule, cannot add port 53 with network service offering having DNS service and Source NAT.',
  ]);
  addRule(zone, { publicport: 53 });
});

test('without conserve mode the network’s own address has no rules', () => {
  const zone = scene();
  const offering = zone.world.networkOfferings.require(zone.network.networkOfferingId);
  zone.world.networkOfferings.change(offering, { conserveMode: false });
  expect(refused(zone, { publicipid: zone.sourceNat.id }, zone.admin)).toEqual([
    530,
    'Failed to create load balancer rule: web',
  ]);
  expect(refused(zone, { publicipid: zone.sourceNat.id })[1]).toContain('Internal error');
  addRule(zone);
});

test('a network without the service is refused', () => {
  const zone = scene();
  const offering = zone.world.networkOfferings.require(zone.network.networkOfferingId);
  zone.world.networkOfferings.change(offering, { services: ['Dhcp', 'StaticNat'] });
  expect(refused(zone, {})).toEqual([431, 'LB service is not supported in specified network id']);
});

test('the address must be allocated, in a network, and the caller’s', () => {
  const zone = scene();
  const { world, publicIp, other } = zone;
  const free = world.publicIps.all()[3]!;
  expect(refused(zone, { publicipid: free.id })).toEqual([
    431,
    `Unable to create load balancer rule, invalid IP address ID ${free.internalId}`,
  ]);
  expect(refused(zone, {}, other)[0]).toBe(531);
  expect(refused(zone, { publicipid: networkNamed(world, 'l2').id })[1]).toContain(
    'entity does not exist',
  );
  world.publicIps.change(publicIp, { networkId: null });
  expect(refused(zone, {})).toEqual([
    431,
    `IP address ID=${publicIp.internalId} is not associated with any network`,
  ]);
  expect(refused(zone, { networkid: zone.network.id })[1]).toContain(
    `Ip address Ip[${publicIp.ipAddress}-1] is not assigned to the network Network {`,
  );
});

test('without an address an account must be named, and then an address is missing', () => {
  const zone = scene();
  const { user, admin, world } = zone;
  const values = Object.fromEntries(
    Object.entries(ruleValues(zone)).filter(([key]) => key !== 'publicipid'),
  );
  const ask = (more: Values, client = user): string =>
    unchanged(zone, () => client.fails('createLoadBalancerRule', { ...values, ...more }).errortext);
  expect(ask({ networkid: zone.network.id })).toBe(
    "Can't define IP owner. Either specify account/domainId or publicIpId",
  );
  const domainid = world.domains.all()[0]!.id;
  const own = { account: 'bosh', domainid };
  expect(ask({ account: 'nobody', domainid })).toBe('Unable to find account nobody in domain ID=1');
  expect(ask({ account: 'other', domainid })).toContain('does not have permission');
  expect(ask(own)).toBe('Either networkId or zoneId or publicIpId has to be specified');
  const zoneid = world.zones.all()[0]!.id;
  expect(ask({ ...own, zoneid })).toBe(
    "Unable to create load balance rule; can't find/allocate source IP",
  );
  expect(ask({ account: 'admin', domainid, zoneid }, admin)).toBe(
    "Account name=admin domain=ROOT doesn't have virtual networks in zone=zone1",
  );
  world.networks.change(networkNamed(world, 'tiny'), { accountId: zone.vm.accountId });
  expect(ask({ ...own, zoneid })).toBe('Account has more than one isolated network in the zone');
});

test('what is required must be there', () => {
  const zone = scene();
  const all = ruleValues(zone);
  for (const name of ['algorithm', 'name', 'privateport', 'publicport']) {
    const values = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
    expect(zone.user.fails('createLoadBalancerRule', values).errortext).toBe(
      `Unable to execute API command createloadbalancerrule due to missing parameter ${name}`,
    );
  }
  expect(zone.user.fails('createLoadBalancerRule', { ...all, vpcid: '1' }).httpStatus).toBe(432);
});

for (const command of ['updateLoadBalancerRule', 'deleteLoadBalancerRule']) {
  test(`${command} refuses strangers in the job, and ids that are none at once`, () => {
    const zone = scene();
    const { user, other, admin } = zone;
    const id = addRule(zone);
    const before = JSON.stringify(zone.world.loadBalancerRules.all());
    expect(other.run(command, { id })).toMatchObject({ status: 2, resultcode: 530 });
    expect(JSON.stringify(zone.world.loadBalancerRules.all())).toBe(before);
    expect(user.fails(command, { id: zone.vm.id }).errortext).toContain('does not exist');
    expect(user.fails(command, {}).errortext).toContain('missing parameter id');
    expect(user.fails(command, { id, publicport: 1 }).httpStatus).toBe(432);
    admin.done(command, { id });
  });
}

test('an address of another network serves that network', () => {
  const zone = scene();
  const tiny = networkNamed(zone.world, 'tiny');
  zone.world.networks.change(tiny, { accountId: zone.vm.accountId });
  implementNetwork(zone.world, tiny);
  const third = zone.world.publicIps.all()[3]!;
  allocatePublicIp(zone.world, third, {
    accountId: zone.vm.accountId,
    networkId: tiny.id,
    isSourceNat: false,
  });
  const id = addRule(zone, { publicipid: third.id, networkid: zone.network.id });
  expect(zone.world.loadBalancerRules.require(id).networkId).toBe(tiny.id);
});
