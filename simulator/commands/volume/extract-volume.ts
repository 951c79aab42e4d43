import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import type { ImageExtractRow, ImageFormat, VolumeRow, ZoneRow } from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { createExtract, extractOf, extractUrl } from '../../world/storage/image-extracts.js';
import { takesMore } from '../../world/storage/image-store-space.js';
import { servedImage } from '../../world/storage/served-image.js';
import { NO_IMAGE } from '../../world/storage/stored-images.js';
import { imageOfVolume } from '../../world/storage/volume-images.js';
import { formatOf } from '../../world/storage/volumes.js';
import { extractResponse, type Extraction } from '../template/extract-response.js';

/**
 * Copies a volume to secondary storage and gives it a URL for a while. A second call gets the same URL
 * as long as the volume stays as it is, and afterwards another one of the same copy
 * (VolumeApiServiceImpl.extractVolume).
 */
export const extractVolume = asyncCommand({
  name: 'extractVolume',
  summary: 'Gives a URL from which the image of a volume can be fetched.',
  roles: everyRole,
  parameters: {
    id: entity('volume', { required: true, access: 'operate' }),
    zoneid: entity('zone', { required: true }),
    mode: text({ required: true }),
  },
  response: objectOf(extractResponse('volume')),
  ignores: ['url'],
  subject: ({ id }) => ({ type: 'Volume', id: id.id }),
  queue: (_, { id }) => (id.vmId === null ? null : vmQueue(id.vmId)),
  admit: (context, { id: volume, zoneid: zone, mode }) => {
    assertMayExtract(context, volume, zone, mode);
  },
  steps: [
    (context, { id: volume, zoneid: zone, mode }) => {
      const { world } = context;
      assertMayExtract(context, volume, zone, mode);
      const image = imageOfVolume(world, volume.id);
      const known = image && extractOf(world, image, fingerprint(volume));
      if (known !== undefined) return done(extraction(context, volume, mode, known));
      if (volume.state !== 'Ready') {
        throw invalidParameter('Volume to be extracted has been removed or not in right state!');
      }
      if (!takesMore(world, zone)) {
        throw invalidParameter(
          `Secondary storage to satisfy storage needs cannot be found for zone: ${zone.internalId}`,
        );
      }
      if (image !== undefined) {
        const format = formatOf(world, volume);
        const extract = createExtract(world, image, { format, madeOf: fingerprint(volume) });
        return done(extraction(context, volume, mode, extract));
      }
      world.volumes.move(volume, 'MigrationRequested');
      return wait('duration.volume.copy');
    },
    (context, { id: volume, mode }) => {
      const { world } = context;
      world.volumes.move(volume, 'OperationSucceeded');
      const format = formatOf(world, volume);
      const image = copyOf(context, volume, format);
      const extract = createExtract(world, image, { format, madeOf: fingerprint(volume) });
      return done(extraction(context, volume, mode, extract));
    },
  ],
});

function assertMayExtract(
  context: CommandContext,
  volume: VolumeRow,
  zone: ZoneRow,
  mode: string,
): void {
  const { world, caller } = context;
  if (world.settings.get('disable.extraction') && !isRootAdmin(caller)) {
    throw permissionDenied('Extraction has been disabled by admin');
  }
  if (volume.removedMs !== null) {
    throw invalidParameter('Unable to find volume with specified volumeId');
  }
  assertMayOperate(context, 'volume', volume);
  if (zone.removedMs !== null) throw invalidParameter('Please specify a valid zone.');
  if (volume.poolId === null) {
    throw invalidParameter("The volume doesn't belong to a storage pool so can't extract it");
  }
  if (volume.vmId !== null && world.vms.require(volume.vmId).state !== 'Stopped') {
    throw permissionDenied(
      'Invalid state of the volume with specified ID. It should be either detached or the VM should be in stopped state.',
    );
  }
  if (isEncrypted(world, volume)) {
    throw invalidParameter('Extraction of encrypted volumes is unsupported');
  }
  if (!isExtractable(context, volume)) {
    throw permissionDenied('The volume with specified volumeId is not allowed to be extracted');
  }
  if (mode !== 'HTTP_DOWNLOAD' && mode !== 'FTP_UPLOAD') {
    throw invalidParameter('Please specify a valid extract Mode ');
  }
}

/** Data disks always, root disks as their template says. */
function isExtractable({ world, caller }: CommandContext, volume: VolumeRow): boolean {
  if (volume.type === 'DATADISK' || volume.templateId === null || isRootAdmin(caller)) return true;
  return world.templates.require(volume.templateId).isExtractable;
}

function copyOf(
  { world }: CommandContext,
  volume: VolumeRow,
  format: ImageFormat,
): ReturnType<typeof world.volumeImages.insert> {
  return world.volumeImages.insert({
    ...NO_IMAGE,
    volumeId: volume.id,
    zoneId: volume.zoneId,
    url: null,
    checksum: null,
    downloadState: 'DOWNLOADED',
    percent: 100,
    sizeBytes: volume.sizeBytes,
    physicalSizeBytes: servedImage(format, volume.sizeBytes).bytes,
  });
}

/** What CloudStack goes by, the time of the last change, in other words. */
function fingerprint({ vmId, attachedMs, sizeBytes, poolId }: VolumeRow): string {
  return JSON.stringify([vmId, attachedMs, sizeBytes, poolId]);
}

function extraction(
  { world, origin }: CommandContext,
  { id, name, accountId, zoneId }: VolumeRow,
  mode: string,
  extract: ImageExtractRow,
): Extraction {
  const configured = world.settings.get('ssvm.uploadUrl');
  const url = extractUrl(configured === '' ? origin : configured, extract);
  return { id, name, accountId, zoneId, mode, url };
}
