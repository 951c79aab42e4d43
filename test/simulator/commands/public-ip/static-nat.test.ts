// Proves how static NAT joins a public address to a VM and how it ends, with the text of each
// refusal, which leaves the addresses as they are.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import type { NicRow, PublicIpRow, VmRow } from '../../../../simulator/world/entities.js';
import { implementNetwork, networkText } from '../../../../simulator/world/network/networks.js';
import { allocatePublicIp } from '../../../../simulator/world/network/public-ips.js';
import { releaseStaticNat } from '../../../../simulator/world/network/static-nat.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

interface Scene extends NetworkWorld {
  readonly vm: VmRow;
  readonly nic: NicRow;
  readonly sourceNat: PublicIpRow;
  readonly publicIp: PublicIpRow;
  readonly second: PublicIpRow;
}

/** A VM in an isolated network that is up and has two public addresses. */
function scene(): Scene {
  const zone = createNetworkWorld();
  const { world } = zone;
  const network = networkNamed(world, 'isolated');
  implementNetwork(world, network);
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  const [sourceNat, publicIp, second] = world.publicIps.all();
  const owner = { accountId: vm.accountId, networkId: network.id, isSourceNat: false };
  allocatePublicIp(world, publicIp!, owner);
  allocatePublicIp(world, second!, owner);
  return { ...zone, vm, nic, sourceNat: sourceNat!, publicIp: publicIp!, second: second! };
}

function unchanged<T>({ world }: NetworkWorld, action: () => T): T {
  const rows = (): string => JSON.stringify(world.publicIps.all());
  const before = rows();
  const result = action();
  assert.equal(rows(), before);
  return result;
}

function enableFails(zone: Scene, values: Values, client = zone.user): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails('enableStaticNat', {
      ipaddressid: zone.publicIp.id,
      virtualmachineid: zone.vm.id,
      ...values,
    });
    return [httpStatus, errortext];
  });
}

function disableFails(zone: Scene, client: TestClient, ipaddressid: string): [number, string] {
  return unchanged(zone, () => {
    const { status, resultcode, result } = client.run('disableStaticNat', { ipaddressid });
    assert.equal(status, 2);
    return [resultcode, result['errortext']];
  });
}

test('joins a public address to a VM at once, and shows it', () => {
  const { user, vm, publicIp } = scene();
  const values = { ipaddressid: publicIp.id, virtualmachineid: vm.id, vmguestip: '10.1.0.5' };
  expect(user.call('enableStaticNat', values)).toEqual({ success: true });
  const shown = user.call('listPublicIpAddresses', { isstaticnat: true })['publicipaddress'];
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({
    id: publicIp.id,
    isstaticnat: true,
    virtualmachineid: vm.id,
    virtualmachinename: vm.name,
    virtualmachinetype: 'User',
    vmipaddress: '10.1.0.5',
  });
});

test('ends by a job, and the account keeps the address', () => {
  const { user, vm, publicIp } = scene();
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  expect(user.done('disableStaticNat', { ipaddressid: publicIp.id })).toEqual({ success: true });
  expect(publicIp).toMatchObject({ state: 'Allocated', vmId: null, vmIpAddress: null });
  expect(publicIp.accountId).toBe(vm.accountId);
});

test('ends when the VM is expunged, and the account keeps the address', () => {
  const { world, user, vm, publicIp } = scene();
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  releaseStaticNat(world, vm.id);
  expect(publicIp).toMatchObject({ state: 'Allocated', vmId: null, vmIpAddress: null });
});

test('ends when the address is given back', () => {
  const { user, vm, publicIp } = scene();
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  user.done('disassociateIpAddress', { id: publicIp.id });
  expect(publicIp).toMatchObject({ state: 'Free', vmId: null, vmIpAddress: null });
});

test('an address of the VM goes together with one public address only', () => {
  const zone = scene();
  const { user, vm, publicIp, second } = zone;
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  const text = (wanted: PublicIpRow): string =>
    `Failed to enable static nat on the  ip ${wanted.ipAddress} with Id ${wanted.id} as the vm ` +
    `${vm.instanceName} with Id ${vm.id} is already associated with another public ip ` +
    `${publicIp.ipAddress} with id ${publicIp.id}`;
  expect(enableFails(zone, { ipaddressid: second.id })).toEqual([431, text(second)]);
  expect(enableFails(zone, {})).toEqual([431, text(publicIp)]);
});

test('a public address goes to one VM only', () => {
  const zone = scene();
  const { world, user, vm, publicIp } = zone;
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  const rival = addVm(world);
  addNic(world, rival, 'isolated');
  expect(enableFails(zone, { virtualmachineid: rival.id })).toEqual([
    537,
    `Failed to enable static for the ip address Ip[203.0.113.11-1] and vm id=${rival.internalId} ` +
      "as it's already assigned to antoher vm",
  ]);
});

test('a source NAT address is refused', () => {
  const zone = scene();
  expect(enableFails(zone, { ipaddressid: zone.sourceNat.id })).toEqual([
    431,
    "Can't enable static, ip address Ip[203.0.113.10-1] is a sourceNat ip address",
  ]);
});

test('an address that the VM does not have is refused', () => {
  expect(enableFails(scene(), { vmguestip: '10.1.0.6' })).toEqual([
    431,
    'VM ip 10.1.0.6 address not belongs to the vm',
  ]);
});

test('a VM outside the network, or gone, is refused', () => {
  const zone = scene();
  const { world, vm, nic } = zone;
  const stranger = addVm(world);
  addNic(world, stranger, 'shared');
  const text = "Vm doesn't belong to the network with specified id";
  expect(enableFails(zone, { virtualmachineid: stranger.id })).toEqual([431, text]);
  world.vms.move(vm, 'DestroyRequested');
  expect(enableFails(zone, {})).toEqual([431, `Invalid user vm: ${vm.internalId}`]);
  world.nics.remove(nic);
  expect(enableFails(zone, {})).toEqual([431, text]);
});

test('an address without a network, or that nobody has, is refused', () => {
  const zone = scene();
  const { world, publicIp } = zone;
  const networkid = networkNamed(world, 'isolated').id;
  world.publicIps.change(publicIp, { networkId: null });
  expect(enableFails(zone, {})).toEqual([
    431,
    `Unable to enable static NAT for the ipAddress id=${publicIp.internalId} as IP is not ` +
      'associated with any network and no networkId is passed in',
  ]);
  expect(enableFails(zone, { networkid })).toEqual([
    431,
    'Ip address Ip[203.0.113.11-1] is not assigned to the network ' +
      networkText(world, networkNamed(world, 'isolated')),
  ]);
  const nobodys = world.publicIps.all()[3]!;
  world.publicIps.change(nobodys, { networkId: networkid });
  expect(enableFails(zone, { ipaddressid: nobodys.id })).toEqual([
    431,
    'Unable to create ip forwarding rule on address Ip[203.0.113.13-1], invalid IP address specified.',
  ]);
});

test('a network without the service is refused', () => {
  const zone = scene();
  const { world, publicIp, vm } = zone;
  addNic(world, vm, 'shared');
  world.publicIps.change(publicIp, { networkId: networkNamed(world, 'shared').id });
  expect(enableFails(zone, {})).toEqual([
    431,
    'Unable to create static nat rule; StaticNat service is not supported in network with specified id',
  ]);
});

test('strangers are refused, and so are owners who differ', () => {
  const zone = scene();
  const [status, text] = enableFails(zone, {}, zone.other);
  expect(status).toBe(531);
  expect(text).toContain('does not have permission to operate with resource');
  const { world, vm } = zone;
  const foreign = addVm(world, 'Stopped', 'other');
  addNic(world, foreign, 'isolated');
  expect(enableFails(zone, { virtualmachineid: foreign.id }, zone.admin)).toEqual([
    431,
    'Unable to create ip forwarding rule, IP address Ip[203.0.113.11-1] owner is not the same as ' +
      `owner of virtual machine ${foreign.internalId}`,
  ]);
  expect(vm.state).toBe('Stopped');
});

test('what has no static NAT cannot lose it, and strangers cannot end it', () => {
  const zone = scene();
  const { world, user, other, admin, vm, publicIp } = zone;
  expect(disableFails(zone, user, publicIp.id)).toEqual([
    431,
    'Specified IP address id is not associated with any vm Id',
  ]);
  expect(disableFails(zone, user, world.publicIps.all()[3]!.id)[0]).toBe(431);
  user.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vm.id });
  expect(disableFails(zone, other, publicIp.id)[0]).toBe(530);
  admin.done('disableStaticNat', { ipaddressid: publicIp.id });
  expect(publicIp.vmId).toBeNull();
});
