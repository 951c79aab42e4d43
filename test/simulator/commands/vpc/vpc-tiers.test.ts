// Proves how networks become tiers of a VPC: what they show, how the first VM brings the router of
// the VPC to life, where lists find them; and each refusal with its text, which leaves nothing.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { networkText } from '../../../../simulator/world/network/networks.js';
import { vpcText } from '../../../../simulator/world/network/vpcs.js';
import type { NetworkWorld } from '../../../support/network-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  addRunningVm,
  addTier,
  addVpc,
  createVpcWorld,
  failedJob,
  networkOfferingId,
  offerTiers,
  ofVpcRouter,
  refusal,
  rowsAroundVpcs,
  tierValues,
} from '../../../support/vpc-world.js';

interface Scene extends NetworkWorld {
  readonly vpcId: string;
}

function scene(values: Values = {}): Scene {
  const zone = createVpcWorld();
  return { ...zone, vpcId: addVpc(zone, values)['id'] };
}

function refused(zone: Scene, values: Values, client = zone.user): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = refusal(client, 'createNetwork', tierValues(zone, zone.vpcId, 1, values));
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

test('shows its VPC, whose names it has', () => {
  const zone = scene({ networkdomain: 'cloud.example', dns1: '9.9.9.9', dns2: '1.1.1.1' });
  const tier = addTier(zone, zone.vpcId);
  expect(tier).toMatchObject({
    name: 'tier1',
    type: 'Isolated',
    cidr: '10.0.1.0/24',
    gateway: '10.0.1.1',
    vpcid: zone.vpcId,
    vpcname: 'cloud',
    networkdomain: 'cloud.example',
    dns1: '9.9.9.9',
    dns2: '1.1.1.1',
    state: 'Allocated',
  });
  expect(tier['aclid']).toBeUndefined();
  const [vpc] = zone.user.call('listVPCs')['vpc'];
  expect(vpc['network']).toEqual([tier]);
  assertSound(zone);
});

test('is found by its VPC, and apart from other networks', () => {
  const zone = scene();
  const tier = addTier(zone, zone.vpcId);
  const names = (values: Values): string[] =>
    (zone.user.call('listNetworks', values)['network'] ?? []).map((row: Reply) => row['name']);
  expect(names({ vpcid: zone.vpcId })).toEqual(['tier1']);
  expect(names({ forvpc: true })).toEqual(['tier1']);
  expect(names({ forvpc: false })).not.toContain('tier1');
  expect(names({ forvpc: false })).toContain('isolated');
  expect(names({ id: tier['id'], vpcid: addVpc(zone, { name: 'second' })['id'] })).toEqual([]);
});

test('comes to life with its first VM, and with it the router of its VPC', () => {
  const zone = scene({ start: false });
  const { world, user, vpcId } = zone;
  const tier = addTier(zone, vpcId);
  const vm = addRunningVm(zone, tier['id']);
  expect(world.networks.require(tier['id']).state).toBe('Implemented');
  expect(world.vpcs.require(vpcId).isImplemented).toBe(true);
  const sourceNats = user.call('listPublicIpAddresses', { vpcid: vpcId })['publicipaddress'];
  expect(sourceNats).toHaveLength(1);
  expect(sourceNats[0]).toMatchObject({ issourcenat: true, vpcid: vpcId });
  expect(vm['nic'][0]).toMatchObject({ vpcid: vpcId, vpcname: 'cloud', gateway: '10.0.1.1' });
  const [nic] = user.call('listNics', { virtualmachineid: vm['id'] })['nic'];
  expect(nic).toMatchObject({ vpcid: vpcId, vpcname: 'cloud' });
  const found = user.call('listVirtualMachines', { vpcid: vpcId })['virtualmachine'];
  expect(found.map((row: Reply) => row['id'])).toEqual([vm['id']]);
  const { id: second } = addVpc(zone, { name: 'second' });
  expect(user.call('listVirtualMachines', { vpcid: second })).toEqual({});
  assertSound(zone);
});

test('shares the address that it is seen with from outside with the other tiers', () => {
  const zone = scene();
  addRunningVm(zone, addTier(zone, zone.vpcId, 1)['id']);
  addRunningVm(zone, addTier(zone, zone.vpcId, 2)['id']);
  expect(zone.user.call('listPublicIpAddresses')['publicipaddress']).toHaveLength(1);
  assertSound(zone);
});

test('stays as it is if its VPC gets no address', () => {
  const zone = scene({ start: false });
  const tier = addTier(zone, zone.vpcId);
  for (let number = 1; number <= 4; number += 1) addVpc(zone, { name: `other${number}` });
  const [code] = failedJob(zone.user, 'deployVirtualMachine', {
    zoneid: zone.world.zones.all()[0]!.id,
    serviceofferingid: zone.world.serviceOfferings.all()[0]!.id,
    templateid: zone.world.templates.all()[0]!.id,
    networkids: tier['id'],
  });
  expect(code).toBe(530);
  expect(zone.world.networks.require(tier['id']).state).toBe('Allocated');
  expect(zone.world.vpcs.require(zone.vpcId).isImplemented).toBe(false);
});

test('could be changed to the offerings for VPCs only', () => {
  const zone = scene();
  const networkid = addTier(zone, zone.vpcId)['id'];
  const { networkoffering } = zone.user.call('listNetworkOfferings', { networkid });
  expect(networkoffering.map((row: Reply) => row['name'])).toEqual([
    'DefaultIsolatedNetworkOfferingForVpcNetworksNoLB',
  ]);
});

test('has the list of rules that it is made with', () => {
  const zone = scene();
  const [deny, allow] = zone.world.networkAclLists.all();
  const tier = addTier(zone, zone.vpcId, 1, { aclid: allow!.id });
  expect(tier).toMatchObject({ aclid: allow!.id, aclname: 'default_allow' });
  expect(addTier(zone, zone.vpcId, 2, { aclid: deny!.id })['aclname']).toBe('default_deny');
});

test('counts among the networks of its account', () => {
  const zone = scene();
  const owner = zone.world.accounts.all().find((row) => row.name === 'bosh')!;
  zone.admin.call('updateResourceLimit', {
    account: 'bosh',
    domainid: owner.domainId,
    resourcetype: 6,
    max: 1,
  });
  const [code, text] = refused(zone, {});
  expect([code, text]).toEqual([535, expect.stringContaining("Type = 'network'")]);
});

test('may belong to another account of those for whom the owner of the VPC acts', () => {
  const zone = createVpcWorld();
  const { admin, world } = zone;
  const domainid = world.domains.all()[0]!.id;
  const { id: vpcid } = addVpc(zone, {}, admin);
  const tier = addTier(zone, vpcid, 1, { account: 'other', domainid }, admin);
  expect(tier['account']).toBe('other');
  const [shown] = zone.other.call('listNetworks', { id: tier['id'] })['network'];
  expect(shown['vpcname']).toBe('cloud');
  expect(shown['vpcid']).toBeUndefined();
  const own = addVpc(zone);
  const values = tierValues(zone, own['id'], 1, { account: 'other', domainid });
  expect(refusal(admin, 'createNetwork', values)).toEqual([
    431,
    'VPC owner does not have access to account [other].',
  ]);
});

test('is deleted with its rules, and its addresses go back to the VPC', () => {
  const zone = scene();
  const { user, world, vpcId } = zone;
  const tier = addTier(zone, vpcId);
  const vm = addRunningVm(zone, tier['id']);
  const { id } = user.done('associateIpAddress', { vpcid: vpcId })['ipaddress'];
  user.done('createPortForwardingRule', {
    ipaddressid: id,
    networkid: tier['id'],
    virtualmachineid: vm['id'],
    protocol: 'tcp',
    publicport: 22,
    privateport: 22,
  });
  user.done('destroyVirtualMachine', { id: vm['id'] });
  zone.admin.done('expungeVirtualMachine', { id: vm['id'] });
  user.done('createLoadBalancerRule', {
    name: 'web',
    algorithm: 'roundrobin',
    privateport: 80,
    publicport: 80,
    publicipid: id,
    networkid: tier['id'],
  });
  user.done('deleteNetwork', { id: tier['id'] });
  expect(world.publicIps.require(id)).toMatchObject({
    state: 'Allocated',
    networkId: null,
    vpcId,
  });
  expect(world.loadBalancerRules.all()).toEqual([]);
  expect(world.vpcs.require(vpcId).isImplemented).toBe(true);
  assertSound(zone);
});

test('is restarted without a new router: that is its VPC’s', () => {
  const zone = scene();
  const tier = addTier(zone, zone.vpcId);
  addRunningVm(zone, tier['id']);
  zone.user.done('restartNetwork', { id: tier['id'] });
  expect(failedJob(zone.user, 'restartNetwork', { id: tier['id'], cleanup: true })).toEqual([
    431,
    'Cannot restart a VPC tier with cleanup, please restart the whole VPC.',
  ]);
});

test('needs an offering for VPCs, as other networks need one that is not', () => {
  const zone = scene();
  const isolated = 'DefaultIsolatedNetworkOfferingWithSourceNatService';
  expect(refused(zone, { networkofferingid: networkOfferingId(zone, isolated) })).toEqual([
    431,
    "Network offering can't be used for VPC networks",
  ]);
  const { vpcid, ...values } = tierValues(zone, zone.vpcId);
  expect(vpcid).toBe(zone.vpcId);
  expect(refusal(zone.user, 'createNetwork', values)).toEqual([
    431,
    'Network offering can be used for VPC networks only',
  ]);
});

test('needs a VPC that is not being deleted, of the caller and in the zone', () => {
  const zone = scene();
  const foreign = addVpc(zone, {}, zone.other)['id'];
  expect(refused(zone, { vpcid: foreign })[0]).toBe(531);
  zone.user.call('deleteVPC', { id: zone.vpcId });
  zone.world.kernel.advanceBy(100);
  expect(zone.world.vpcs.require(zone.vpcId).state).toBe('Inactive');
  expect(refused(zone, {})).toEqual([431, 'Unable to find Enabled VPC ']);
});

test('lies in the subnet of its VPC, apart from the other tiers', () => {
  const zone = scene();
  const { world, vpcId } = zone;
  const vpc = world.vpcs.require(vpcId);
  expect(refused(zone, { gateway: '10.1.0.1' })).toEqual([
    431,
    `Network cidr 10.1.0.0/24 is not within vpc ${vpcText(vpc)} cidr`,
  ]);
  const { id } = addTier(zone, vpcId);
  const text = (cidr: string): string =>
    `Network cidr ${cidr} crosses other network cidr ${networkText(world, world.networks.require(id))} ` +
    `belonging to the same vpc ${vpcText(vpc)}`;
  expect(refused(zone, {})).toEqual([431, text('10.0.1.0/24')]);
  expect(refused(zone, { netmask: '255.255.252.0' })).toEqual([431, text('10.0.0.0/22')]);
  expect(refused(zone, { netmask: '255.255.255.192' })).toEqual([431, text('10.0.1.0/26')]);
});

test('needs gateway and netmask', () => {
  const zone = scene();
  const { gateway, netmask, ...values } = tierValues(zone, zone.vpcId);
  expect([gateway, netmask]).toEqual(['10.0.1.1', '255.255.255.0']);
  const text = 'Gateway/netmask are required when create network for VPC';
  expect(refusal(zone.user, 'createNetwork', values)).toEqual([431, text]);
  expect(refusal(zone.user, 'createNetwork', { ...values, gateway: '10.0.1.1' })).toEqual([
    431,
    text,
  ]);
});

test('has the domain of names of its VPC', () => {
  const zone = scene({ networkdomain: 'cloud.example' });
  expect(refused(zone, { networkdomain: 'other.example' })).toEqual([
    431,
    `Network domain of the new network should match network domain of vpc ${vpcText(zone.world.vpcs.require(zone.vpcId))}`,
  ]);
  expect(addTier(zone, zone.vpcId, 1, { networkdomain: 'CLOUD.example' })['networkdomain']).toBe(
    'CLOUD.example',
  );
});

test('is one of three at most, unless a setting says otherwise', () => {
  const zone = scene();
  for (const number of [1, 2, 3]) addTier(zone, zone.vpcId, number);
  const values = tierValues(zone, zone.vpcId, 4);
  expect(refusal(zone.admin, 'createNetwork', values)).toEqual([
    530,
    'Number of networks per VPC cannot surpass [3].',
  ]);
  zone.world.settings.set('vpc.max.networks', 4);
  addTier(zone, zone.vpcId, 4);
});

test('has a list of rules of its own VPC or of all', () => {
  const zone = scene();
  const { id: vpcid } = addVpc(zone, { name: 'second' });
  const list = zone.world.networkAclLists.insert({
    name: 'own',
    description: null,
    vpcId: vpcid,
    isDefault: false,
    isDisplayed: true,
  });
  const { internalId } = zone.world.vpcs.require(vpcid);
  expect(refused(zone, { aclid: list.id })).toEqual([
    431,
    `ACL [{"id":${list.internalId},"name":"own","uuid":"${list.id}","vpcId":${internalId}}] does ` +
      `not belong to the VPC [${internalId}].`,
  ]);
});

test('balances loads by one offering only', () => {
  const zone = scene();
  const { id } = addTier(zone, zone.vpcId);
  const networkofferingid = offerTiers(zone, ofVpcRouter('Dhcp', 'Dns', 'SourceNat', 'Lb'));
  const { world, vpcId } = zone;
  const values = { networkofferingid, gateway: '10.0.2.1' };
  expect(refused(zone, values)).toEqual([
    431,
    `Public LB service is already supported by network ${networkText(world, world.networks.require(id))} ` +
      `in VPC ${vpcText(world.vpcs.require(vpcId))}`,
  ]);
  addTier(zone, vpcId, 2);
});

test('takes no list of rules with an offering that has none', () => {
  const zone = scene();
  const networkofferingid = offerTiers(zone, ofVpcRouter('Dhcp', 'Dns', 'SourceNat'));
  const aclid = zone.world.networkAclLists.all()[0]!.id;
  expect(refused(zone, { networkofferingid, aclid })).toEqual([
    431,
    'Cannot apply NetworkACL. Network Offering does not support NetworkACL service',
  ]);
  addTier(zone, zone.vpcId, 1, { networkofferingid });
});

test('has neither a firewall nor an outside without translation', () => {
  const zone = scene();
  const withFirewall = offerTiers(zone, {
    ...ofVpcRouter('SourceNat'),
    supportedservices: 'SourceNat,Firewall',
    'serviceproviderlist[1].service': 'Firewall',
    'serviceproviderlist[1].provider': 'VirtualRouter',
  });
  expect(refused(zone, { networkofferingid: withFirewall })).toEqual([
    431,
    'Provider of type VirtualRouter is not supported for network offerings that can be used in VPC',
  ]);
  const inside = offerTiers(zone, { name: 'inside', supportedservices: 'Dhcp' });
  expect(refused(zone, { networkofferingid: inside })).toEqual([
    431,
    'Only network offerings of type Isolated with service SourceNat are valid for vpc ',
  ]);
});
