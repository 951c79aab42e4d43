import type {
  DiskOfferingRow,
  DiskQuality,
  Hypervisor,
  ImageFormat,
  ServiceOfferingRow,
  SnapshotRow,
  StoragePoolRow,
  TemplateRow,
  VmRow,
  VolumeRow,
} from '../entities.js';
import { EMPTY_DISK, contentOf, contentOfTemplate } from './disk-content.js';
import { devicesWith, devicesWithout } from './guest-devices.js';
import { policiesOf, removePolicy } from './snapshot-policies.js';
import { removeTags } from '../tags.js';
import { removeVolumeImage } from './volume-images.js';
import { templateSizeBytes } from './templates.js';
import type { World } from '../world.js';

export const GIB_BYTES = 1024 ** 3;

/** The columns in which only few volumes, or none at first, have anything. */
export const PLAIN_VOLUME = {
  destroyedMs: null,
  deleteProtection: false,
  format: null,
  minIops: null,
  maxIops: null,
  isDisplayed: true,
  path: null,
  chainInfo: null,
  isoId: null,
} as const;

/**
 * Enters the root volume of a new VM, Allocated. A root disk size of the offering wins over the
 * deployer's, and that over the template's (UserVmManagerImpl.configureCustomRootDiskSize).
 */
export function allocateRootVolume(
  world: World,
  request: {
    readonly vm: VmRow;
    readonly template: TemplateRow;
    readonly serviceOffering: ServiceOfferingRow;
    readonly rootDiskSizeGib?: number;
    /** The disk offering in the place of that of the service offering. */
    readonly diskOffering?: DiskOfferingRow;
  },
): VolumeRow {
  const { vm, template, serviceOffering, diskOffering } = request;
  const sizeGib =
    diskOffering === undefined
      ? (serviceOffering.rootDiskSizeGib ?? request.rootDiskSizeGib)
      : request.rootDiskSizeGib;
  const templateBytes = templateSizeBytes(world, template.id, vm.zoneId);
  return world.volumes.insert({
    name: `ROOT-${vm.internalId}`,
    type: 'ROOT',
    state: 'Allocated',
    accountId: vm.accountId,
    zoneId: vm.zoneId,
    sizeBytes: sizeGib === undefined ? templateBytes : sizeGib * GIB_BYTES,
    diskOfferingId: diskOffering?.id ?? null,
    serviceOfferingId: diskOffering === undefined ? serviceOffering.id : null,
    snapshotId: null,
    vmId: vm.id,
    deviceId: ROOT_DEVICE_ID,
    attachedMs: null,
    poolId: null,
    ...PLAIN_VOLUME,
    ...rootContent(template),
    ...ownColumns({}, (diskOffering ?? serviceOffering).disk),
  });
}

/** What a root volume has of the template that its VM is made from; of an ISO it has nothing. */
export function rootContent(
  template: TemplateRow,
): Pick<VolumeRow, 'templateId' | 'isoId' | 'origin' | 'files'> {
  return template.format === 'ISO'
    ? { ...EMPTY_DISK, templateId: null, isoId: template.id }
    : { ...contentOfTemplate(template), templateId: template.id, isoId: null };
}

/**
 * Enters a data volume, Allocated. It gets its pool when it is first attached, or with `vm` when
 * that VM starts. A VM's own data volume is device 1 unless `deviceId` says otherwise.
 */
export function allocateDataVolume(
  world: World,
  request: {
    readonly name: string;
    readonly accountId: string;
    readonly zoneId: string;
    readonly diskOffering: DiskOfferingRow;
    readonly sizeGib: number;
    readonly vm?: VmRow;
    readonly deviceId?: number;
  } & OwnColumns,
): VolumeRow {
  const { name, accountId, zoneId, diskOffering, sizeGib, vm } = request;
  return world.volumes.insert({
    ...PLAIN_VOLUME,
    ...ownColumns(request, diskOffering.disk),
    name,
    type: 'DATADISK',
    state: 'Allocated',
    accountId,
    zoneId,
    sizeBytes: sizeGib * GIB_BYTES,
    diskOfferingId: diskOffering.id,
    serviceOfferingId: null,
    ...EMPTY_DISK,
    templateId: null,
    snapshotId: null,
    vmId: vm?.id ?? null,
    deviceId: vm === undefined ? null : (request.deviceId ?? FIRST_DATA_DEVICE_ID),
    attachedMs: null,
    poolId: null,
  });
}

/** What a caller may decide of a new volume by itself. */
type OwnColumns = Partial<Pick<VolumeRow, 'id' | 'isDisplayed' | 'minIops' | 'maxIops'>>;

function ownColumns(
  { id, isDisplayed = true, minIops, maxIops }: OwnColumns,
  disk?: DiskQuality,
): OwnColumns {
  return {
    ...(id === undefined ? {} : { id }),
    isDisplayed,
    minIops: minIops ?? disk?.minIops ?? null,
    maxIops: maxIops ?? disk?.maxIops ?? null,
  };
}

/**
 * Enters a data volume that a snapshot is to fill, Allocated: of the size and the offering of the
 * snapshot's volume, unless another offering is given.
 */
export function allocateVolumeFromSnapshot(
  world: World,
  request: {
    readonly name: string;
    readonly accountId: string;
    readonly zoneId: string;
    readonly snapshot: SnapshotRow;
    readonly other?: {
      readonly diskOffering: DiskOfferingRow;
      readonly sizeGib: number;
    } & OwnColumns;
  } & OwnColumns,
): VolumeRow {
  const { name, accountId, zoneId, snapshot, other } = request;
  return world.volumes.insert({
    ...PLAIN_VOLUME,
    ...ownColumns({ ...request, ...other }),
    name,
    type: 'DATADISK',
    state: 'Allocated',
    accountId,
    zoneId,
    sizeBytes: other === undefined ? snapshot.sizeBytes : other.sizeGib * GIB_BYTES,
    diskOfferingId: other === undefined ? snapshot.diskOfferingId : other.diskOffering.id,
    serviceOfferingId: other === undefined ? snapshot.serviceOfferingId : null,
    templateId: world.volumes.require(snapshot.volumeId).templateId,
    snapshotId: snapshot.id,
    ...contentOf(snapshot),
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
  });
}

/** The volumes of a VM in the order of their creation, destroyed ones included. */
export function volumesOf(world: World, vmId: string): VolumeRow[] {
  return world.volumes.where('vmId', vmId);
}

/** The root volume of a VM that is not destroyed. */
export function rootVolumeOf(world: World, vmId: string): VolumeRow | undefined {
  return volumesOf(world, vmId).find((row) => row.type === 'ROOT' && !isDestroyed(row));
}

/** Creates an Allocated volume on a pool, which is what "Allocated until first attached" ends. */
export function createOnPool(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  beginCreation(world, volume, pool);
  finishCreation(world, volume);
}

/** From now on the room that the volume needs on its pool is taken. */
export function beginCreation(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  world.volumes.move(volume, 'CreateRequested', { poolId: pool.id });
}

export function finishCreation(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'OperationSucceeded');
}

/** Ties a volume to a VM; at device 0 it becomes the root volume (VolumeDaoImpl.attachVolume). */
export function attachVolumeTo(world: World, volume: VolumeRow, vm: VmRow, deviceId: number): void {
  world.volumes.change(volume, {
    vmId: vm.id,
    deviceId,
    attachedMs: world.kernel.nowMs,
    type: deviceId === ROOT_DEVICE_ID ? 'ROOT' : 'DATADISK',
  });
  if (vm.state !== 'Running') return;
  world.vms.change(vm, { guestDevices: devicesWith(world, vm, volume) });
}

/**
 * Unties a volume from its VM. It has no state of its own for that: a Ready volume stays Ready,
 * and a root volume becomes a data disk (VolumeDaoImpl.detachVolume).
 */
export function detachVolume(world: World, volume: VolumeRow): void {
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm?.state === 'Running') {
    world.vms.change(vm, { guestDevices: devicesWithout(vm, volume.id) });
  }
  world.volumes.change(volume, {
    vmId: null,
    deviceId: null,
    attachedMs: null,
    type: 'DATADISK',
  });
}

/** The lowest device id that a data disk of this VM can get; 3 is the CD-ROM's. */
export function freeDeviceId(world: World, vmId: string): number | undefined {
  const taken = new Set(volumesOf(world, vmId).map((volume) => volume.deviceId));
  const highest = highestDeviceId(world.vms.require(vmId).hypervisor);
  for (let id = FIRST_DATA_DEVICE_ID; id <= highest; id += 1) {
    if (id !== CDROM_DEVICE_ID && !taken.has(id)) return id;
  }
  return undefined;
}

export const ROOT_DEVICE_ID = 0;
export const CDROM_DEVICE_ID = 3;
const FIRST_DATA_DEVICE_ID = 1;

/**
 * How many data disks a VM may have (hypervisor_capabilities.max_data_volumes_limit): the rows of
 * current versions; XenServer's differ between 13 and 254 by version.
 */
export const maxDataVolumes: Readonly<Record<Hypervisor, number>> = {
  KVM: 32,
  XenServer: 253,
  VMware: 59,
};

/** Device ids go one further than the number of data disks, because the CD-ROM takes one. */
export function highestDeviceId(hypervisor: Hypervisor): number {
  return maxDataVolumes[hypervisor] + 1;
}

/** Marks a volume as destroyed, and ends its snapshot policies; it stays listed, and on its pool, until it is expunged. */
export function destroyVolume(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'DestroyRequested', { destroyedMs: world.kernel.nowMs });
  for (const policy of policiesOf(world, volume.id)) removePolicy(world, policy);
}

/** Takes a destroyed volume back, which is on its pool still. */
export function recoverVolume(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'RecoverRequested', { destroyedMs: null });
}

/** Removes a volume for good, and its tags; one that is not destroyed yet is destroyed first. */
export function expungeVolume(world: World, volume: VolumeRow): void {
  if (world.volumes.allows(volume, 'DestroyRequested')) destroyVolume(world, volume);
  world.volumes.move(volume, 'ExpungingRequested');
  world.volumes.move(volume, 'OperationSucceeded');
  world.volumes.remove(volume);
  removeVolumeImage(world, volume.id);
  removeTags(world, volume.id);
}

const ON_POOL: ReadonlySet<string> = new Set([
  'Ready',
  'Attaching',
  'Snapshotting',
  'RevertSnapshotting',
  'Resizing',
  'Migrating',
]);

/** Whether the volume exists on a pool and is in use or at rest. */
export function isOnPool({ state }: VolumeRow): boolean {
  return ON_POOL.has(state);
}

/** Destroy and what follows it: such a volume belongs to no VM any more. */
export function isDestroyed(volume: VolumeRow): boolean {
  return ['Destroy', 'Expunging', 'Expunged'].includes(volume.state);
}

/** The hypervisor that a volume was made for; any, as long as nothing has decided it. */
export function hypervisorOf(world: World, volume: VolumeRow): Hypervisor | undefined {
  const { templateId } = volume;
  const ofTemplate = templateId === null ? 'None' : world.templates.require(templateId).hypervisor;
  if (ofTemplate !== 'None') return ofTemplate;
  const ofFormat = volume.format === null ? undefined : hypervisorOfFormat[volume.format];
  if (ofFormat !== undefined) return ofFormat;
  if (volume.poolId === null) return undefined;
  return hypervisorOfPool(world, world.storagePools.require(volume.poolId));
}

/** What runs images of a format (StorageManagerImpl.getHypervisorTypeFromFormat). */
export const hypervisorOfFormat: Readonly<Partial<Record<ImageFormat, Hypervisor>>> = {
  QCOW2: 'KVM',
  VHD: 'XenServer',
  OVA: 'VMware',
};

/** The format of a volume that is on a pool, as its image has it outside of that. */
export function formatOf(world: World, volume: VolumeRow): ImageFormat {
  const hypervisor =
    hypervisorOf(world, volume) ?? world.storagePools.require(volume.poolId ?? '').hypervisor;
  return formatOfHypervisor[hypervisor];
}

const formatOfHypervisor: Readonly<Record<Hypervisor, ImageFormat>> = {
  KVM: 'QCOW2',
  XenServer: 'VHD',
  VMware: 'OVA',
};

/** A pool of the whole zone serves every hypervisor there. */
export function hypervisorOfPool(
  world: World,
  { clusterId }: StoragePoolRow,
): Hypervisor | undefined {
  return clusterId === null ? undefined : world.clusters.require(clusterId).hypervisor;
}
