// Proves that each way in which VPCs, their tiers, addresses and lists of rules could contradict one
// another is noticed, and named in one sentence.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type {
  NetworkAclListRow,
  NetworkAclRow,
  NetworkRow,
  PublicIpRow,
  VpcRow,
} from '../../../../simulator/world/entities.js';
import type { NetworkWorld } from '../../../support/network-world.js';
import { addRunningVm, addTier, addVpc, createVpcWorld } from '../../../support/vpc-world.js';

interface Situation extends NetworkWorld {
  readonly vpc: VpcRow;
  /** Without tiers. */
  readonly second: VpcRow;
  readonly tier: NetworkRow;
  readonly list: NetworkAclListRow;
  readonly rule: NetworkAclRow;
  readonly sourceNat: PublicIpRow;
  /** Leads to the tier. */
  readonly forwarded: PublicIpRow;
}

function situation(): Situation {
  const zone = createVpcWorld();
  const { world, user } = zone;
  const vpcid = addVpc(zone)['id'];
  const second = addVpc(zone, { name: 'second', cidr: '10.9.0.0/16' })['id'];
  const list = user.done('createNetworkACLList', { name: 'own', vpcid })['networkacllist'];
  const rule = user.run('createNetworkACL', { aclid: list['id'], protocol: 'all' }).id!;
  const networkid = addTier(zone, vpcid, 1, { aclid: list['id'] })['id'];
  const vm = addRunningVm(zone, networkid);
  const ipaddressid = user.run('associateIpAddress', { vpcid }).id!;
  user.done('createPortForwardingRule', {
    ipaddressid,
    networkid,
    virtualmachineid: vm['id'],
    protocol: 'tcp',
    publicport: 22,
    privateport: 22,
  });
  expect(checkInvariants(world)).toEqual([]);
  return {
    ...zone,
    vpc: world.vpcs.require(vpcid),
    second: world.vpcs.require(second),
    tier: world.networks.require(networkid),
    list: world.networkAclLists.require(list['id']),
    rule: world.networkAcls.require(rule),
    sourceNat: world.publicIps.where('vpcId', vpcid)[0]!,
    forwarded: world.publicIps.require(ipaddressid),
  };
}

const other = { id: '00000000-0000-4000-8000-000000000001', internalId: 99 };

const violations: Readonly<Record<string, (s: Situation) => readonly RegExp[]>> = {
  'a VPC that is up has no source NAT address': ({ world, sourceNat }) => {
    world.publicIps.change(sourceNat, { isSourceNat: false });
    return [/^VPC \S+ is up without a source NAT address$/];
  },
  'a VPC has two source NAT addresses': ({ world, forwarded }) => {
    world.publicIps.change(forwarded, { isSourceNat: true });
    return [/^public addresses \S+ and \S+ both translate for VPC \S+$/];
  },
  'a VPC that is being deleted has tiers': ({ world, vpc }) => {
    world.vpcs.move(vpc, 'Destroy');
    return [/^VPC \S+ is Inactive and has networks$/];
  },
  'a VPC is removed before what belongs to it': ({ world, vpc }) => {
    world.vpcs.remove(vpc);
    return [
      /^network \S+ is of VPC \S+, which is removed$/,
      /^public address \S+ is of VPC \S+, which is removed$/,
      /^list \S+ is of VPC \S+, which is removed$/,
    ];
  },
  'a tier lies outside of its VPC': ({ world, tier, second }) => {
    world.networks.change(tier, { vpcId: second.id });
    return [
      /^network \S+ is not within VPC \S+$/,
      /^network \S+ has the list \S+ of another VPC$/,
      /^public address \S+ of VPC \S+ leads to network \S+ outside of it$/,
    ];
  },
  'a tier is in another zone': ({ world, vpc }) => {
    world.vpcs.change(vpc, { zoneId: 'elsewhere' });
    return [/^network \S+ is not in the zone of its VPC$/];
  },
  'two tiers overlap': ({ world, tier }) => {
    world.networks.insert({ ...tier, ...other, state: 'Allocated', cidr: '10.0.1.128/25' });
    return [/^networks \S+ and \S+ of VPC \S+ overlap$/];
  },
  'a tier has a list that is not there': ({ world, list, rule }) => {
    world.networkAcls.purge(rule);
    world.networkAclLists.purge(list);
    return [/^network \S+ has the list \S+, which is not there$/];
  },
  'a network outside of VPCs has a list': ({ world, list }) => {
    const network = world.networks.all().find(({ name }) => name === 'isolated')!;
    world.networks.change(network, { aclListId: list.id });
    return [/^network \S+ has a list and no VPC$/];
  },
  'an address leads to a tier without a rule': ({ world, sourceNat, tier }) => {
    world.publicIps.change(sourceNat, { networkId: tier.id });
    return [/^public address \S+ leads to tier \S+ without a rule$/];
  },
  'an address with rules leads to no tier': ({ world, forwarded }) => {
    world.publicIps.change(forwarded, { networkId: null });
    return [/^public address \S+ has rules and leads to no tier$/];
  },
  'a rule has no list': ({ world, rule }) => {
    world.networkAcls.change(rule, { listId: other.id });
    return [/^rule \S+ is of list \S+, which is not there$/];
  },
  'two rules have one place': ({ world, rule }) => {
    world.networkAcls.insert({ ...rule, ...other, state: 'Add' });
    return [/^rules \S+ and \S+ both have number 1$/];
  },
};

for (const [what, violate] of Object.entries(violations)) {
  test(what, () => {
    const s = situation();
    const patterns = violate(s);
    const found = checkInvariants(s.world);
    for (const pattern of patterns) {
      expect(found.filter((sentence) => pattern.test(sentence)).length).toBeGreaterThan(0);
    }
  });
}
