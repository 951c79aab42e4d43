// Proves what the world's functions on volumes promise to the commands that use them: sizes of root
// volumes, device ids, and what becomes of a volume that is detached, destroyed or expunged.
import { expect, test } from '@playwright/test';
import { freeDeviceId } from '../../../../simulator/world/storage/device-ids.js';
import { allocateRootVolume } from '../../../../simulator/world/storage/volume-allocation.js';
import {
  destroyVolume,
  detachVolume,
  expungeVolume,
  rootVolumeOf,
  volumesOf,
} from '../../../../simulator/world/storage/volumes.js';
import { testSimulator } from '../../../support/simulator-client.js';
import { attached, createdVolume } from '../../../support/simulator-volumes.js';
import { deployed } from '../../../support/simulator-vms.js';

const GIB = 1024 ** 3;

test('the offering’s root disk size wins over the deployer’s, and that over the template’s', () => {
  const world = testSimulator();
  const { world: zone } = world.simulator;
  const vm = zone.vms.require(deployed(world, world.user, { startvm: false })['id']);
  const template = zone.templates.require(vm.templateId);
  const plain = zone.serviceOfferings.require(vm.serviceOfferingId);
  const fixed = { ...plain, rootDiskSizeGib: 50 };
  const size = (serviceOffering: typeof plain, rootDiskSizeGib?: number) =>
    allocateRootVolume(zone, {
      vm,
      template,
      serviceOffering,
      ...(rootDiskSizeGib === undefined ? {} : { rootDiskSizeGib }),
    }).sizeBytes / GIB;
  expect(size(plain)).toBe(5);
  expect(size(plain, 20)).toBe(20);
  expect(size(fixed, 20)).toBe(50);
});

test('device ids run out when every one is taken', () => {
  const world = testSimulator();
  const { world: zone } = world.simulator;
  const vm = deployed(world, world.user, { startvm: false });
  for (let count = 0; count < 32; count += 1) {
    attached(world.user, createdVolume(world, world.user, { size: 1 }), vm['id']);
  }
  expect(freeDeviceId(zone, zone.vms.require(vm['id']))).toBeUndefined();
  const devices = volumesOf(zone, vm['id']).map((volume) => volume.deviceId);
  expect(devices).not.toContain(3);
  expect(Math.max(...devices.map(Number))).toBe(33);
});

test('detached, a root volume is a data disk without a place at any VM', () => {
  const world = testSimulator();
  const { world: zone } = world.simulator;
  const vm = deployed(world, world.user);
  const root = rootVolumeOf(zone, vm['id'])!;
  const { poolId } = root;
  detachVolume(zone, root);
  expect(root).toMatchObject({
    type: 'DATADISK',
    vmId: null,
    deviceId: null,
    poolId,
    state: 'Ready',
  });
  expect(rootVolumeOf(zone, vm['id'])).toBeUndefined();
});

test('a destroyed root volume is none any more; expunging ends in Expunged and removes the row', () => {
  const world = testSimulator();
  const { world: zone } = world.simulator;
  const vm = deployed(world, world.user);
  const root = rootVolumeOf(zone, vm['id'])!;
  destroyVolume(zone, root);
  expect(rootVolumeOf(zone, vm['id'])).toBeUndefined();
  expungeVolume(zone, root);
  expect(root).toMatchObject({ state: 'Expunged' });
  expect(root.removedMs).not.toBeNull();
  expect(zone.volumes.all()).not.toContain(root);
});
