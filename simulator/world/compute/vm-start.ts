import { cloudRuntime } from '../cloud-exception.js';
import type { VmRow } from '../entities.js';
import { devicesAtBoot } from '../storage/guest-devices.js';
import { implementNetwork, zoneText } from '../network/networks.js';
import { nicsOf } from '../network/nics.js';
import { hasTemplate } from './occupancy.js';
import type { Placement } from './placement.js';
import { templateText, templateZone } from '../storage/templates.js';
import { moveVm, vmText } from './virtual-machines.js';
import { beginCreation, finishCreation, rootVolumeOf, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/**
 * Reserves a host for a VM, brings its networks to life, and begins to create the volumes that do
 * not exist yet, each on the pool planned for it (VirtualMachineManagerImpl.advanceStart). Throws
 * when a network or the template cannot be had, or the VM's root volume was detached (CloudStack
 * lets it be detached, and does not start the VM then); the VM is Starting then.
 */
export function beginStart(world: World, vm: VmRow, placement: Placement): void {
  moveVm(world, vm, 'StartRequested', { hostId: placement.host.id });
  for (const nic of nicsOf(world, vm.id)) {
    implementNetwork(world, world.networks.require(nic.networkId));
  }
  const root = rootVolumeOf(world, vm.id);
  if (root === undefined) {
    throw cloudRuntime(
      `Unable to start a VM [${vm.id}] due to [Unable to create a deployment for ${vmText(vm)}].`,
    );
  }
  if (root.state === 'Allocated') assertTemplateReady(world, vm);
  for (const [volumeId, pool] of placement.pools) {
    const volume = world.volumes.require(volumeId);
    if (volume.state === 'Allocated') beginCreation(world, volume, pool);
  }
}

/** Whether the template must be copied to the root volume's pool: nothing there came from it yet. */
export function needsTemplateCopy(world: World, vm: VmRow, placement: Placement): boolean {
  const root = rootVolumeOf(world, vm.id);
  const pool = root === undefined ? undefined : placement.pools.get(root.id);
  if (root === undefined || root.state !== 'Allocated' || pool === undefined) return false;
  return root.templateId !== null && !hasTemplate(world, pool, root.templateId);
}

/** The volumes of a starting VM that did not exist yet do now. */
export function finishVolumes(world: World, vm: VmRow): void {
  for (const volume of volumesOf(world, vm.id)) {
    if (volume.state === 'Creating') finishCreation(world, volume);
  }
}

/** The VM runs. */
export function finishStart(world: World, vm: VmRow): void {
  moveVm(world, vm, 'OperationSucceeded', {
    lastHostId: vm.hostId,
    bootedMs: world.kernel.nowMs,
    guestDevices: devicesAtBoot(world, vm),
  });
  if (world.templates.require(vm.templateId).passwordEnabled) {
    world.vms.change(vm, { awaitsPassword: false });
  }
}

/** The guest of a running VM boots again; its host and its state stay (VirtualMachineManagerImpl.reboot). */
export function rebootGuest(world: World, vm: VmRow): void {
  world.vms.change(vm, {
    bootedMs: world.kernel.nowMs,
    guestDevices: devicesAtBoot(world, vm),
  });
}

/** The VM did not come up: it is Stopped, and the volumes that it has got stay. */
export function abandonStart(world: World, vm: VmRow): void {
  moveVm(world, vm, 'OperationFailed', { hostId: null });
}

function assertTemplateReady(world: World, vm: VmRow): void {
  if (templateZone(world, vm.templateId, vm.zoneId)?.ready === true) return;
  const template = world.templates.require(vm.templateId);
  const zone = world.zones.require(vm.zoneId);
  throw cloudRuntime(
    `Could not find template [${templateText(template)}] ready for the data center [${zoneText(zone)}].`,
  );
}
