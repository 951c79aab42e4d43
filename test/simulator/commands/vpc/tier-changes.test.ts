// Proves what the router of a VPC leaves to a tier: the size of packets and the name servers are the
// VPC's, public addresses too; and which other offerings a tier takes, and what it loses with its own.
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
  readonly tierId: string;
}

function scene(values: Values = {}): Scene {
  const zone = createVpcWorld();
  const vpcId = addVpc(zone, values)['id'];
  return { ...zone, vpcId, tierId: addTier(zone, vpcId)['id'] };
}

function notMade(zone: Scene, values: Values): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = refusal(zone.user, 'createNetwork', tierValues(zone, zone.vpcId, 2, values));
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

function notChanged(zone: Scene, values: Values): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = failedJob(zone.user, 'updateNetwork', { id: zone.tierId, ...values });
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

const update = (zone: Scene, values: Values): Reply =>
  zone.user.done('updateNetwork', { id: zone.tierId, ...values })['network'];

test('the largest packets to the outside are those of the VPC, also when they change', () => {
  const zone = scene({ publicmtu: 1_400 });
  const { user, vpcId, tierId: id } = zone;
  zone.world.settings.set('allow.end.users.to.specify.vr.mtu', true);
  const second = addTier(zone, vpcId, 2, { publicmtu: 1_300, privatemtu: 1_200 });
  expect(second).toMatchObject({ publicmtu: 1_400, privatemtu: 1_200 });
  zone.world.settings.set('allow.end.users.to.specify.vr.mtu', false);
  user.done('updateVPC', { id: vpcId, publicmtu: 1_000 });
  const [tier] = user.call('listNetworks', { id })['network'];
  expect(tier).toMatchObject({ publicmtu: 1_000, privatemtu: 1_500 });
});

test('the name servers are those of the VPC', () => {
  const zone = scene();
  const refused = [431, 'DNS can not be specified for a VPC tier'];
  expect(notMade(zone, { dns1: '9.9.9.9' })).toEqual(refused);
  // That is said before anything is said about the subnet.
  expect(notMade(zone, { dns1: '9.9.9.9', gateway: '10.9.0.1' })).toEqual(refused);
  expect(notChanged(zone, { dns1: '9.9.9.9' })).toEqual(refused);
});

test('has no source NAT address of its own', () => {
  const zone = scene();
  const free = zone.world.publicIps.all().find((row) => row.state === 'Free')!;
  expect(notMade(zone, { sourcenatipaddress: free.ipAddress })).toEqual([
    431,
    "Can't assign ip to the network directly when network belongs to VPC.Specify vpcId to associate " +
      'ip address to VPC',
  ]);
});

test('gets another offering for tiers, and loses what that has not', () => {
  const zone = scene();
  const { user, world, tierId, vpcId } = zone;
  const vm = addRunningVm(zone, tierId);
  const acquire = (): Reply => user.done('associateIpAddress', { vpcid: vpcId })['ipaddress'];
  const [balanced, forwarded] = [acquire(), acquire()];
  user.done('createLoadBalancerRule', {
    name: 'web',
    algorithm: 'roundrobin',
    publicport: 443,
    privateport: 443,
    publicipid: balanced['id'],
    networkid: tierId,
  });
  user.done('createPortForwardingRule', {
    ipaddressid: forwarded['id'],
    networkid: tierId,
    virtualmachineid: vm['id'],
    protocol: 'tcp',
    publicport: 80,
    privateport: 80,
  });
  const name = 'DefaultIsolatedNetworkOfferingForVpcNetworksNoLB';
  const networkofferingid = networkOfferingId(zone, name);
  expect(notChanged(zone, { networkofferingid })).toEqual([
    530,
    `The new offering:${name} will remove the following services [Lb]along with all the related ` +
      'configuration currently in use. will not proceed with the network update.set forced parameter ' +
      'to true for forcing an update.',
  ]);
  expect(update(zone, { networkofferingid, forced: true })).toMatchObject({
    networkofferingname: name,
    state: 'Implemented',
    vpcid: vpcId,
  });
  expect(world.loadBalancerRules.all()).toEqual([]);
  expect(world.portForwardingRules.all()).toHaveLength(1);
  expect(world.publicIps.require(balanced['id'])).toMatchObject({ vpcId, networkId: null });
  expect(world.publicIps.require(forwarded['id'])).toMatchObject({ vpcId, networkId: tierId });
  assertSound(zone);
});

test('takes an offering for tiers only, that is there', () => {
  const zone = scene();
  const plain = networkOfferingId(zone, 'DefaultIsolatedNetworkOfferingWithSourceNatService');
  expect(notChanged(zone, { networkofferingid: plain })).toEqual([
    431,
    'Provider of type VirtualRouter is not supported for network offerings that can be used in VPC',
  ]);
  const gone = offerTiers(zone, ofVpcRouter('Dhcp', 'SourceNat'));
  zone.admin.call('deleteNetworkOffering', { id: gone });
  expect(notChanged(zone, { networkofferingid: gone })).toEqual([
    431,
    "Can't find network offering by id specified",
  ]);
});

test('takes no offering without rules if it has a list of them', () => {
  const zone = scene();
  const { user, world, tierId: networkid } = zone;
  const aclid = world.networkAclLists.all()[0]!.id;
  user.done('replaceNetworkACLList', { aclid, networkid });
  const networkofferingid = offerTiers(zone, ofVpcRouter('Dhcp', 'SourceNat'));
  expect(notChanged(zone, { networkofferingid, forced: true })).toEqual([
    431,
    'Cannot apply NetworkACL. Network Offering does not support NetworkACL service',
  ]);
});

test('takes no other offering that balances loads while another tier balances', () => {
  const zone = scene();
  const { world, vpcId } = zone;
  const networkofferingid = offerTiers(zone, ofVpcRouter('Dhcp', 'SourceNat', 'Lb'));
  const second = world.networks.require(addTier(zone, vpcId, 2)['id']);
  expect(notChanged(zone, { networkofferingid, forced: true })).toEqual([
    431,
    `Public LB service is already supported by network ${networkText(world, second)} in VPC ` +
      vpcText(world.vpcs.require(vpcId)),
  ]);
  zone.user.done('deleteNetwork', { id: second.id });
  // Its own offering is no other one.
  update(zone, { networkofferingid, forced: true });
});
