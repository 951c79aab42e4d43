// Proves which addresses networks give out and when one is free: each kind of network is filled to
// its end, and every address that must not be given out is asked for.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import {
  countFreeAddresses,
  isAddressFree,
  nextFreeAddress,
} from '../../../../simulator/world/network/addresses.js';
import { canUseForDeploy, implementNetwork } from '../../../../simulator/world/network/networks.js';
import { addNic, addVm, createNetworkWorld, networkNamed } from '../../../support/network-world.js';

test('an isolated network gives out every host but the gateway, in random order', () => {
  const { world } = createNetworkWorld();
  const tiny = networkNamed(world, 'tiny');
  const vm = addVm(world, 'Stopped', 'other');
  expect(countFreeAddresses(world, tiny)).toBe(5);
  const given = [1, 2, 3, 4, 5].map(() => addNic(world, vm, 'tiny').ipAddress!);
  expect([...given].sort()).toEqual(['10.2.0.2', '10.2.0.3', '10.2.0.4', '10.2.0.5', '10.2.0.6']);
  expect(given).not.toEqual([...given].sort());
  expect(nextFreeAddress(world, tiny)).toBeUndefined();
  expect(canUseForDeploy(world, tiny)).toBe(false);
});

test('the seed decides which address comes next', () => {
  const addresses = (): (string | null)[] => {
    const { world } = createNetworkWorld();
    const vm = addVm(world);
    return [1, 2, 3].map(() => addNic(world, vm, 'isolated').ipAddress);
  };
  expect(addresses()).toEqual(addresses());
});

test('a shared network gives out the lowest of its range, a freed one again', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  const nics = [1, 2, 3, 4].map(() => addNic(world, vm, 'shared'));
  expect(nics.map((nic) => nic.ipAddress)).toEqual([
    '10.3.0.10',
    '10.3.0.11',
    '10.3.0.12',
    '10.3.0.13',
  ]);
  expect(nextFreeAddress(world, networkNamed(world, 'shared'))).toBeUndefined();
  world.nics.remove(nics[1]!);
  expect(nextFreeAddress(world, networkNamed(world, 'shared'))).toBe('10.3.0.11');
});

test('an L2 network has no addresses, and VMs can be deployed into it all the same', () => {
  const { world } = createNetworkWorld();
  const l2 = networkNamed(world, 'l2');
  expect(countFreeAddresses(world, l2)).toBe(0);
  expect(nextFreeAddress(world, l2)).toBeUndefined();
  expect(canUseForDeploy(world, l2)).toBe(true);
});

test('gateway, network, broadcast, strangers and nonsense are never free', () => {
  const { world } = createNetworkWorld();
  const isolated = networkNamed(world, 'isolated');
  const shared = networkNamed(world, 'shared');
  for (const address of ['10.1.0.1', '10.1.0.0', '10.1.0.255', '10.2.0.2', '10.1.0', '', '::1']) {
    assert.equal(isAddressFree(world, isolated, address), false, address);
  }
  for (const address of ['10.3.0.9', '10.3.0.14', '10.3.0.1']) {
    assert.equal(isAddressFree(world, shared, address), false, address);
  }
  assert.equal(isAddressFree(world, isolated, '10.1.0.2'), true);
  assert.equal(isAddressFree(world, shared, '10.3.0.10'), true);
});

test('the virtual router of a shared network takes an address when it comes up, once', () => {
  const { world } = createNetworkWorld();
  const shared = networkNamed(world, 'shared');
  implementNetwork(world, shared);
  expect(shared.routerIpAddress).toBe('10.3.0.10');
  expect(isAddressFree(world, shared, '10.3.0.10')).toBe(false);
  implementNetwork(world, shared);
  expect(shared.routerIpAddress).toBe('10.3.0.10');
  expect(shared.state).toBe('Setup');
});

test('a shared network without an address for its router cannot come up', () => {
  const { world } = createNetworkWorld();
  const vm = addVm(world);
  for (let count = 0; count < 4; count += 1) addNic(world, vm, 'shared');
  const shared = networkNamed(world, 'shared');
  const seq = world.kernel.log.lastSeq;
  expect(() => implementNetwork(world, shared)).toThrow(
    'Network is unavailable. Please contact administrator',
  );
  expect(world.kernel.log.lastSeq).toBe(seq);
});

test('an isolated network gets its source NAT address when it comes up, once', () => {
  const { world } = createNetworkWorld();
  const isolated = networkNamed(world, 'isolated');
  implementNetwork(world, isolated);
  implementNetwork(world, isolated);
  const addresses = world.publicIps.where('networkId', isolated.id);
  expect(addresses.map((row) => [row.ipAddress, row.state, row.isSourceNat])).toEqual([
    ['203.0.113.10', 'Allocated', true],
  ]);
  expect(isolated.state).toBe('Implemented');
});

test('an isolated network without a public address stays as it was', () => {
  const { world } = createNetworkWorld();
  const isolated = networkNamed(world, 'isolated');
  for (const publicIp of world.publicIps.all()) world.publicIps.move(publicIp, 'Allocate');
  expect(() => implementNetwork(world, isolated)).toThrow('Network is unavailable');
  expect(isolated.state).toBe('Allocated');
});

test('an L2 network comes up with nothing of its own', () => {
  const { world } = createNetworkWorld();
  const l2 = networkNamed(world, 'l2');
  implementNetwork(world, l2);
  expect(l2.state).toBe('Implemented');
  expect(world.publicIps.where('networkId', l2.id)).toEqual([]);
});
