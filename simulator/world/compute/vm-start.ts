import { CloudException, cloudRuntime } from '../cloud-exception.js';
import type { StoragePoolRow, VmRow, VolumeRow } from '../entities.js';
import { devicesAtBoot } from '../storage/guest-devices.js';
import { implementNetwork, zoneText } from '../network/networks.js';
import { nicsOf } from '../network/nics.js';
import { assertDriveReady } from '../storage/isos.js';
import { countInCluster } from './overprovisioning.js';
import { placeVm, type Placement } from './placement.js';
import { hasTemplate } from '../storage/pool-space.js';
import { storageNeedsOf } from '../storage/storage-pools.js';
import { templateText, isReady, templateZone } from '../storage/templates.js';
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
  const { id: hostId, clusterId } = placement.host;
  countInCluster(world, vm, clusterId);
  moveVm(world, vm, 'StartRequested', { hostId });
  bringUpNetworks(world, vm);
  const root = rootVolumeOf(world, vm.id);
  if (root === undefined) throw noDeployment(vm);
  if (root.state === 'Allocated' && root.isoId === null) assertTemplateReady(world, vm);
  assertDriveReady(world, vm);
  prepareVolumes(world, placement.pools);
}

/** Nothing is created or moved unless all volumes may be where they are planned (VolumeOrchestrator.prepare). */
function prepareVolumes(world: World, pools: Placement['pools']): void {
  const planned = [...pools].map(([id, pool]) => ({ volume: world.volumes.require(id), pool }));
  const created = planned.filter(({ volume }) => volume.state === 'Allocated');
  const moved = planned.filter(
    ({ volume, pool }) => volume.state !== 'Allocated' && volume.poolId !== pool.id,
  );
  for (const { volume, pool } of moved) assertMayMove(world, volume, pool);
  for (const { volume, pool } of created) beginCreation(world, volume, pool);
  for (const { volume, pool } of moved) {
    world.volumes.move(volume, 'MigrationRequested');
    world.volumes.move(volume, 'OperationSucceeded', { poolId: pool.id });
  }
}

/** What keeps a network from coming up is told as it is, whoever asked for the start. */
function bringUpNetworks(world: World, vm: VmRow): void {
  for (const nic of nicsOf(world, vm.id)) {
    try {
      implementNetwork(world, world.networks.require(nic.networkId));
    } catch (error) {
      if (!(error instanceof CloudException)) throw error;
      throw new CloudException('ResourceUnavailableException', error.message);
    }
  }
}

/** The planner finds no place for a VM that is Starting (VirtualMachineManagerImpl.orchestrateStart). */
export function noDeployment(vm: VmRow): CloudException {
  return new CloudException(
    'InsufficientCapacityException',
    `Unable to create a deployment for ${vmText({ ...vm, state: 'Starting' })}`,
  );
}

/**
 * Another pool was planned for a volume than the one where it is: a shared one moves there unless
 * something else is done to it, a local one does not (VolumeOrchestrator.getTasks, migrateVolume).
 */
function assertMayMove(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  if (storageNeedsOf(world, volume).storageType === 'local') {
    throw cloudRuntime(
      `Local volume [${nameAndId(volume)}] cannot be recreated on storage pool [${nameAndId(pool)}], assigned by deploymentPlanner.`,
    );
  }
  if (!world.settings.get('enable.storage.migration')) {
    throw cloudRuntime('Cannot migrate volumes. Volume Migration is disabled.');
  }
  if (!world.volumes.allows(volume, 'MigrationRequested')) {
    throw cloudRuntime(
      `Volume [${nameAndId(volume)}] migration failed due to [No transition from ${volume.state}].`,
    );
  }
}

/** ReflectionToStringBuilderUtils.reflectOnlySelectedFields. */
function nameAndId({ name, id }: { readonly name: string; readonly id: string }): string {
  return JSON.stringify({ name, uuid: id });
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

/**
 * Starts a VM in one moment, as a part of something larger that takes its time
 * (VirtualMachineManagerImpl.advanceStart). Throws where it cannot start, and it is Stopped then.
 */
export function startAtOnce(world: World, vm: VmRow): void {
  const placement = placeVm(world, vm);
  if (placement === undefined) throw noDestination(world, vm);
  try {
    beginStart(world, vm, placement);
  } catch (error) {
    abandonStart(world, vm);
    throw error;
  }
  finishVolumes(world, vm);
  finishStart(world, vm);
}

/** As Java prints the exception (InsufficientCapacityException.toString). */
function noDestination(world: World, vm: VmRow): CloudException {
  const zoneId = world.zones.require(vm.zoneId).internalId;
  return cloudRuntime(
    `com.cloud.exception.InsufficientServerCapacityException: Unable to create a deployment for ${vmText(vm)}` +
      `Scope=interface com.cloud.dc.DataCenter; id=${zoneId}`,
  );
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
  if (isReady(templateZone(world, vm.templateId, vm.zoneId))) return;
  const template = world.templates.require(vm.templateId);
  const zone = world.zones.require(vm.zoneId);
  throw cloudRuntime(
    `Could not find template [${templateText(template)}] ready for the data center [${zoneText(zone)}].`,
  );
}
