// Proves when deleteNetwork removes a network with its addresses and tags, in which states of its
// VMs it refuses, and what happens to those who come while it works.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import type { NetworkRow } from '../../../../simulator/world/entities.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import { expungeVm } from '../../../../simulator/world/compute/virtual-machines.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { jobFails, unchanged } from './network-requests.js';

interface Scene extends NetworkWorld {
  readonly network: NetworkRow;
}

function scene(name = 'isolated'): Scene {
  const zone = createNetworkWorld();
  return { ...zone, network: networkNamed(zone.world, name) };
}

const FAILED = 'Failed to delete network';

test('a network without VMs goes, with its public addresses and tags', () => {
  const { world, user, simulator, network } = scene();
  implementNetwork(world, network);
  user.done('associateIpAddress', { networkid: network.id });
  user.done('createTags', {
    resourcetype: 'Network',
    resourceids: network.id,
    'tags[0].key': 'a',
    'tags[0].value': '1',
  });
  const { jobid } = user.call('deleteNetwork', { id: network.id });
  simulator.kernel.advanceBy(100);
  expect(user.call('listNetworks', { id: network.id })['network'][0].state).toBe('Shutdown');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({ status: 1, result: { success: true } });
  expect(network).toMatchObject({ state: 'Destroy' });
  expect(user.call('listNetworks', { id: network.id })).toEqual({});
  expect(world.publicIps.all().every((publicIp) => publicIp.state === 'Free')).toBe(true);
  expect(world.tags.all()).toEqual([]);
  assertSound(simulator);
});

test('a network that no VM ever used goes, too, and so do shared and L2 networks', () => {
  const { world, user, admin, simulator, network } = scene();
  user.done('deleteNetwork', { id: network.id });
  user.done('deleteNetwork', { id: networkNamed(world, 'l2').id });
  const shared = networkNamed(world, 'shared');
  admin.done('deleteNetwork', { id: shared.id, forced: true });
  expect(world.networks.all().map(({ name }) => name)).toEqual(['tiny']);
  assertSound(simulator);
});

for (const state of [
  'Stopped',
  'Running',
  'Starting',
  'Destroyed',
  'Error',
  'Expunging',
] as const) {
  test(`a VM in state ${state} keeps its network`, () => {
    const zone = scene();
    addNic(zone.world, addVm(zone.world, state), 'isolated');
    expect(jobFails(zone, zone.user, 'deleteNetwork', { id: zone.network.id })).toEqual([
      530,
      FAILED,
    ]);
  });
}

test('an expunged VM does not keep it', () => {
  const { world, user, simulator, network } = scene();
  const vm = addVm(world, 'Destroyed');
  addNic(world, vm, 'isolated');
  expungeVm(world, vm);
  user.done('deleteNetwork', { id: network.id });
  assertSound(simulator);
});

test('a VM without address keeps an L2 network', () => {
  const zone = scene('l2');
  addNic(zone.world, addVm(zone.world), 'l2');
  expect(jobFails(zone, zone.user, 'deleteNetwork', { id: zone.network.id })[1]).toBe(FAILED);
});

test('of two deletions one succeeds', () => {
  const { world, user, simulator, network } = scene();
  implementNetwork(world, network);
  const jobs = [1, 2].map(() => user.call('deleteNetwork', { id: network.id })['jobid'] as string);
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((jobid) => user.job(jobid).status)).toEqual([1, 2]);
  expect(user.job(jobs[1]!).result).toEqual({ errorcode: 530, errortext: FAILED });
});

test('a NIC that comes while the router is taken down keeps the network', () => {
  const { world, user, simulator, network } = scene();
  implementNetwork(world, network);
  const { jobid } = user.call('deleteNetwork', { id: network.id });
  simulator.kernel.advanceBy(100);
  assert.throws(() => implementNetwork(world, network), /Network is unavailable/);
  addNic(world, addVm(world), 'isolated');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({ status: 2, result: { errortext: FAILED } });
  expect(network).toMatchObject({ state: 'Allocated', removedMs: null });
  implementNetwork(world, network);
  expect(network.state).toBe('Implemented');
  assertSound(simulator);
});

test('an address that is acquired while its network goes is given back', () => {
  const { world, user, simulator, network } = scene();
  const { jobid } = user.call('associateIpAddress', { networkid: network.id });
  world.networks.move(network, 'DestroyNetwork');
  world.networks.remove(network);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({
    status: 2,
    result: { errorcode: 431, errortext: 'Invalid network id is given' },
  });
  expect(world.publicIps.all().every((publicIp) => publicIp.state === 'Free')).toBe(true);
  assertSound(simulator);
});

test('strangers, the forgetful and users who force are refused', () => {
  const zone = scene();
  const { user, other, world, network } = zone;
  const fails = (client = user, values = {}): [number, string] =>
    unchanged(zone, () => {
      const { httpStatus, errortext } = client.fails('deleteNetwork', values);
      return [httpStatus, errortext];
    });
  expect(fails(other, { id: network.id })[0]).toBe(531);
  expect(fails()).toEqual([
    431,
    'Unable to execute API command deletenetwork due to missing parameter id',
  ]);
  expect(fails(user, { id: world.zones.all()[0]!.id })[1]).toContain('entity does not exist');
  expect(fails(user, { id: network.id, name: 'x' })[0]).toBe(432);
  expect(jobFails(zone, user, 'deleteNetwork', { id: network.id, forced: true })).toEqual([
    431,
    "Delete network with 'forced' option can only be called by root admins",
  ]);
  user.done('deleteNetwork', { id: network.id });
  expect(fails(user, { id: network.id })).toEqual([
    431,
    `Network ID=${network.internalId} doesn't exist`,
  ]);
});
