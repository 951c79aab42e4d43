// Proves with what rules for ports go: with their address, the VM to which they lead, its NIC's
// address, their network, static NAT and their account; and what a restart of the router finishes.
import { expect, test } from '@playwright/test';
import { expungeVm } from '../../../../simulator/world/compute/virtual-machines.js';
import type { Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { addRule, scene, type Scene } from '../load-balancer/load-balancer-scene.js';
import { jobFails } from '../network/network-requests.js';

function counts({ world }: Scene): Record<string, number> {
  return {
    firewall: world.firewallRules.all().length,
    forwarding: world.portForwardingRules.all().length,
    translated: world.ipForwardingRules.all().length,
    balancers: world.loadBalancerRules.all().length,
  };
}

const NONE = { firewall: 0, forwarding: 0, translated: 0, balancers: 0 };

/** A forwarded port, a balanced one, one that is open, and one that lets out. */
function withRules(): Scene {
  const zone = scene();
  const { user, publicIp, vm, network } = zone;
  const port: Values = { ipaddressid: publicIp.id, protocol: 'tcp' };
  const forwarding = { ...port, publicport: 22, privateport: 22, virtualmachineid: vm.id };
  user.done('createPortForwardingRule', forwarding);
  addRule(zone);
  user.done('createFirewallRule', { ...port, startport: 8_080 });
  user.done('createEgressFirewallRule', { networkid: network.id, protocol: 'all' });
  expect(counts(zone)).toEqual({ firewall: 4, forwarding: 1, translated: 0, balancers: 1 });
  return zone;
}

test('an address that is given back loses them all', () => {
  const zone = withRules();
  zone.user.done('disassociateIpAddress', { id: zone.publicIp.id });
  expect(counts(zone)).toEqual({ ...NONE, firewall: 1 });
  assertSound(zone);
});

test('a VM that is expunged takes along what leads to it alone', () => {
  const zone = withRules();
  zone.world.vms.move(zone.vm, 'DestroyRequested');
  expect(counts(zone).forwarding).toBe(1);
  expungeVm(zone.world, zone.vm);
  expect(counts(zone)).toEqual({ firewall: 3, forwarding: 0, translated: 0, balancers: 1 });
  assertSound(zone);
});

test('they follow a NIC to its next address, and hold the NIC', () => {
  const zone = withRules();
  const { user, nic, vm, world } = zone;
  user.done('updateVmNicIp', { nicid: nic.id, ipaddress: '10.1.0.50' });
  expect(world.portForwardingRules.all()[0]!.vmIpAddress).toBe('10.1.0.50');
  world.nics.change(nic, { isDefault: false });
  const values = { virtualmachineid: vm.id, nicid: nic.id };
  const [code, text] = jobFails(zone, user, 'removeNicFromVirtualMachine', values);
  expect(code).toBe(431);
  expect(text).toContain(
    'nic has associated Port forwarding or Load balancer or Static NAT rules.',
  );
});

test('a network takes them all along', () => {
  const zone = withRules();
  for (const vm of [zone.vm, zone.second]) expungeVm(zone.world, vm);
  zone.user.done('deleteNetwork', { id: zone.network.id });
  expect(counts(zone)).toEqual(NONE);
  assertSound(zone);
});

test('an account takes them all along', () => {
  const zone = withRules();
  const { id } = zone.world.accounts.all().find((row) => row.name === 'bosh')!;
  zone.admin.done('deleteAccount', { id });
  expect(counts(zone)).toEqual(NONE);
  assertSound(zone);
});

test('with static NAT ends all that was opened at its address', () => {
  const zone = scene();
  const { user, publicIp, vm } = zone;
  const port = { ipaddressid: publicIp.id, protocol: 'tcp' };
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  user.done('createIpForwardingRule', { ...port, startport: 22 });
  user.done('createFirewallRule', { ...port, startport: 80 });
  expect(counts(zone)).toEqual({ ...NONE, firewall: 2, translated: 1 });
  user.done('disableStaticNat', { ipaddressid: publicIp.id });
  expect(counts(zone)).toEqual(NONE);
  assertSound(zone);
});

test('a load balancer opens the firewall, and closes it', () => {
  const zone = scene();
  addRule(zone, { openfirewall: false });
  expect(counts(zone).firewall).toBe(0);
  const id = addRule(zone, { publicport: 80 });
  const [open] = zone.user.call('listFirewallRules')['firewallrule'];
  expect(open).toMatchObject({ startport: 80, cidrlist: '0.0.0.0/0', state: 'Active' });
  zone.user.done('deleteLoadBalancerRule', { id });
  expect(counts(zone)).toEqual({ ...NONE, balancers: 1 });
});

test('a restart finishes what a job left half done', () => {
  const zone = withRules();
  const { user, world, network } = zone;
  const [first, second] = world.firewallRules.all();
  world.firewallRules.move(first!, 'Revoked');
  const [forwarding] = world.portForwardingRules.all();
  world.portForwardingRules.move(forwarding!, 'Changed');
  user.done('restartNetwork', { id: network.id });
  expect(world.firewallRules.get(first!.id)).toBeUndefined();
  expect([second!.state, forwarding!.state]).toEqual(['Active', 'Active']);
  assertSound(zone);
});

test('who deletes a rule while it is made, wins', () => {
  const zone = scene();
  const { user, publicIp, simulator } = zone;
  const port = { ipaddressid: publicIp.id, protocol: 'tcp', startport: 80 };
  const { id, jobid } = user.call('createFirewallRule', port);
  user.call('deleteFirewallRule', { id });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({
    status: 2,
    resultcode: 530,
    result: { errortext: 'Failed to create firewall rule' },
  });
  expect(counts(zone)).toEqual(NONE);
});
