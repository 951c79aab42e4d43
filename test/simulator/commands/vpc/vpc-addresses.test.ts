// Proves how public addresses serve a VPC: they join a tier with their first rule and leave it with
// the last, do one thing at a time, have no firewall; and each refusal with its text.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { networkText } from '../../../../simulator/world/network/networks.js';
import type { NetworkWorld } from '../../../support/network-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  addRunningVm,
  addTier,
  addVpc,
  createVpcWorld,
  failedJob,
  refusal,
  rowsAroundVpcs,
} from '../../../support/vpc-world.js';

interface Scene extends NetworkWorld {
  readonly vpcId: string;
  readonly tierId: string;
  readonly vm: Reply;
  readonly publicIp: Reply;
  readonly sourceNat: Reply;
}

/** A VPC with a VM in its tier, and an address beside its source NAT address. */
function scene(): Scene {
  const zone = createVpcWorld();
  const { user } = zone;
  const vpcId = addVpc(zone)['id'];
  const tierId = addTier(zone, vpcId)['id'];
  const vm = addRunningVm(zone, tierId);
  const publicIp = user.done('associateIpAddress', { vpcid: vpcId })['ipaddress'];
  const [sourceNat] = user.call('listPublicIpAddresses', { issourcenat: true })['publicipaddress'];
  return { ...zone, vpcId, tierId, vm, publicIp, sourceNat };
}

const shown = ({ user, publicIp }: Scene): Reply =>
  user.call('listPublicIpAddresses', { id: publicIp['id'] })['publicipaddress'][0];

function forwarding({ publicIp, tierId, vm }: Scene, values: Values = {}): Values {
  return {
    ipaddressid: publicIp['id'],
    networkid: tierId,
    virtualmachineid: vm['id'],
    protocol: 'tcp',
    publicport: 8080,
    privateport: 80,
    ...values,
  };
}

function balancing({ publicIp, tierId }: Scene, values: Values = {}): Values {
  return {
    name: 'web',
    algorithm: 'roundrobin',
    publicport: 443,
    privateport: 443,
    publicipid: publicIp['id'],
    networkid: tierId,
    ...values,
  };
}

function refused(zone: Scene, command: string, values: Values): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = refusal(zone.admin, command, values);
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

test('an address is acquired for a VPC, and for no network yet', () => {
  const zone = scene();
  expect(zone.publicIp).toMatchObject({
    vpcid: zone.vpcId,
    vpcname: 'cloud',
    issourcenat: false,
    state: 'Allocated',
    account: 'bosh',
  });
  expect(zone.publicIp['associatednetworkid']).toBeUndefined();
  const found = zone.user.call('listPublicIpAddresses', { vpcid: zone.vpcId });
  expect(found['publicipaddress']).toHaveLength(2);
  const second = addVpc(zone, { name: 'second', start: false })['id'];
  expect(zone.user.call('listPublicIpAddresses', { vpcid: second })).toEqual({});
});

test('the first address of a VPC that was not started becomes its source NAT address', () => {
  const zone = createVpcWorld();
  const { id: vpcid } = addVpc(zone, { start: false });
  const acquire = (): Reply => zone.user.done('associateIpAddress', { vpcid })['ipaddress'];
  expect(acquire()['issourcenat']).toBe(true);
  expect(acquire()['issourcenat']).toBe(false);
});

test('an address is for a VPC that is there, and its owner’s', () => {
  const zone = scene();
  expect(refusal(zone.other, 'associateIpAddress', { vpcid: zone.vpcId })[0]).toBe(531);
  const { id: vpcid } = addVpc(zone, { name: 'second', start: false });
  zone.user.done('deleteVPC', { id: vpcid });
  expect(refused(zone, 'associateIpAddress', { vpcid })).toEqual([
    431,
    "Can't find enabled VPC by ID specified",
  ]);
  const zoneid = zone.world.zones.all()[0]!.id;
  const account = { account: 'bosh', domainid: zone.world.domains.all()[0]!.id };
  expect(refused(zone, 'associateIpAddress', { vpcid, ...account })[1]).toMatch(
    /^Unable to figure out zone to assign IP to\./,
  );
  expect(failedJob(zone.admin, 'associateIpAddress', { vpcid, zoneid, ...account })).toEqual([
    431,
    'Invalid VPC id provided',
  ]);
});

test('a tier gets its addresses from its VPC only', () => {
  const zone = scene();
  const before = zone.user.call('listPublicIpAddresses');
  expect(failedJob(zone.user, 'associateIpAddress', { networkid: zone.tierId })).toEqual([
    431,
    "Can't assign ip to the network directly when network belongs to VPC.Specify vpcId to associate ip address to VPC",
  ]);
  expect(zone.user.call('listPublicIpAddresses')).toEqual(before);
});

test('the source NAT address stays as long as the VPC', () => {
  const zone = scene();
  const { user, publicIp, sourceNat } = zone;
  expect(failedJob(user, 'disassociateIpAddress', { id: sourceNat['id'] })).toEqual([
    530,
    'ip address is used for source nat purposes and can not be disassociated.',
  ]);
  user.done('disassociateIpAddress', { id: publicIp['id'] });
  expect(zone.world.publicIps.require(publicIp['id'])).toMatchObject({
    state: 'Free',
    vpcId: null,
  });
});

test('ports lead to the tier that is named, without a firewall, until the last rule goes', () => {
  const zone = scene();
  const { user, world, tierId } = zone;
  const rule = user.done('createPortForwardingRule', forwarding(zone))['portforwardingrule'];
  expect(rule).toMatchObject({ networkid: tierId, state: 'Active', vmguestip: expect.any(String) });
  const second = user.done('createPortForwardingRule', forwarding(zone, { publicport: 81 }));
  expect(shown(zone)).toMatchObject({ associatednetworkid: tierId, hasrules: true });
  expect(world.firewallRules.all()).toEqual([]);
  user.done('deletePortForwardingRule', { id: rule['id'] });
  expect(shown(zone)['associatednetworkid']).toBe(tierId);
  user.done('deletePortForwardingRule', { id: second['portforwardingrule']['id'] });
  expect(shown(zone)['associatednetworkid']).toBeUndefined();
  assertSound(zone);
});

test('static NAT leads to the tier that is named, until it ends', () => {
  const zone = scene();
  const { user, tierId, publicIp, vm } = zone;
  const values = { ipaddressid: publicIp['id'], virtualmachineid: vm['id'] };
  expect(refused(zone, 'enableStaticNat', values)).toEqual([
    431,
    `Unable to enable static NAT for the ipAddress id=${zone.world.publicIps.require(publicIp['id']).internalId} ` +
      'as IP is not associated with any network and no networkId is passed in',
  ]);
  user.call('enableStaticNat', { ...values, networkid: tierId });
  expect(shown(zone)).toMatchObject({ associatednetworkid: tierId, isstaticnat: true });
  user.done('disableStaticNat', { ipaddressid: publicIp['id'] });
  expect(shown(zone)['associatednetworkid']).toBeUndefined();
  assertSound(zone);
});

test('static NAT ends with its VM, and the address goes back to the VPC', () => {
  const zone = scene();
  const { user, tierId, publicIp, vm } = zone;
  const values = { ipaddressid: publicIp['id'], virtualmachineid: vm['id'], networkid: tierId };
  user.call('enableStaticNat', values);
  user.done('destroyVirtualMachine', { id: vm['id'] });
  zone.admin.done('expungeVirtualMachine', { id: vm['id'] });
  expect(shown(zone)['associatednetworkid']).toBeUndefined();
  expect(shown(zone)['vpcid']).toBe(zone.vpcId);
});

test('connections are shared out in the tier that is named, without a firewall', () => {
  const zone = scene();
  const { user, tierId, vm, world } = zone;
  expect(refused(zone, 'createLoadBalancerRule', balancing(zone, { networkid: '' }))[0]).toBe(431);
  const rule = user.done('createLoadBalancerRule', balancing(zone))['loadbalancer'];
  expect(rule['networkid']).toBe(tierId);
  user.done('assignToLoadBalancerRule', { id: rule['id'], virtualmachineids: vm['id'] });
  expect(world.firewallRules.all()).toEqual([]);
  expect(shown(zone)['associatednetworkid']).toBe(tierId);
  user.done('deleteLoadBalancerRule', { id: rule['id'] });
  expect(shown(zone)['associatednetworkid']).toBeUndefined();
  assertSound(zone);
});

test('the firewall of an address of a VPC cannot be opened', () => {
  const zone = scene();
  const text = "Can't have openFirewall=true when IP address belongs to VPC";
  const opened = { openfirewall: true };
  expect(refused(zone, 'createPortForwardingRule', forwarding(zone, opened))).toEqual([431, text]);
  expect(refused(zone, 'createLoadBalancerRule', balancing(zone, opened))).toEqual([431, text]);
  const { ipaddressid } = forwarding(zone);
  const rule = { ipaddressid: ipaddressid!, protocol: 'tcp', startport: 22 };
  const { internalId } = zone.world.publicIps.require(zone.publicIp['id']);
  expect(refused(zone, 'createFirewallRule', rule)).toEqual([
    431,
    `Unable to create firewall rule for the IP address ID=${internalId} as IP is not associated ` +
      'with any network and no networkId is passed in',
  ]);
  zone.user.done('createPortForwardingRule', forwarding(zone, { openfirewall: false }));
  const network = zone.world.networks.require(zone.tierId);
  expect(refused(zone, 'createFirewallRule', rule)).toEqual([
    530,
    `Service Firewall is not supported in the network id=${network.internalId}`,
  ]);
  const egress = { networkid: zone.tierId, protocol: 'tcp', startport: 22 };
  expect(refused(zone, 'createEgressFirewallRule', egress)[1]).toBe(
    `Service Firewall is not supported in the network id=${network.internalId}`,
  );
});

test('ports of static NAT are opened in no firewall either', () => {
  const zone = scene();
  const { user, publicIp, vm, tierId } = zone;
  user.call('enableStaticNat', {
    ipaddressid: publicIp['id'],
    virtualmachineid: vm['id'],
    networkid: tierId,
  });
  const values = { ipaddressid: publicIp['id'], protocol: 'tcp', startport: 22 };
  const { internalId } = zone.world.networks.require(tierId);
  expect(refused(zone, 'createIpForwardingRule', values)).toEqual([
    530,
    `Service Firewall is not supported in the network id=${internalId}`,
  ]);
  user.done('createIpForwardingRule', { ...values, openfirewall: false });
});

test('the source NAT address does nothing else', () => {
  const zone = scene();
  const { sourceNat, vm, tierId } = zone;
  const used = (service: string): string =>
    `The IP ${sourceNat['ipaddress']} is already used as SourceNat rather than ${service}.`;
  const ipaddressid = sourceNat['id'];
  expect(refused(zone, 'createPortForwardingRule', forwarding(zone, { ipaddressid }))).toEqual([
    431,
    used('PortForwarding'),
  ]);
  const values = { ipaddressid, virtualmachineid: vm['id'], networkid: tierId };
  expect(refused(zone, 'enableStaticNat', values)).toEqual([431, used('StaticNat')]);
  const balanced = balancing(zone, { publicipid: sourceNat['id'] });
  expect(refused(zone, 'createLoadBalancerRule', balanced)).toEqual([
    530,
    'Failed to create load balancer rule: web',
  ]);
});

test('an address does one thing only: offerings for VPCs are without conserve mode', () => {
  const zone = scene();
  const { user, publicIp, vm, tierId } = zone;
  user.done('createPortForwardingRule', forwarding(zone));
  expect(refused(zone, 'createLoadBalancerRule', balancing(zone))).toEqual([
    530,
    'Failed to create load balancer rule: web',
  ]);
  const values = { ipaddressid: publicIp['id'], virtualmachineid: vm['id'], networkid: tierId };
  expect(refused(zone, 'enableStaticNat', values)).toEqual([
    431,
    `The IP ${publicIp['ipaddress']} is already used as PortForwarding rather than StaticNat.`,
  ]);
});

test('the source NAT address of a VPC does nothing else, whatever the offering of a tier', () => {
  const zone = scene();
  const { user, world, tierId } = zone;
  const { networkOfferingId } = world.networks.require(tierId);
  world.networkOfferings.change(world.networkOfferings.require(networkOfferingId), {
    conserveMode: true,
  });
  user.done('createPortForwardingRule', forwarding(zone));
  user.done('createLoadBalancerRule', balancing(zone));
  const { id, ipaddress } = zone.sourceNat;
  const another = forwarding(zone, { ipaddressid: id });
  expect(refused(zone, 'createPortForwardingRule', another)).toEqual([
    431,
    `The IP ${ipaddress} is already used as SourceNat rather than PortForwarding.`,
  ]);
});

test('what was used in several ways before does nothing new', () => {
  const zone = scene();
  const { user, world, tierId } = zone;
  const { networkOfferingId } = world.networks.require(tierId);
  const offering = world.networkOfferings.require(networkOfferingId);
  world.networkOfferings.change(offering, { conserveMode: true });
  user.done('createPortForwardingRule', forwarding(zone));
  user.done('createLoadBalancerRule', balancing(zone));
  world.networkOfferings.change(offering, { conserveMode: false });
  const another = forwarding(zone, { publicport: 9_000 });
  expect(refused(zone, 'createPortForwardingRule', another)).toEqual([
    431,
    `There are multiple services used ip ${zone.publicIp['ipaddress']}.`,
  ]);
});

test('an address of a VPC leads to no other network', () => {
  const zone = scene();
  const { world } = zone;
  const network = world.networks.all().find(({ name }) => name === 'isolated')!;
  const { ipAddress, zoneId } = world.publicIps.require(zone.publicIp['id']);
  const text =
    `Ip address Ip[${ipAddress}-${world.zones.require(zoneId).internalId}] is not assigned to the ` +
    `network ${networkText(world, network)}`;
  const elsewhere = { networkid: network.id };
  expect(refused(zone, 'createPortForwardingRule', forwarding(zone, elsewhere))).toEqual([
    431,
    text,
  ]);
  expect(refused(zone, 'createLoadBalancerRule', balancing(zone, elsewhere))).toEqual([431, text]);
});
