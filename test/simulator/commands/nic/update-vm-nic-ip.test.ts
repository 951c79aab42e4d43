// Proves that a NIC of a stopped VM can get another address, which frees the old one and is
// followed by static NAT, and that each refusal has its text and changes nothing.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import type { NicRow } from '../../../../simulator/world/entities.js';
import { isAddressFree } from '../../../../simulator/world/network/addresses.js';
import { allocatePublicIp } from '../../../../simulator/world/network/public-ips.js';
import { enableStaticNatFor } from '../../../../simulator/world/network/static-nat.js';
import type { TestClient } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

/** The job fails, and no NIC and no public address changes. */
function refused(
  { world }: NetworkWorld,
  client: TestClient,
  values: Record<string, string>,
): [number, string] {
  const rows = (): string => JSON.stringify([world.nics.all(), world.publicIps.all()]);
  const before = rows();
  const { status, resultcode, result } = client.run('updateVmNicIp', values);
  assert.equal(status, 2);
  assert.equal(rows(), before);
  return [resultcode, result['errortext']];
}

const taken = (nic: NicRow): string =>
  `Allocating ip to guest nic ${nic.id} failed, please choose another ip`;

for (const network of ['isolated', 'shared']) {
  test(`${network}: the requested address is given and the old one is free`, () => {
    const { world, user } = createNetworkWorld();
    const vm = addVm(world);
    const nic = addNic(world, vm, network);
    const old = nic.ipAddress!;
    const ipaddress = network === 'shared' ? '10.3.0.12' : '10.1.0.200';
    const result = user.done('updateVmNicIp', { nicid: nic.id, ipaddress });
    expect(result['virtualmachine']).toMatchObject({ id: vm.id, state: 'Stopped' });
    expect(result['virtualmachine'].nic[0]).toMatchObject({ id: nic.id, ipaddress });
    expect(result['virtualmachine']).not.toHaveProperty('serviceofferingid');
    expect(isAddressFree(world, networkNamed(world, network), old)).toBe(true);
    expect(isAddressFree(world, networkNamed(world, network), ipaddress)).toBe(false);
  });
}

test('without an address any free one is given', () => {
  const { world, user } = createNetworkWorld();
  const nic = addNic(world, addVm(world), 'isolated');
  const old = nic.ipAddress;
  user.done('updateVmNicIp', { nicid: nic.id });
  expect(nic.ipAddress).not.toBe(old);
  expect(nic.ipAddress).toMatch(/^10\.1\.0\./);
});

test('static NAT follows', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  const publicIp = world.publicIps.all()[0]!;
  const { accountId } = vm;
  allocatePublicIp(world, publicIp, { accountId, networkId: nic.networkId, isSourceNat: false });
  enableStaticNatFor(world, publicIp, { vmId: vm.id, vmIpAddress: '10.1.0.5' });
  user.done('updateVmNicIp', { nicid: nic.id, ipaddress: '10.1.0.6' });
  expect(publicIp).toMatchObject({ vmId: vm.id, vmIpAddress: '10.1.0.6' });
});

test('an address that is held, its own too, or that no host may have is refused', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world), 'isolated', { ipAddress: '10.1.0.5' });
  addNic(zone.world, addVm(zone.world, 'Destroyed'), 'isolated', { ipAddress: '10.1.0.6' });
  for (const ipaddress of ['10.1.0.5', '10.1.0.6', '10.1.0.1', '10.1.0.255', '10.9.9.9']) {
    assert.deepEqual(refused(zone, zone.user, { nicid: nic.id, ipaddress }), [431, taken(nic)]);
  }
});

test('a shared network keeps the reason to itself', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world), 'shared');
  expect(refused(zone, zone.user, { nicid: nic.id, ipaddress: '10.3.0.99' })).toEqual([
    530,
    'Failed to update ip address on vm NIC. Refer to server logs for details.',
  ]);
});

test('an L2 network has no addresses to give', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world, 'Running'), 'l2');
  expect(refused(zone, zone.user, { nicid: nic.id })).toEqual([
    431,
    'UpdateVmNicIpCmd is not supported in L2 network',
  ]);
});

for (const state of ['Starting', 'Running', 'Destroyed', 'Expunging', 'Error'] as const) {
  test(`a VM that is ${state} keeps its address`, () => {
    const zone = createNetworkWorld();
    const nic = addNic(zone.world, addVm(zone.world, state), 'isolated');
    expect(refused(zone, zone.user, { nicid: nic.id })).toEqual([
      431,
      'VM is not Stopped, unable to update the vm nic having the specified id',
    ]);
  });
}

test('nonsense, a removed NIC and an unknown one are refused', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world), 'isolated');
  expect(refused(zone, zone.user, { nicid: nic.id, ipaddress: '10.1.0' })).toEqual([
    530,
    'Invalid ip address 10.1.0',
  ]);
  zone.world.nics.remove(nic);
  expect(refused(zone, zone.user, { nicid: nic.id })).toEqual([
    431,
    `There is no nic for the ${nic.internalId}`,
  ]);
  const nicid = '00000000-0000-4000-8000-000000000000';
  expect(zone.user.fails('updateVmNicIp', { nicid })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringContaining(`Invalid parameter nicid value=${nicid} due to`),
  });
});

test('strangers are refused in the job, admins are not', () => {
  const zone = createNetworkWorld();
  const nic = addNic(zone.world, addVm(zone.world), 'isolated');
  const [code, text] = refused(zone, zone.other, { nicid: nic.id, ipaddress: '10.1.0.9' });
  expect(code).toBe(530);
  expect(text).toContain('does not have permission to operate with resource');
  zone.admin.done('updateVmNicIp', { nicid: nic.id, ipaddress: '10.1.0.9' });
  expect(nic.ipAddress).toBe('10.1.0.9');
});
