// Proves who can have further addresses, that they are taken like first ones and freed with their
// NIC, what may lead to them, and that each refusal has its code and text and changes nothing.
import { expect, test } from '@playwright/test';
import { isAddressFree } from '../../../../simulator/world/network/addresses.js';
import { releaseNics } from '../../../../simulator/world/network/nics.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { addRule, scene } from '../load-balancer/load-balancer-scene.js';
import { jobFails, unchanged } from '../network/network-requests.js';

function addFails(zone: NetworkWorld, values: Values, client = zone.user): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails('addIpToNic', values);
    return [httpStatus, errortext];
  });
}

function removeFails(zone: NetworkWorld, id: string, client: TestClient): [number, string] {
  return jobFails(zone, client, 'removeIpFromNic', { id });
}

const FAILED = 'Failed to assign secondary ip to nic';

for (const [network, ipaddress] of [
  ['isolated', '10.1.0.77'],
  ['shared', '10.3.0.12'],
] as const) {
  test(`${network}: an address is taken at once, and free after its removal`, () => {
    const zone = createNetworkWorld();
    const { world, user } = zone;
    const vm = addVm(world, 'Running');
    const nic = addNic(world, vm, network);
    const { nicsecondaryip } = user.done('addIpToNic', { nicid: nic.id, ipaddress });
    expect(nicsecondaryip).toEqual({
      id: nicsecondaryip.id,
      ipaddress,
      nicid: nic.id,
      networkid: nic.networkId,
    });
    const [shown] = user.call('listNics', { virtualmachineid: vm.id })['nic'];
    expect(shown.secondaryip).toEqual([{ id: nicsecondaryip.id, ipaddress }]);
    expect(addFails(zone, { nicid: nic.id, ipaddress })).toEqual([530, FAILED]);
    expect(isAddressFree(world, networkNamed(world, network), ipaddress)).toBe(false);
    expect(user.done('removeIpFromNic', { id: nicsecondaryip.id })).toEqual({ success: true });
    expect(isAddressFree(world, networkNamed(world, network), ipaddress)).toBe(true);
    expect(user.fails('removeIpFromNic', { id: nicsecondaryip.id }).httpStatus).toBe(431);
  });
}

test('the answer stands in a wrapper of its own', () => {
  const { world, user } = createNetworkWorld();
  const nic = addNic(world, addVm(world), 'isolated');
  const { body } = user.send('addIpToNic', { nicid: nic.id });
  expect(Object.keys(body)).toEqual(['addiptovmnicresponse']);
});

test('without an address any free one is given, until none is left', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world), 'shared');
  for (let count = 1; count < 4; count += 1) zone.user.done('addIpToNic', { nicid: nic.id });
  expect(zone.world.nicSecondaryIps.all().map((row) => row.ipAddress)).toEqual([
    '10.3.0.11',
    '10.3.0.12',
    '10.3.0.13',
  ]);
  expect(addFails(zone, { nicid: nic.id })).toEqual([530, FAILED]);
  assertSound(zone);
});

test('a NIC has so many and no more', () => {
  const zone = createNetworkWorld();
  zone.world.settings.set('vm.network.nic.max.secondary.ipaddresses', 2);
  const nic = addNic(zone.world, addVm(zone.world), 'isolated');
  zone.user.done('addIpToNic', { nicid: nic.id });
  zone.user.done('addIpToNic', { nicid: nic.id });
  expect(addFails(zone, { nicid: nic.id })).toEqual([
    431,
    'Allocating guest ip for nic failed : Maximum Number of Ips per Nic has been crossed.',
  ]);
});

test('no host may have it, an L2 network has none, a removed NIC gets none', () => {
  const zone = createNetworkWorld();
  const { world } = zone;
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated');
  const l2 = addNic(world, vm, 'l2');
  for (const ipaddress of ['10.1.0.1', '10.1.0.0', '10.9.0.1', nic.ipAddress!]) {
    expect(addFails(zone, { nicid: nic.id, ipaddress })).toEqual([530, FAILED]);
  }
  expect(addFails(zone, { nicid: l2.id })).toEqual([530, FAILED]);
  expect(addFails(zone, { nicid: nic.id, ipaddress: 'fd00::1' })[0]).toBe(432);
  expect(addFails(zone, { nicid: nic.id }, zone.other)[0]).toBe(531);
  world.nics.remove(l2);
  expect(addFails(zone, { nicid: l2.id })[0]).toBe(431);
});

test('they are held by a destroyed VM, and free when it is expunged', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated');
  user.done('addIpToNic', { nicid: nic.id, ipaddress: '10.1.0.9' });
  world.vms.move(vm, 'DestroyRequested');
  const network = networkNamed(world, 'isolated');
  expect(isAddressFree(world, network, '10.1.0.9')).toBe(false);
  releaseNics(world, vm.id);
  expect(isAddressFree(world, network, '10.1.0.9')).toBe(true);
});

test('static NAT leads to one, and holds it', () => {
  const zone = scene();
  const { user, vm, nic, publicIp } = zone;
  const values = { ipaddressid: publicIp.id, virtualmachineid: vm.id, vmguestip: '10.1.0.9' };
  expect(unchanged(zone, () => user.fails('enableStaticNat', values)).errortext).toBe(
    'VM ip 10.1.0.9 address not belongs to the vm',
  );
  const added = user.done('addIpToNic', { nicid: nic.id, ipaddress: '10.1.0.9' });
  user.call('enableStaticNat', values);
  expect(publicIp.vmIpAddress).toBe('10.1.0.9');
  const { id } = added['nicsecondaryip'];
  const unused = user.done('addIpToNic', { nicid: nic.id, ipaddress: '10.1.0.10' });
  expect(removeFails(zone, id, user)).toEqual([431, 'Removing guest ip from nic failed']);
  user.done('removeIpFromNic', { id: unused['nicsecondaryip'].id });
  assertSound(zone);
  user.done('disableStaticNat', { ipaddressid: publicIp.id });
  user.done('removeIpFromNic', { id });
});

test('a load balancer leads to one that vmidipmap names, and holds it', () => {
  const zone = scene();
  const { user, vm, nic } = zone;
  const rule = addRule(zone);
  const values = { id: rule, 'vmidipmap[0].vmid': vm.id, 'vmidipmap[0].vmip': '10.1.0.9' };
  expect(jobFails(zone, user, 'assignToLoadBalancerRule', values)).toEqual([
    530,
    'Failed to assign load balancer rule',
  ]);
  const added = user.done('addIpToNic', { nicid: nic.id, ipaddress: '10.1.0.9' });
  user.done('assignToLoadBalancerRule', values);
  expect(zone.world.loadBalancerMembers.all()[0]!.ipAddress).toBe('10.1.0.9');
  const { id } = added['nicsecondaryip'];
  expect(removeFails(zone, id, user)).toEqual([431, 'Removing guest ip from nic failed']);
  expect(removeFails(zone, id, zone.other)[0]).toBe(530);
  user.done('removeFromLoadBalancerRule', values);
  user.done('removeIpFromNic', { id });
  assertSound(zone);
});
