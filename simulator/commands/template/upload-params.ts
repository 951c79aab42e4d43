import type { CommandContext } from '../../declare/context.js';
import { objectOf } from '../../declare/command.js';
import { responseObject, stringField } from '../../declare/response.js';
import { CloudException, cloudRuntime, serverApiError } from '../../world/cloud-exception.js';
import type { ZoneRow } from '../../world/entities.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import {
  expectTimeout,
  uploadSignature,
  uploadTimeoutMs,
  uploadUrl,
} from '../../world/storage/image-uploads.js';
import { takesMore } from '../../world/storage/image-store-space.js';
import {
  NO_IMAGE,
  imageOwner,
  imageStoreOf,
  type StoredImageRow,
} from '../../world/storage/stored-images.js';
import type { RegisteredColumns } from './template-registration.js';

// What getUploadParamsForTemplate, getUploadParamsForIso and getUploadParamsForVolume have in common.

/** Where and how somebody may post an image, once. */
export interface UploadParams {
  readonly id: string;
  readonly postUrl: string;
  readonly metadata: string;
  readonly expires: string;
  readonly signature: string;
}

/** GetUploadParamsResponse. */
export const uploadParamsResponse = objectOf(
  responseObject<UploadParams>('getuploadparams', {
    id: stringField((params) => params.id),
    postURL: stringField((params) => params.postUrl),
    metadata: stringField((params) => params.metadata),
    expires: stringField((params) => params.expires),
    signature: stringField((params) => params.signature),
  }),
);

/**
 * Has the secondary storage VM wait for the bytes of an image that was just entered, as long as
 * `upload.operation.timeout` says.
 */
export function awaitUpload(
  { world, origin }: CommandContext,
  image: StoredImageRow,
): UploadParams {
  expectTimeout(world, image);
  const zone = world.zones.require(image.zoneId);
  const { id, internalId } = imageOwner(world, image).row;
  const configured = world.settings.get('ssvm.uploadUrl');
  const url = uploadUrl(configured === '' ? origin : configured, id);
  const expires = new Date(world.kernel.nowMs + uploadTimeoutMs(world)).toISOString();
  // CloudStack encrypts this; uploaders pass it on unread.
  const metadata = Buffer.from(
    JSON.stringify({ entityUUID: id, entityId: internalId, zoneId: zone.id }),
  ).toString('base64');
  const signature = uploadSignature(zone, { metadata, url, expires });
  return { id, postUrl: url, metadata, expires, signature };
}

/**
 * Enters a template, or an ISO, whose image is to be posted
 * (HypervisorTemplateAdapter.createTemplateForPostUpload).
 */
export function registerForUpload(
  context: CommandContext,
  columns: RegisteredColumns,
  zone: ZoneRow,
  checksum: string | undefined,
): UploadParams {
  const { world } = context;
  if (zone.allocationState === 'Disabled' || !takesMore(world, zone)) {
    throw cloudRuntime('unable to find zone or an image store with enough capacity');
  }
  if (!zone.secondaryStorageVmUp) {
    throw cloudRuntime(
      `There is no secondary storage VM for downloading template to image store ${imageStoreOf(zone)}`,
    );
  }
  const template = world.templates.insert({
    ...columns,
    state: 'NotUploaded',
    url: null,
    sourceTemplateId: null,
    ...EMPTY_DISK,
  });
  const image = world.templateZones.insert({
    templateId: template.id,
    zoneId: zone.id,
    state: 'Allocated',
    ...NO_IMAGE,
    checksum: checksum ?? null,
  });
  return awaitUpload(context, image);
}

/** The commands themselves tell of a limit, with another code than is usual, and words before it. */
export function toldAsInternal<Out>(beginning: string, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    const isLimit =
      error instanceof CloudException && error.exception === 'ResourceAllocationException';
    if (!isLimit) throw error;
    throw serverApiError(530, `${beginning}: ${error.message}`);
  }
}
