// Proves that each way in which firewall, port forwarding and static NAT rules, secondary addresses
// and ranges could contradict the rest of a world is noticed, and named in one sentence.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { networkNamed } from '../../../support/network-world.js';
import { scene, type Scene } from '../../commands/load-balancer/load-balancer-scene.js';

interface Situation extends Scene {
  /** The ids of a port forwarding rule and of the firewall rule that was opened for it. */
  readonly forwardingId: string;
  readonly openedId: string;
}

function situation(): Situation {
  const zone = scene();
  const { user, publicIp, vm, world } = zone;
  const forwardingId = user.run('createPortForwardingRule', {
    ipaddressid: publicIp.id,
    protocol: 'tcp',
    publicport: 80,
    privateport: 80,
    virtualmachineid: vm.id,
  }).id!;
  expect(checkInvariants(world)).toEqual([]);
  return { ...zone, forwardingId, openedId: world.firewallRules.all()[0]!.id };
}

const violations: Readonly<Record<string, (s: Situation) => readonly RegExp[]>> = {
  'a rule is for an address of another network': ({ world, forwardingId }) => {
    const networkId = networkNamed(world, 'tiny').id;
    const rule = world.portForwardingRules.require(forwardingId);
    world.portForwardingRules.change(rule, { networkId });
    return [/has the foreign address/, /leads to 10\.1\.0\.5, which VM \S+ does not have in/];
  },
  'a rule leads to an address that its VM does not have': ({ world, forwardingId }) => {
    const rule = world.portForwardingRules.require(forwardingId);
    world.portForwardingRules.change(rule, { vmIpAddress: '10.1.0.99' });
    return [/leads to 10\.1\.0\.99, which VM \S+ does not have in network/];
  },
  'two rules forward one port': ({ world, forwardingId }) => {
    const rule = world.portForwardingRules.require(forwardingId);
    const other = { id: '00000000-0000-4000-8000-000000000001', internalId: 99 };
    world.portForwardingRules.insert({ ...rule, ...other, state: 'Add' });
    return [/^rules \S+ and \S+ both have port 80$/];
  },
  'ports of an address with static NAT are forwarded': ({ world, publicIp, second }) => {
    world.publicIps.change(publicIp, { vmId: second.id, vmIpAddress: '10.1.0.6' });
    return [/^rule \S+ has address \S+, which has static NAT$/];
  },
  'ports of an address without static NAT are translated': ({ world, publicIp, network }) => {
    world.ipForwardingRules.insert({
      publicIpId: publicIp.id,
      networkId: network.id,
      accountId: network.accountId,
      protocol: 'tcp',
      startPort: 1,
      endPort: 1,
      state: 'Add',
    });
    return [/^rule \S+ has address \S+, which has no static NAT$/];
  },
  'what was opened for a rule outlives it': ({ world, openedId }) => {
    const rule = world.firewallRules.require(openedId);
    world.firewallRules.change(rule, { relatedRuleId: rule.id });
    return [/^firewall rule \S+ was opened for \S+, which is gone$/];
  },
  'a range outlives its network': ({ world }) => {
    const network = networkNamed(world, 'shared');
    world.networks.remove(network);
    return [/^range \S+ is of network \S+, which is removed$/];
  },
  'a range holds its gateway': ({ world }) => {
    world.vlanRanges.change(world.vlanRanges.all()[0]!, { gateway: '203.0.113.11' });
    return [/^range \S+ holds its gateway 203\.0\.113\.11$/];
  },
  'an isolated network has IPv6, with a gateway and a range elsewhere': ({ world, network }) => {
    const range = { startIp: '2001:db9::1', endIp: null };
    const ipv6 = { cidr: '2001:db8::/64', gateway: '2001:db9::2', ...range };
    world.networks.change(network, { ipv6 });
    return [
      /^network \S+ is Isolated and has IPv6$/,
      /^network \S+ has 2001:db9::2, which is not in 2001:db8::\/64$/,
      /^network \S+ has 2001:db9::1, which is not in 2001:db8::\/64$/,
    ];
  },
};

for (const [name, corrupt] of Object.entries(violations)) {
  test(name, () => {
    const s = situation();
    const sentences = corrupt(s);
    const found = checkInvariants(s.world);
    expect(found).toHaveLength(sentences.length);
    for (const [index, sentence] of sentences.entries()) expect(found[index]).toMatch(sentence);
  });
}
