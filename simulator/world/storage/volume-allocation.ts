import type {
  DiskOfferingRow,
  DiskQuality,
  ServiceOfferingRow,
  SnapshotRow,
  TemplateRow,
  VmRow,
  VolumeRow,
} from '../entities.js';
import { FIRST_DATA_DEVICE_ID, ROOT_DEVICE_ID } from './device-ids.js';
import { EMPTY_DISK, contentOf, contentOfTemplate } from './disk-content.js';
import { templateSizeBytes } from './templates.js';
import { GIB_BYTES } from './volumes.js';
import type { World } from '../world.js';

// How volumes are entered: Allocated, of a size and an offering, and on no pool yet.

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
