// Proves what is let in through a public address and out of a network: that rules come, are listed
// and go, which stand in each other's way, and that each refusal has its code and text and changes
// nothing.
import { expect, test } from '@playwright/test';
import { ruleText } from '../../../../simulator/world/network/port-conflicts.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { networkNamed } from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { scene, type Scene } from '../load-balancer/load-balancer-scene.js';
import { jobFails, unchanged } from '../network/network-requests.js';

function inValues({ publicIp }: Scene, values: Values = {}): Values {
  return { ipaddressid: publicIp.id, protocol: 'TCP', startport: 80, ...values };
}

function outValues({ network }: Scene, values: Values = {}): Values {
  return { networkid: network.id, protocol: 'tcp', startport: 80, ...values };
}

function opened(zone: Scene, values: Values = {}): Reply {
  return zone.user.done('createFirewallRule', inValues(zone, values))['firewallrule'] as Reply;
}

function refused(
  zone: Scene,
  command: string,
  values: Values,
  client: TestClient = zone.user,
): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails(command, values);
    return [httpStatus, errortext];
  });
}

function inRefused(zone: Scene, values: Values): [number, string] {
  return refused(zone, 'createFirewallRule', inValues(zone, values));
}

function outRefused(zone: Scene, values: Values): [number, string] {
  return refused(zone, 'createEgressFirewallRule', outValues(zone, values));
}

function listedIds(client: TestClient, command: string, values: Values = {}): string[] {
  const rules = (client.call(command, values)['firewallrule'] ?? []) as Reply[];
  return rules.map((rule) => rule['id'] as string);
}

test('lets a port in from everywhere, or what is said from where it is said', () => {
  const zone = scene();
  const { admin, user, network, publicIp } = zone;
  const rule = opened(zone);
  expect(rule).toEqual({
    id: rule['id'],
    protocol: 'tcp',
    startport: 80,
    endport: 80,
    ipaddressid: publicIp.id,
    networkid: network.id,
    ipaddress: publicIp.ipAddress,
    state: 'Active',
    cidrlist: '0.0.0.0/0',
    tags: [],
    destcidrlist: '',
    traffictype: 'Ingress',
  });
  expect(
    opened(zone, { startport: 1, endport: 9, cidrlist: '10.0.0.0/8,192.0.2.1/32' }),
  ).toMatchObject({ startport: 1, endport: 9, cidrlist: '10.0.0.0/8,192.0.2.1/32' });
  const ping = zone.user.done('createFirewallRule', {
    ipaddressid: publicIp.id,
    protocol: 'icmp',
  })['firewallrule'] as Reply;
  expect(ping).toMatchObject({ protocol: 'icmp', icmptype: -1, icmpcode: -1 });
  expect(ping).not.toHaveProperty('startport');
  const ids = listedIds(user, 'listFirewallRules', { ipaddressid: publicIp.id });
  expect(ids).toHaveLength(3);
  expect(ids[0]).toBe(ping['id']);
  expect(admin.call('listFirewallRules', { id: ping['id'] })['firewallrule'][0].fordisplay).toBe(
    true,
  );
  assertSound(zone);
});

test('is there from the request on, and has a state until the router knows it', () => {
  const zone = scene();
  const { id } = zone.user.call('createFirewallRule', inValues(zone));
  const state = (): string => zone.user.call('listFirewallRules', { id })['firewallrule'][0].state;
  expect(state()).toBe('Add');
  zone.simulator.kernel.advanceUntilIdle();
  expect(state()).toBe('Active');
  zone.user.call('deleteFirewallRule', { id });
  zone.simulator.kernel.advanceBy(100);
  expect(state()).toBe('Deleting');
  zone.simulator.kernel.advanceUntilIdle();
  expect(listedIds(zone.user, 'listFirewallRules')).toEqual([]);
  expect(zone.user.fails('deleteFirewallRule', { id }).httpStatus).toBe(431);
});

test('the same again is refused, in part too, unless it is from elsewhere or for another protocol', () => {
  const zone = scene();
  const rule = zone.world.firewallRules.require(String(opened(zone, { endport: 90 })['id']));
  expect(inRefused(zone, { startport: 85, endport: 99 })).toEqual([
    537,
    `The range specified, 85-99, conflicts with rule ${ruleText(zone.world, 'Firewall', rule)} ` +
      'which has 80-90',
  ]);
  opened(zone, { cidrlist: '10.0.0.0/8' });
  opened(zone, { protocol: 'udp' });
  zone.user.done('createFirewallRule', { ipaddressid: zone.publicIp.id, protocol: 'udp' });
  expect(inRefused(zone, { protocol: 'UDP', startport: '' })).toEqual([
    537,
    'There is already a firewall rule specified with protocol = udp and no ports',
  ]);
});

test('the same ICMP again is refused with a code of its own', () => {
  const zone = scene();
  const values = { ipaddressid: zone.publicIp.id, protocol: 'icmp', icmptype: 8, icmpcode: 0 };
  zone.user.done('createFirewallRule', values);
  const [rule] = zone.world.firewallRules.all();
  expect(refused(zone, 'createFirewallRule', values)).toEqual([
    431,
    `New rule conflicts with existing rule: ${ruleText(zone.world, 'Firewall', rule!)}`,
  ]);
  zone.user.done('createFirewallRule', { ...values, icmptype: 0 });
});

for (const [what, values, text] of [
  ['a source without a length', { cidrlist: '10.0.0.1' }, 'Source CIDRs formatting error 10.0.0.1'],
  ['a port that is none', { startport: 65_536 }, 'publicPort is an invalid value: 65536'],
  ['a last port that is none', { endport: -1 }, 'Public port range is an invalid value: -1'],
  ['a last port before the first', { endport: 79 }, "Start port can't be bigger than end port"],
  ['a protocol that is none', { protocol: 'ipip' }, 'Protocol ipip is not supported in zone 1'],
  [
    'a type of ICMP for TCP',
    { icmptype: 1 },
    'Can specify icmpCode and icmpType for ICMP protocol only',
  ],
  ['a port for ICMP', { protocol: 'icmp' }, "Can't specify start/end port when protocol is ICMP"],
] as const) {
  test(`refuses ${what}, on the way in and out`, () => {
    const zone = scene();
    expect(inRefused(zone, values)).toEqual([431, text]);
    const [code, outText] = outRefused(zone, values);
    const isCidr = 'cidrlist' in values;
    expect([code, outText]).toEqual([
      431,
      isCidr ? 'Source CIDRs formatting error [10.0.0.1].' : text,
    ]);
  });
}

test('refuses an address without a network, and strangers', () => {
  const zone = scene();
  const { world, other, publicIp } = zone;
  expect(refused(zone, 'createFirewallRule', inValues(zone), other)[0]).toBe(531);
  const { id } = opened(zone);
  expect(jobFails(zone, other, 'deleteFirewallRule', { id: String(id) })[0]).toBe(530);
  expect(refused(zone, 'listFirewallRules', { ipaddressid: publicIp.id }, other)[0]).toBe(531);
  const free = world.publicIps.all().find((row) => row.state === 'Free')!;
  expect(inRefused(zone, { ipaddressid: free.id })).toEqual([
    431,
    `Unable to create firewall rule for the IP address ID=${free.internalId} as IP is not ` +
      'associated with any network and no networkId is passed in',
  ]);
  expect(refused(zone, 'listFirewallRules', { ipaddressid: free.id })).toEqual([
    431,
    `Ip address id=${free.internalId} not ready for firewall rules yet`,
  ]);
  expect(listedIds(other, 'listFirewallRules', { listall: true })).toEqual([]);
});

test('what an admin opens for all only root admins close', () => {
  const zone = scene();
  const values = inValues(zone, { type: 'System' });
  const { firewallrule } = zone.admin.done('createFirewallRule', values);
  // Nothing stands in the way of such a rule.
  zone.admin.done('createFirewallRule', values);
  const id = firewallrule.id as string;
  expect(jobFails(zone, zone.user, 'deleteFirewallRule', { id })).toEqual([
    431,
    'Only root admin can delete the system wide firewall rule',
  ]);
  zone.admin.done('deleteFirewallRule', { id });
});

test('lets out of a network, from all of it or a part, to everywhere or a part', () => {
  const zone = scene();
  const { user, network } = zone;
  const made = (values: Values): Reply =>
    user.done('createEgressFirewallRule', values)['firewallrule'] as Reply;
  const all = made({ networkid: network.id, protocol: 'all' });
  expect(all).toMatchObject({
    protocol: 'all',
    cidrlist: network.cidr,
    destcidrlist: '',
    networkid: network.id,
    traffictype: 'Egress',
    state: 'Active',
  });
  expect(all).not.toHaveProperty('ipaddressid');
  expect(made(outValues(zone, { cidrlist: '0.0.0.0/0' }))['cidrlist']).toBe(network.cidr);
  const part = made(
    outValues(zone, { cidrlist: '10.1.0.0/28', destcidrlist: '192.0.2.0/24', endport: 90 }),
  );
  expect(part).toMatchObject({ cidrlist: '10.1.0.0/28', destcidrlist: '192.0.2.0/24' });
  expect(listedIds(user, 'listFirewallRules')).toEqual([]);
  const networkid = network.id;
  expect(listedIds(user, 'listEgressFirewallRules', { networkid })).toHaveLength(3);
  user.done('deleteEgressFirewallRule', { id: String(all['id']) });
  expect(listedIds(user, 'listEgressFirewallRules', { networkid })).toHaveLength(2);
  const [rule] = zone.world.firewallRules.all();
  expect(outRefused(zone, {})).toEqual([
    537,
    `The range specified, 80-80, conflicts with rule ${ruleText(zone.world, 'Firewall', rule!)} ` +
      'which has 80-80',
  ]);
  assertSound(zone);
});

test('refuses to let out of elsewhere, and of networks without a firewall', () => {
  const zone = scene();
  const { world, other, network } = zone;
  expect(outRefused(zone, { cidrlist: '10.2.0.0/28' })).toEqual([
    431,
    `[10.2.0.0/28] is not within the guest CIDR [${network.cidr}]. `,
  ]);
  expect(outRefused(zone, { destcidrlist: 'x' })).toEqual([
    431,
    'Destination CIDRs formatting error [x].',
  ]);
  expect(outRefused(zone, { protocol: 'all' })).toEqual([
    431,
    `Unable to create firewall rule for the network id=[${network.internalId}] due to: ports must ` +
      'not be informed to protocol ALL, as it does not require them.',
  ]);
  expect(outRefused(zone, { networkid: networkNamed(world, 'shared').id })).toEqual([
    431,
    'Egress firewall rules are not supported for Shared  networks',
  ]);
  expect(outRefused(zone, { networkid: networkNamed(world, 'l2').id })).toEqual([
    431,
    'Source CIDRs formatting error [null].',
  ]);
  expect(refused(zone, 'createEgressFirewallRule', outValues(zone), other)[0]).toBe(531);
  const gone = networkNamed(world, 'tiny');
  world.networks.remove(gone);
  expect(outRefused(zone, { networkid: gone.id })).toEqual([431, 'Invalid networkId is given']);
});
