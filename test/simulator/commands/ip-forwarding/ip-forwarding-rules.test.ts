// Proves that ports of an address with static NAT are opened and closed, and that each refusal has
// its code and text and changes nothing.
import { expect, test } from '@playwright/test';
import { ruleText } from '../../../../simulator/world/network/port-conflicts.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { scene, type Scene } from '../load-balancer/load-balancer-scene.js';
import { jobFails, unchanged } from '../network/network-requests.js';

function translated(): Scene {
  const zone = scene();
  const { user, publicIp, vm } = zone;
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  return zone;
}

function ruleValues({ publicIp }: Scene, values: Values = {}): Values {
  return { ipaddressid: publicIp.id, protocol: 'tcp', startport: 22, ...values };
}

function refused(zone: Scene, values: Values, client = zone.user): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails(
      'createIpForwardingRule',
      ruleValues(zone, values),
    );
    return [httpStatus, errortext];
  });
}

test('opens ports, lists them and closes them', () => {
  const zone = translated();
  const { user, other, vm, second, publicIp } = zone;
  const { ipforwardingrule } = user.done(
    'createIpForwardingRule',
    ruleValues(zone, { endport: 25 }),
  );
  expect(ipforwardingrule).toEqual({
    id: ipforwardingrule.id,
    protocol: 'tcp',
    virtualmachineid: vm.id,
    virtualmachinename: vm.name,
    virtualmachinedisplayname: vm.displayName,
    ipaddressid: publicIp.internalId,
    ipaddress: publicIp.ipAddress,
    startport: 22,
    endport: 25,
    state: 'Active',
  });
  const listed = (values: Values, client = user): Reply[] =>
    (client.call('listIpForwardingRules', values)['ipforwardingrule'] ?? []) as Reply[];
  expect(listed({ virtualmachineid: vm.id, ipaddressid: publicIp.id })).toHaveLength(1);
  expect(listed({ virtualmachineid: second.id })).toEqual([]);
  expect(listed({ id: ipforwardingrule.id }, other)).toEqual([]);
  expect(zone.world.firewallRules.all()).toHaveLength(1);
  assertSound(zone);
  user.done('deleteIpForwardingRule', { id: ipforwardingrule.id });
  expect(zone.world.firewallRules.all()).toEqual([]);
  user.done('createIpForwardingRule', ruleValues(zone, { openfirewall: false }));
  expect(zone.world.firewallRules.all()).toEqual([]);
});

test('the same ports again are refused, but for another protocol', () => {
  const zone = translated();
  zone.user.done('createIpForwardingRule', ruleValues(zone));
  const [rule] = zone.world.ipForwardingRules.all();
  expect(refused(zone, { openfirewall: false })).toEqual([
    537,
    `The range specified, 22-22, conflicts with rule ${ruleText(zone.world, 'StaticNat', rule!)} ` +
      'which has 22-22',
  ]);
  zone.user.done('createIpForwardingRule', ruleValues(zone, { protocol: 'udp' }));
});

test('refuses addresses without static NAT, sources, wrong ports and strangers', () => {
  const zone = translated();
  const { sourceNat } = zone;
  expect(refused(zone, { ipaddressid: sourceNat.id })).toEqual([
    537,
    `Can't do static nat on ip address: ${sourceNat.ipAddress}`,
  ]);
  expect(refused(zone, { cidrlist: '10.0.0.0/8' })[1]).toContain(
    'Parameter cidrList is deprecated',
  );
  expect(refused(zone, { endport: 21 })).toEqual([431, "Start port can't be bigger than end port"]);
  expect(refused(zone, {}, zone.other)[0]).toBe(531);
  const { id } = zone.user.run('createIpForwardingRule', ruleValues(zone));
  expect(jobFails(zone, zone.other, 'deleteIpForwardingRule', { id: id! })[0]).toBe(530);
});
