// Proves that ports of a public address lead to a VM, what of the firewall is opened for that, how a
// rule is led elsewhere, and that each refusal has its code and text and changes nothing.
import { expect, test } from '@playwright/test';
import type { PortForwardingRuleRow } from '../../../../simulator/world/entities.js';
import { ruleText } from '../../../../simulator/world/network/port-conflicts.js';
import { publicIpText } from '../../../../simulator/world/network/public-ips.js';
import { networkText } from '../../../../simulator/world/network/networks.js';
import { vmText } from '../../../../simulator/world/compute/virtual-machines.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { addNic, addVm } from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { addRule, scene, type Scene } from '../load-balancer/load-balancer-scene.js';
import { jobFails, unchanged } from '../network/network-requests.js';

const create = 'createPortForwardingRule';

function ruleValues({ publicIp, vm }: Scene, values: Values = {}): Values {
  return {
    ipaddressid: publicIp.id,
    protocol: 'TCP',
    publicport: 2_222,
    privateport: 22,
    virtualmachineid: vm.id,
    ...values,
  };
}

function forwarded(zone: Scene, values: Values = {}): Reply {
  return zone.user.done(create, ruleValues(zone, values))['portforwardingrule'] as Reply;
}

function rowOf({ world }: Scene, rule: Reply): PortForwardingRuleRow {
  return world.portForwardingRules.require(String(rule['id']));
}

function refused(zone: Scene, values: Values, client: TestClient = zone.user): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails(create, ruleValues(zone, values));
    return [httpStatus, errortext];
  });
}

function firewall(zone: Scene): Reply[] {
  return (zone.user.call('listFirewallRules')['firewallrule'] ?? []) as Reply[];
}

test('leads a port to a VM, and opens the firewall for it', () => {
  const zone = scene();
  const { user, vm, network, publicIp } = zone;
  const rule = forwarded(zone);
  expect(rule).toEqual({
    id: rule['id'],
    privateport: '22',
    privateendport: '22',
    protocol: 'tcp',
    publicport: '2222',
    publicendport: '2222',
    virtualmachineid: vm.id,
    virtualmachinename: vm.name,
    virtualmachinedisplayname: vm.displayName,
    ipaddressid: publicIp.id,
    ipaddress: publicIp.ipAddress,
    state: 'Active',
    cidrlist: '',
    tags: [],
    vmguestip: '10.1.0.5',
    networkid: network.id,
  });
  expect(firewall(zone)).toHaveLength(1);
  expect(firewall(zone)[0]).toMatchObject({
    protocol: 'tcp',
    startport: 2_222,
    endport: 2_222,
    cidrlist: '0.0.0.0/0',
    state: 'Active',
  });
  const [address] = user.call('listPublicIpAddresses', { id: publicIp.id })['publicipaddress'];
  expect(address.hasrules).toBe(true);
  assertSound(zone);
  expect(user.done('deletePortForwardingRule', { id: String(rule['id']) })).toEqual({
    success: true,
  });
  expect(firewall(zone)).toEqual([]);
  expect(user.call('listPortForwardingRules')).toEqual({});
});

test('opens nothing if it shall not, or if it is open', () => {
  const zone = scene();
  forwarded(zone, { openfirewall: false });
  expect(firewall(zone)).toEqual([]);
  const { publicIp } = zone;
  const open = { ipaddressid: publicIp.id, protocol: 'tcp', startport: 80, cidrlist: '10.0.0.0/8' };
  zone.user.done('createFirewallRule', open);
  const rule = forwarded(zone, { publicport: 80 });
  expect(firewall(zone)).toHaveLength(1);
  zone.user.done('deletePortForwardingRule', { id: String(rule['id']) });
  expect(firewall(zone)).toHaveLength(1);
});

test('a port is not open by a wider range that begins there, and cannot be opened beside it', () => {
  const zone = scene();
  const wider = {
    ipaddressid: zone.publicIp.id,
    protocol: 'tcp',
    startport: 2_222,
    endport: 2_223,
  };
  zone.user.done('createFirewallRule', wider);
  expect(refused(zone, {})).toEqual([
    537,
    expect.stringMatching(/^The range specified, 2222-2222, conflicts with rule .* 2222-2223$/),
  ]);
  forwarded(zone, { openfirewall: false });
});

test('opens the same port for the other protocol, too', () => {
  const zone = scene();
  forwarded(zone);
  forwarded(zone, { protocol: 'udp' });
  const opened = firewall(zone).map(({ protocol, startport }) => `${protocol} ${startport}`);
  expect(opened.sort()).toEqual(['tcp 2222', 'udp 2222']);
});

test('the firewall rule that was opened can be deleted by itself', () => {
  const zone = scene();
  const rule = forwarded(zone);
  zone.user.done('deleteFirewallRule', { id: String(firewall(zone)[0]!['id']) });
  expect(rowOf(zone, rule).state).toBe('Active');
  assertSound(zone);
  zone.user.done('deletePortForwardingRule', { id: String(rule['id']) });
});

test('leads to a secondary address of the VM', () => {
  const zone = scene();
  const text = "IP Address is not in the VM nic's network ";
  expect(refused(zone, { vmguestip: '10.1.0.9' })).toEqual([431, text]);
  zone.user.done('addIpToNic', { nicid: zone.nic.id, ipaddress: '10.1.0.9' });
  const rule = forwarded(zone, { vmguestip: '10.1.0.9' });
  expect(rule['vmguestip']).toBe('10.1.0.9');
  const [secondary] = zone.world.nicSecondaryIps.all();
  expect(jobFails(zone, zone.user, 'removeIpFromNic', { id: secondary!.id })).toEqual([
    431,
    'Removing guest ip from nic failed',
  ]);
});

test('finds rules by address, network and tag, the newest first, and only those of the caller', () => {
  const zone = scene();
  const { user, other, publicIp, network } = zone;
  const first = forwarded(zone);
  const second = forwarded(zone, { publicport: 80, privateport: 80 });
  const ids = (client: TestClient, values: Values = {}): string[] =>
    ((client.call('listPortForwardingRules', values)['portforwardingrule'] ?? []) as Reply[]).map(
      (rule) => String(rule['id']),
    );
  expect(ids(user)).toEqual([second['id'], first['id']]);
  expect(ids(user, { id: String(first['id']) })).toEqual([first['id']]);
  expect(ids(user, { ipaddressid: publicIp.id, networkid: network.id })).toHaveLength(2);
  expect(ids(user, { ipaddressid: zone.sourceNat.id })).toEqual([]);
  const tag = { 'tags[0].key': 'a', 'tags[0].value': 'b' };
  const resourceids = String(first['id']);
  user.done('createTags', { resourcetype: 'PortForwardingRule', resourceids, ...tag });
  expect(ids(user, tag)).toEqual([first['id']]);
  expect(ids(other, { listall: true })).toEqual([]);
  user.done('deletePortForwardingRule', { id: resourceids });
  assertSound(zone);
});

test('the same port again is refused, whoever has it, but for the other protocol or from elsewhere', () => {
  const zone = scene();
  const rule = forwarded(zone);
  const text = (range: string): string =>
    `The range specified, ${range}, conflicts with rule ` +
    `${ruleText(zone.world, 'PortForwarding', rowOf(zone, rule))} which has 2222-2222`;
  expect(refused(zone, { virtualmachineid: zone.second.id })).toEqual([537, text('2222-2222')]);
  const range = { publicport: 2_220, publicendport: 2_224, privateport: 2_220 };
  const wide = { ...range, privateendport: 2_224, openfirewall: false };
  expect(refused(zone, wide)).toEqual([537, text('2220-2224')]);
  forwarded(zone, { protocol: 'udp' });
  forwarded(zone, { cidrlist: '10.0.0.0/8' });
  expect(refused(zone, { cidrlist: '10.0.0.0/8' })[0]).toBe(537);
});

test('the firewall that cannot be opened refuses the rule', () => {
  const zone = scene();
  const { publicIp, world } = zone;
  const values = { ipaddressid: publicIp.id, protocol: 'tcp', startport: 2_000, endport: 3_000 };
  zone.user.done('createFirewallRule', values);
  const [open] = world.firewallRules.all();
  expect(refused(zone, {})).toEqual([
    537,
    `The range specified, 2222-2222, conflicts with rule ${ruleText(world, 'Firewall', open!)} ` +
      'which has 2000-3000',
  ]);
  forwarded(zone, { openfirewall: false });
});

test('a load balancer and port forwarding do not share a port, nor static NAT an address', () => {
  const zone = scene();
  const { user, vm, publicIp, world } = zone;
  const balancer = world.loadBalancerRules.require(addRule(zone));
  expect(refused(zone, { publicport: 443, openfirewall: false })).toEqual([
    537,
    `The range specified, 443-443, conflicts with rule ` +
      `${ruleText(world, 'LoadBalancing', balancer)} which has 443-443`,
  ]);
  user.done('deleteLoadBalancerRule', { id: balancer.id });
  const rule = forwarded(zone, { publicport: 443 });
  const again = { name: 'web', algorithm: 'roundrobin', publicport: 443, privateport: 1 };
  const wanted = { ...again, publicipid: publicIp.id, openfirewall: false };
  expect(unchanged(zone, () => user.fails('createLoadBalancerRule', wanted))).toMatchObject({
    httpStatus: 537,
    errortext: expect.stringContaining('"purpose":"PortForwarding"'),
  });
  const nat = { ipaddressid: publicIp.id, virtualmachineid: vm.id };
  expect(unchanged(zone, () => user.fails('enableStaticNat', nat))).toMatchObject({
    httpStatus: 537,
    errortext:
      `Failed to enable static nat for the ip address ${publicIpText(world, publicIp)} as it ` +
      'already has PortForwarding rules assigned',
  });
  user.done('deletePortForwardingRule', { id: String(rule['id']) });
  user.call('enableStaticNat', nat);
  expect(refused(zone, {})).toEqual([
    431,
    `Unable to create port forwarding rule; ip ${publicIpText(world, publicIp)} has static nat enabled`,
  ]);
});

for (const [what, values, code, text] of [
  ['an address that is none', { vmguestip: '10.1.0' }, 431, 'Invalid vm ip address'],
  [
    'a source that is none',
    { cidrlist: '10.0.0.0/8,x' },
    431,
    'The given source CIDR [x] is invalid.',
  ],
  ['a port that is none', { publicport: 70_000 }, 431, 'publicPort is an invalid value: 70000'],
  [
    'a range from its end',
    { publicendport: 2_000 },
    431,
    "Start port can't be bigger than end port",
  ],
  ['ICMP', { protocol: 'icmp' }, 431, 'Protocol icmp is not supported in zone 1'],
  [
    'a private range from its end',
    { privateendport: 21 },
    431,
    "Start port can't be bigger than end port",
  ],
  [
    'ranges of different sizes',
    { privateendport: 23 },
    431,
    'Source port and destination port ranges should be of equal sizes.',
  ],
  [
    'a range that leads to other ports',
    { publicendport: 2_223, privateendport: 23 },
    431,
    'Private port start should be equal to public port start',
  ],
] as const) {
  test(`refuses ${what}`, () => {
    expect(refused(scene(), values)).toEqual([code, text]);
  });
}

test('refuses VMs that are elsewhere, destroyed or gone, and strangers', () => {
  const zone = scene();
  const { world, other, vm, nic, publicIp } = zone;
  const elsewhere = addVm(world);
  addNic(world, elsewhere, 'shared');
  expect(refused(zone, { virtualmachineid: elsewhere.id })).toEqual([
    431,
    "Vm doesn't belong to network associated with ipAddress",
  ]);
  expect(refused(zone, {}, other)[0]).toBe(531);
  world.vms.move(vm, 'DestroyRequested');
  expect(refused(zone, {})).toEqual([431, `Invalid user vm: ${vmText(vm)}`]);
  world.nics.remove(nic);
  world.vms.remove(vm);
  expect(refused(zone, {})).toEqual([
    431,
    `Unable to create port forwarding rule on address ${publicIpText(world, publicIp)}, invalid ` +
      `virtual machine id specified (${vm.internalId}).`,
  ]);
});

test('refuses addresses that nobody has, or that are in no network', () => {
  const zone = scene();
  const { world, network, publicIp } = zone;
  const free = world.publicIps.all().find((row) => row.state === 'Free')!;
  expect(refused(zone, { ipaddressid: free.id })).toEqual([
    431,
    `Unable to create PF rule, invalid IP address id ${free.internalId}`,
  ]);
  world.publicIps.change(publicIp, { networkId: null });
  expect(refused(zone, {})).toEqual([
    431,
    `Unable to create port forwarding rule for the ipAddress id=${publicIp.internalId} as ip is ` +
      'not associated with any network and no networkId is passed in',
  ]);
  expect(refused(zone, { networkid: network.id })).toEqual([
    431,
    `Ip address ${publicIpText(world, publicIp)} is not assigned to the network ` +
      networkText(world, network),
  ]);
});

test('is led to another VM and to other ports', () => {
  const zone = scene();
  const { user, second } = zone;
  const id = String(forwarded(zone)['id']);
  const values = { id, virtualmachineid: second.id, privateport: 80, cidrlist: '10.0.0.0/8' };
  const { portforwardingrule } = user.done('updatePortForwardingRule', values);
  expect(portforwardingrule).toMatchObject({
    virtualmachineid: second.id,
    vmguestip: '10.1.0.6',
    privateport: '80',
    privateendport: '80',
    publicport: '2222',
    cidrlist: '10.0.0.0/8',
    state: 'Active',
  });
  assertSound(zone);
});

test('is not led where nothing is', () => {
  const zone = scene();
  const { world, user, other } = zone;
  const id = String(forwarded(zone)['id']);
  const elsewhere = addVm(world);
  addNic(world, elsewhere, 'l2');
  const fails = (values: Values, client = user): [number, string] =>
    jobFails(zone, client, 'updatePortForwardingRule', { id, ...values });
  expect(fails({ privateport: -1 })).toEqual([431, 'privatePort is an invalid value: -1']);
  expect(fails({ privateport: 1, privateendport: 70_000 })).toEqual([
    431,
    'PrivateEndPort has an invalid value: 70000',
  ]);
  expect(fails({ privateport: 1, privateendport: 2 })).toEqual([
    431,
    'Unable to update the private port range of port forwarding rule as  the provided port range ' +
      'is not consistent with the port range : 2222 to 2222',
  ]);
  expect(fails({ vmguestip: '10.1.0.5' })).toEqual([
    431,
    'vmguestip should be set along with virtualmachineid',
  ]);
  expect(fails({ virtualmachineid: elsewhere.id })).toEqual([
    431,
    "Vm doesn't belong to network associated with ipAddress",
  ]);
  expect(fails({ cidrlist: 'x' })).toEqual([431, 'The given source CIDR [x] is invalid.']);
  expect(fails({ privateport: 80 }, other)[0]).toBe(530);
});
