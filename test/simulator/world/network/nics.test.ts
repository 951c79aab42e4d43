// Proves how a NIC gets its addresses and how long it holds them: requests are granted and refused
// with CloudStack's texts, VMs in every state hold what they have, and only removal frees it.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { CloudException } from '../../../../simulator/world/cloud-exception.js';
import { networkText } from '../../../../simulator/world/network/networks.js';
import { nicsOf, releaseNics } from '../../../../simulator/world/network/nics.js';
import type { World } from '../../../../simulator/world/world.js';
import { addNic, addVm, createNetworkWorld, networkNamed } from '../../../support/network-world.js';

function refusal(world: World, action: () => unknown): CloudException {
  const seq = world.kernel.log.lastSeq;
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof CloudException, String(error));
    assert.equal(world.kernel.log.lastSeq, seq, 'a refusal changes nothing');
    return error;
  }
  throw new assert.AssertionError({ message: 'it was not refused' });
}

test('a requested address is given, on either kind of network', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  expect(addNic(world, vm, 'isolated', { ipAddress: '10.1.0.77' }).ipAddress).toBe('10.1.0.77');
  expect(addNic(world, vm, 'shared', { ipAddress: '10.3.0.12' }).ipAddress).toBe('10.3.0.12');
  expect(addNic(world, vm, 'l2').ipAddress).toBeNull();
});

for (const state of [
  'Stopped',
  'Starting',
  'Running',
  'Destroyed',
  'Expunging',
  'Error',
] as const) {
  test(`a VM that is ${state} holds its address`, () => {
    const { world } = createNetworkWorld();
    addNic(world, addVm(world, state), 'isolated', { ipAddress: '10.1.0.5' });
    const vm = addVm(world);
    const error = refusal(world, () => addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' }));
    const network = networkNamed(world, 'isolated');
    expect(error.message).toBe(
      `Unable to acquire Guest IP address for network ${networkText(world, network)}`,
    );
    expect([error.httpStatus, error.csErrorCode, error.masked]).toEqual([530, 0, true]);
  });
}

test('a network is named in errors as CloudStack names it', () => {
  const { world } = createNetworkWorld();
  const network = networkNamed(world, 'isolated');
  expect(networkText(world, network)).toBe(
    `Network {"id": ${network.internalId}, "name": "isolated", "uuid": "${network.id}", "networkofferingid": 1}`,
  );
});

test('gateway, network, broadcast and strangers are refused', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  for (const ipAddress of ['10.1.0.1', '10.1.0.0', '10.1.0.255', '10.9.0.5']) {
    const error = refusal(world, () => addNic(world, vm, 'isolated', { ipAddress }));
    assert.match(error.message, /^Unable to acquire Guest IP address for network Network \{/);
  }
});

test('a shared network tells less', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  for (const ipAddress of ['10.3.0.1', '10.3.0.99', '10.9.0.5']) {
    const error = refusal(world, () => addNic(world, vm, 'shared', { ipAddress }));
    assert.equal(error.message, 'Insufficient address capacity');
    assert.deepEqual([error.httpStatus, error.csErrorCode, error.masked], [530, 0, true]);
  }
  for (let count = 0; count < 4; count += 1) addNic(world, vm, 'shared');
  const error = refusal(world, () => addNic(world, vm, 'shared'));
  expect(error.message).toBe('Insufficient address capacity');
});

test('a full isolated network refuses', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world, 'Stopped', 'other');
  for (let count = 0; count < 5; count += 1) addNic(world, vm, 'tiny');
  const error = refusal(world, () => addNic(world, vm, 'tiny'));
  expect(error.message).toContain('Unable to acquire Guest IP address');
});

test('MAC addresses have the form of CloudStack and are unique', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  const macs = Array.from({ length: 100 }, () => addNic(world, vm, 'isolated').macAddress);
  for (const mac of macs) assert.match(mac, /^02:00(:[0-9a-f]{2}){4}$/);
  expect(new Set(macs).size).toBe(macs.length);
  expect(macs[0]!.endsWith(':00:01')).toBe(true);
});

test('a requested MAC address is given once per network', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  const macAddress = '02:00:4C:00:00:01';
  expect(addNic(world, vm, 'isolated', { macAddress }).macAddress).toBe(macAddress);
  const again = { macAddress: macAddress.toLowerCase() };
  const error = refusal(world, () => addNic(world, vm, 'isolated', again));
  expect(error.message).toBe('The requested Mac address is already taken! 02:00:4c:00:00:01');
  expect(error.httpStatus).toBe(431);
  expect(addNic(world, vm, 'shared', { macAddress }).macAddress).toBe(macAddress);
});

test('only the removal of its NICs frees the addresses of a VM', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5', macAddress: '02:00:00:00:00:99' });
  addNic(world, vm, 'shared');
  expect(nicsOf(world, vm.id).map((nic) => [nic.deviceId, nic.isDefault])).toEqual([
    [0, true],
    [1, false],
  ]);
  releaseNics(world, vm.id);
  expect(nicsOf(world, vm.id)).toEqual([]);
  const next = addVm(world);
  addNic(world, next, 'isolated', { ipAddress: '10.1.0.5', macAddress: '02:00:00:00:00:99' });
});
