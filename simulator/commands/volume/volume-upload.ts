import type { CommandContext } from '../../declare/context.js';
import { isRootAdmin } from '../../declare/caller.js';
import { ownerParameters } from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import {
  cloudRuntime,
  illegalArgument,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import type {
  AccountRow,
  DiskOfferingRow,
  ImageFormat,
  VolumeRow,
  ZoneRow,
} from '../../world/entities.js';
import {
  assertMayUseDiskOffering,
  mayUseDiskOffering,
} from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import { PLAIN_VOLUME } from '../../world/storage/volume-allocation.js';
import { hypervisorOfFormat } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertImageUrl } from '../template/image-url.js';
import { imageFormats } from '../template/template-names.js';

// What uploadVolume and getUploadParamsForVolume have in common (VolumeApiServiceImpl.uploadVolume).

/** The parameters of both. */
export const volumeUploadParameters = {
  name: text({ required: true }),
  format: text({ required: true }),
  zoneid: entity('zone', { required: true }),
  diskofferingid: entity('diskoffering'),
  checksum: text(),
  ...ownerParameters,
} as const;

/** A volume that somebody wants to bring, before it is looked at. */
interface AskedVolume {
  readonly format: string;
  readonly zoneid: ZoneRow;
  readonly diskofferingid?: DiskOfferingRow | undefined;
  /** Where it is to be fetched; none if the caller will post it. */
  readonly url?: string;
}

/**
 * The disk offering that a volume from outside gets, once all is well with what is asked
 * (VolumeApiServiceImpl.validateVolume): the one asked for, or any custom one.
 */
export function assertMayUpload(
  context: CommandContext,
  owner: AccountRow,
  asked: AskedVolume,
): { readonly format: ImageFormat; readonly diskOffering: DiskOfferingRow } {
  const { world, imageBytes } = context;
  const { zoneid: zone, diskofferingid: offering, url } = asked;
  const name = assertMayBegin(context, owner, asked);
  assertWithinLimits(world, owner, { secondary_storage: url === undefined ? 1 : imageBytes });
  const usable = usableFormat(world, zone, name);
  if (offering !== undefined) assertOfferingSuits(world, owner, zone, offering);
  const diskOffering = offering ?? anyCustomOffering(world, owner, zone);
  return { format: usable, diskOffering };
}

/** All that is looked at before the image's server is asked; answers the format. */
export function assertMayBegin(
  { world, caller }: CommandContext,
  owner: AccountRow,
  { format, zoneid: zone, url }: AskedVolume,
): string {
  const name = knownFormat(format);
  assertWithinLimits(world, owner, { volume: 1 });
  if (zone.removedMs !== null) {
    throw invalidParameter(`Unable to find zone by id ${zone.internalId}`);
  }
  if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
    throw permissionDenied(
      `Cannot perform this operation, Zone is currently disabled: ${zone.internalId}`,
    );
  }
  if (url !== undefined) assertUrl(world, name, url);
  return name;
}

/** Enters a volume of which nothing is there yet but what its server has said of its size. */
export function enterUpload(
  world: World,
  owner: AccountRow,
  volume: Pick<VolumeRow, 'name' | 'zoneId' | 'format'> & {
    readonly state: 'Allocated' | 'NotUploaded';
    readonly diskOffering: DiskOfferingRow;
    readonly sizeBytes?: number;
  },
): VolumeRow {
  const { name, zoneId, format, state, diskOffering, sizeBytes = 0 } = volume;
  return world.volumes.insert({
    ...PLAIN_VOLUME,
    name,
    type: 'DATADISK',
    state,
    accountId: owner.id,
    zoneId,
    format,
    sizeBytes,
    diskOfferingId: diskOffering.id,
    serviceOfferingId: null,
    ...EMPTY_DISK,
    templateId: null,
    snapshotId: null,
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
  });
}

/** Java's own exception for a name that an enum has not; it is no wrong parameter in a job. */
function knownFormat(value: string): string {
  const name = value.toUpperCase();
  if (imageFormats.includes(name)) return name;
  throw illegalArgument(
    `Image format: ${value} is incorrect. Supported formats are ${imageFormats.join(', ')}`,
  );
}

function assertUrl(world: World, format: string, url: string): void {
  if (url.toLowerCase().includes('file://')) {
    throw invalidParameter('File:// type urls are currently unsupported');
  }
  assertImageUrl(world, format, url);
}

/** A volume must be of a format that a hypervisor in the zone runs. */
function usableFormat(world: World, zone: ZoneRow, name: string): ImageFormat {
  const inZone = world.clusters.all().filter(({ zoneId }) => zoneId === zone.id);
  const wanted = hypervisorNames[name] ?? 'None';
  const isThere = (hypervisor: string): boolean =>
    inZone.some((cluster) => cluster.hypervisor === hypervisor);
  const format = runnable.find((known) => known === name);
  if (format !== undefined && isThere(wanted)) return format;
  // Without XenServer, CloudStack takes a zone for one of Hyper-V, which has the format as well.
  const missing = name === 'VHD' ? 'Hyperv' : wanted;
  throw invalidParameter(
    `The ${missing} hypervisor supported for ${name} file format, is not found on the zone`,
  );
}

const runnable: readonly ImageFormat[] = ['QCOW2', 'VHD', 'OVA'];

/** What CloudStack takes formats for; RAW is OVM's, except where pools say otherwise. */
const hypervisorNames: Readonly<Record<string, string>> = {
  ...hypervisorOfFormat,
  RAW: 'Ovm',
  VHDX: 'Hyperv',
};

function assertOfferingSuits(
  world: World,
  owner: AccountRow,
  zone: ZoneRow,
  offering: DiskOfferingRow,
): void {
  if (offering.removedMs !== null) throw invalidParameter('Please specify a valid disk offering.');
  if (offering.sizeGib > 0) throw invalidParameter('Please specify a custom sized disk offering.');
  assertMayUseDiskOffering(world, owner, offering, zone);
}

function anyCustomOffering(world: World, owner: AccountRow, zone: ZoneRow): DiskOfferingRow {
  const offering = world.diskOfferings
    .all()
    .find((row) => row.active && row.sizeGib === 0 && mayUseDiskOffering(world, owner, row, zone));
  if (offering !== undefined) return offering;
  throw cloudRuntime(`Unable to find custom disk offering in zone: ${zone.id} for volume upload`);
}
