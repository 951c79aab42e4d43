import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  listField,
  longField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import type {
  DiskQuality,
  StoragePoolRow,
  VmRow,
  VolumeImageRow,
  VolumeRow,
} from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { storageNeedsOf } from '../../world/storage/storage-pools.js';
import { tagsOf } from '../../world/tags.js';
import { imageOfVolume } from '../../world/storage/volume-images.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import { tagResponse } from '../tag/tag-response.js';

/** What a disk has read and written, as far as it could: no simulated guest does. */
const statistics = {
  diskioread: longField(zeroOnceInUse),
  diskiowrite: longField(zeroOnceInUse),
  diskkbsread: longField(zeroOnceInUse),
  diskkbswrite: longField(zeroOnceInUse),
} as const;

/** How fast the offering lets it be; CloudStack takes two of the four for two others. */
const rates = {
  diskBytesReadRate: longField<VolumeRow>(
    (volume, view) => qualityOf(volume, view).rates['diskBytesReadRate'],
  ),
  diskBytesWriteRate: longField<VolumeRow>(
    (volume, view) => qualityOf(volume, view).rates['diskBytesReadRate'],
  ),
  diskIopsReadRate: longField<VolumeRow>(
    (volume, view) => qualityOf(volume, view).rates['diskIopsWriteRate'],
  ),
  diskIopsWriteRate: longField<VolumeRow>(
    (volume, view) => qualityOf(volume, view).rates['diskIopsWriteRate'],
  ),
} as const;

/** VolumeResponse (VolumeJoinDaoImpl.newVolumeResponse); where a volume lies only root admins see. */
export const volumeResponse = responseObject<VolumeRow>('volume', {
  id: stringField((volume) => volume.id),
  name: stringField((volume) => volume.name),
  zoneid: stringField((volume) => volume.zoneId),
  zonename: stringField((volume, { world }) => world.zones.require(volume.zoneId).name),
  type: stringField((volume) => volume.type),
  deviceid: longField((volume) => volume.deviceId),
  virtualmachineid: stringField((volume, view) => vmOf(volume, view)?.id),
  vmname: stringField((volume, view) => vmOf(volume, view)?.name),
  vmdisplayname: stringField((volume, view) => vmOf(volume, view)?.displayName),
  vmstate: stringField((volume, view) => vmOf(volume, view)?.state),
  vmtype: stringField((volume, view) => (vmOf(volume, view) === undefined ? null : 'User')),
  ...statistics,
  provisioningtype: stringField((volume, view) => qualityOf(volume, view).provisioningType),
  size: longField((volume, view) => uploadingImage(volume, view)?.sizeBytes ?? volume.sizeBytes),
  miniops: longField((volume) => volume.minIops),
  maxiops: longField((volume) => volume.maxIops),
  created: dateField((volume) => volume.createdMs),
  attached: dateField((volume) => volume.attachedMs),
  state: stringField((volume, view) => uploadShown(volume, view)?.state ?? volume.state),
  status: stringField((volume, view) => uploadShown(volume, view)?.status),
  destroyed: booleanField((volume) => volume.state === 'Destroy'),
  ...ownerFields<VolumeRow>((volume) => volume.accountId),
  diskofferingid: stringField((volume) => volume.diskOfferingId),
  diskofferingname: diskOfferingField((offering) => offering.name),
  diskofferingdisplaytext: diskOfferingField((offering) => offering.displayText),
  // CloudStack shows the internal id here, as no other field does.
  serviceofferingid: serviceOfferingField((offering) => String(offering.internalId)),
  serviceofferingname: serviceOfferingField((offering) => offering.name),
  serviceofferingdisplaytext: serviceOfferingField((offering) => offering.displayText),
  isextractable: booleanField(
    ({ type, templateId }, { world }) =>
      type === 'DATADISK' ||
      templateId === null ||
      world.templates.require(templateId).isExtractable,
  ),
  encryptformat: stringField((volume, { world }) =>
    volume.poolId !== null && isEncrypted(world, volume) ? 'luks' : null,
  ),
  displayvolume: booleanField((volume) => volume.isDisplayed),
  chaininfo: stringField((volume) => volume.chainInfo),
  isoid: stringField((volume) => volume.isoId),
  isoname: isoField((iso) => iso.name),
  isodisplaytext: isoField((iso) => iso.displayText),
  templateid: stringField((volume) => volume.templateId),
  templatename: templateField((template) => template.name),
  templatedisplaytext: templateField((template) => template.displayText),
  ...rates,
  path: rootOnly(
    stringField((volume) => volume.path ?? (volume.poolId === null ? null : volume.id)),
  ),
  storage: rootOnly(stringField((volume, view) => poolOf(volume, view)?.name ?? 'none')),
  storageid: rootOnly(stringField((volume) => volume.poolId)),
  storagetype: rootOnly(
    stringField((volume, { world }) => storageNeedsOf(world, volume).storageType),
  ),
  hypervisor: rootOnly(stringField(hypervisorShown)),
  clusterid: rootOnly(stringField((volume, view) => poolOf(volume, view)?.clusterId)),
  clustername: rootOnly(stringField((volume, view) => clusterOf(volume, view)?.name)),
  podid: rootOnly(stringField((volume, view) => clusterOf(volume, view)?.podId)),
  podname: rootOnly(
    stringField((volume, view) => {
      const podId = clusterOf(volume, view)?.podId;
      return podId === undefined ? null : view.world.pods.require(podId).name;
    }),
  ),
  quiescevm: booleanField(() => false),
  supportsstoragesnapshot: booleanField(() => false),
  deleteprotection: booleanField((volume) => volume.deleteProtection),
  hasannotations: booleanField(() => false),
  jobid: stringField((volume, view) => pendingJobId(volume, view)),
  jobstatus: integerField((volume, view) => (pendingJobId(volume, view) === undefined ? null : 0)),
  tags: listField(tagResponse, (volume, { world }) => tagsOf(world, volume.id)),
});

/** The result of createVolume, which alone tells the snapshot (CreateVolumeCmd.execute). */
export const createdVolumeResponse = responseObject<VolumeRow>('volume', {
  ...volumeResponse.fields,
  snapshotid: stringField((volume) => volume.snapshotId),
});

/** Since the volume was attached to a VM, or its VM was started. */
function zeroOnceInUse(volume: VolumeRow, view: View): number | null {
  const vm = vmOf(volume, view);
  if (vm === undefined) return null;
  const hasRun = vm.hostId !== null || vm.lastHostId !== null;
  return hasRun || volume.attachedMs !== null ? 0 : null;
}

function qualityOf({ diskOfferingId, serviceOfferingId }: VolumeRow, { world }: View): DiskQuality {
  return diskOfferingId === null
    ? world.serviceOfferings.require(serviceOfferingId ?? '').disk
    : world.diskOfferings.require(diskOfferingId).disk;
}

/** How an upload by URL goes, in the place of the state (VolumeJoinDaoImpl.newVolumeResponse). */
function uploadShown(
  volume: VolumeRow,
  view: View,
): { readonly state: string; readonly status: string | null } | undefined {
  const image = uploadingImage(volume, view);
  if (image === undefined) return undefined;
  if (image.downloadState === 'NOT_DOWNLOADED') {
    return { state: 'UploadNotStarted', status: image.errorText };
  }
  const status = image.percent === 100 ? 'Checking Volume' : `${image.percent}% Uploaded`;
  return { state: 'Uploading', status };
}

function uploadingImage(volume: VolumeRow, { world }: View): VolumeImageRow | undefined {
  return volume.state === 'UploadOp' ? imageOfVolume(world, volume.id) : undefined;
}

/** That of its pool, of its format, or of the VM that it was made for. */
function hypervisorShown(volume: VolumeRow, view: View): string {
  const known = hypervisorOf(view.world, volume) ?? poolOf(volume, view)?.hypervisor;
  return known ?? vmOf(volume, view)?.hypervisor ?? 'None';
}

/** The VM of an attached volume; a destroyed volume shows none. */
function vmOf(volume: VolumeRow, { world }: View): VmRow | undefined {
  if (volume.vmId === null || volume.state === 'Destroy') return undefined;
  return world.vms.get(volume.vmId);
}

function poolOf(volume: VolumeRow, { world }: View): StoragePoolRow | undefined {
  return volume.poolId === null ? undefined : world.storagePools.require(volume.poolId);
}

function clusterOf(
  volume: VolumeRow,
  view: View,
): { readonly name: string; readonly podId: string } | undefined {
  const clusterId = poolOf(volume, view)?.clusterId ?? null;
  return clusterId === null ? undefined : view.world.clusters.require(clusterId);
}

function diskOfferingField(
  value: (offering: { readonly name: string; readonly displayText: string }) => string,
): Field<VolumeRow> {
  return stringField(({ diskOfferingId }, { world }) =>
    diskOfferingId === null ? null : value(world.diskOfferings.require(diskOfferingId)),
  );
}

function serviceOfferingField(
  value: (offering: {
    readonly internalId: number;
    readonly name: string;
    readonly displayText: string;
  }) => string,
): Field<VolumeRow> {
  return stringField(({ serviceOfferingId }, { world }) =>
    serviceOfferingId === null ? null : value(world.serviceOfferings.require(serviceOfferingId)),
  );
}

function templateField(
  value: (template: { readonly name: string; readonly displayText: string }) => string,
): Field<VolumeRow> {
  return stringField(({ templateId }, { world }) =>
    templateId === null ? null : value(world.templates.require(templateId)),
  );
}

function isoField(
  value: (iso: { readonly name: string; readonly displayText: string }) => string,
): Field<VolumeRow> {
  return stringField(({ isoId }, { world }) =>
    isoId === null ? null : value(world.templates.require(isoId)),
  );
}

function pendingJobId(volume: VolumeRow, { world }: View): string | undefined {
  return world.jobs.where('instanceId', volume.id).find((job) => job.state === 'pending')?.id;
}
