import type { UploadRecord } from '../world/entities.js';
import {
  expectLook,
  isAwaitedUpload,
  uploadSignature,
  uploadUrl,
} from '../world/storage/image-uploads.js';
import {
  changeImage,
  declaredFormat,
  imageOwner,
  largestSetting,
  storedImages,
  type ImageOwner,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import { imageOfVolume } from '../world/storage/volume-images.js';
import type { World } from '../world/world.js';
import { describeFile, installedImage, virtualSizeOf, type ImageFile } from './image-file.js';
import { exceedsLimit } from './account-storage.js';
import { declaredPacking, nameFits } from './inspect-image.js';
import { algorithmByLength, scriptRefusal } from './install-script.js';

/** What the door saw of an upload, as plain data: its headers, how much has come, what became of it. */
export type UploadInput = UploadBegun | UploadProgress | UploadEnded;

export interface UploadBegun {
  readonly kind: 'begun';
  readonly uploadId: string;
  readonly method: string;
  readonly signature: string | null;
  readonly metadata: string | null;
  readonly expires: string | null;
  /** The host that the client asked for; the signature covers it. */
  readonly host: string;
  readonly contentLength: number | null;
}

export interface UploadProgress {
  readonly kind: 'progress';
  readonly uploadId: string;
  readonly receivedBytes: number;
}

export interface UploadEnded {
  readonly kind: 'ended';
  readonly uploadId: string;
  readonly outcome: UploadOutcome;
}

export type UploadOutcome =
  | ReceivedFile
  /** The body came, without a file in it. */
  | { readonly kind: 'no-file' }
  /** The body is no form. */
  | { readonly kind: 'malformed'; readonly text: string }
  /** The connection broke before the body was complete. */
  | { readonly kind: 'aborted' };

export interface ReceivedFile extends ImageFile {
  readonly kind: 'file';
  /** Of the bytes as they came, by the algorithm that was asked for, in hexadecimal digits. */
  readonly digest: string;
}

/** The plain text with which the secondary storage VM answers; 100 means: send the body. */
export interface UploadReply {
  readonly status: number;
  readonly text: string;
  /** The digest to compute of the body, by its name in Node's crypto. */
  readonly algorithm?: string;
}

/**
 * The secondary storage VM at work (HttpUploadServerHandler, NfsSecondaryStorageResource). A URL
 * works once: whatever was begun, or refused for its headers, uses it up. What becomes of the
 * template or volume itself the upload monitor decides when it next looks.
 */
export function receiveUpload(world: World, input: UploadInput): UploadReply {
  switch (input.kind) {
    case 'begun':
      return beginUpload(world, input);
    case 'progress':
      return noteProgress(world, input);
    case 'ended':
      return endUpload(world, input);
  }
}

/** Ends the uploads that are under way: the connections that brought them are gone. */
export function breakUploads(world: World): void {
  for (const image of storedImages(world)) {
    if (image.upload?.status !== 'IN_PROGRESS') continue;
    const { id } = imageOwner(world, image).row;
    endUpload(world, { kind: 'ended', uploadId: id, outcome: { kind: 'aborted' } });
  }
}

/** Whether a secondary storage VM runs where the image of an upload is to go, or anywhere for none. */
export function isReachable(world: World, uploadId: string): boolean {
  const zoneId = findTarget(world, uploadId)?.image.zoneId;
  const zones = world.zones.all();
  return zones.some((zone) => zone.secondaryStorageVmUp && (zoneId ?? zone.id) === zone.id);
}

function beginUpload(world: World, request: UploadBegun): UploadReply {
  if (request.method !== 'POST') return refusal('only post requests are allowed');
  const target = findTarget(world, request.uploadId);
  const { signature, metadata, expires, contentLength } = request;
  if (isEmpty(signature) || isEmpty(metadata) || isEmpty(expires)) {
    return spoil(world, target, 'signature, metadata and expires are compulsory fields.');
  }
  if (contentLength === null || contentLength <= 0) {
    return refusal('content length is not set in the request or has invalid value.');
  }
  if (target === undefined || signature !== expectedSignature(world, target, request)) {
    return spoil(world, target, 'signature validation failed.');
  }
  if (Date.parse(expires) < world.kernel.nowMs) {
    return spoil(world, target, 'request not valid anymore.');
  }
  const used = alreadyUsed(target);
  if (used !== undefined) return refusal(used);
  const sizeGib = inGib(contentLength);
  const maxGib = world.settings.get(largestSetting(target.image));
  if (sizeGib > maxGib) {
    return spoil(
      world,
      target,
      `Maximum file upload size exceeded. Content Length received: ${sizeGib}GB. Maximum allowed size: ${maxGib}GB.`,
    );
  }
  if (exceedsLimit(world, target, sizeGib)) {
    return spoil(
      world,
      target,
      'Maximum number of resources of type secondary_storage for account/project has exceeded',
    );
  }
  record(world, target, {
    status: 'IN_PROGRESS',
    receivedBytes: 0,
    expectedBytes: contentLength,
  });
  return { status: 100, text: '', algorithm: digestToCompute(target) };
}

function noteProgress(world: World, { uploadId, receivedBytes }: UploadProgress): UploadReply {
  const target = findTarget(world, uploadId);
  const upload = target?.image.upload;
  if (target !== undefined && upload?.status === 'IN_PROGRESS') {
    record(world, target, { ...upload, receivedBytes });
  }
  return { status: 100, text: '' };
}

function endUpload(world: World, { uploadId, outcome }: UploadEnded): UploadReply {
  const target = findTarget(world, uploadId);
  switch (outcome.kind) {
    case 'aborted':
      spoil(world, target, 'file receive failed or connection closed prematurely.');
      return { status: 400, text: 'file receive failed or connection closed prematurely.' };
    case 'malformed':
      // The secondary storage VM keeps such an upload as one in progress, until it times out.
      return { status: 500, text: outcome.text };
    case 'no-file':
      spoil(world, target, 'file receive failed or connection closed prematurely.');
      return { status: 422, text: 'received entity is not a file' };
    case 'file':
      // Another secondary storage VM knows nothing of what came to the one before it, nor does a world
      // that was loaded meanwhile.
      return target?.image.upload?.status === 'IN_PROGRESS'
        ? processFile(world, target, outcome)
        : { status: 500, text: 'Internal Server Error' };
  }
}

function processFile(world: World, target: UploadTarget, file: ReceivedFile): UploadReply {
  const description = describeFile(file);
  if (!nameFits(file.fileName, description)) {
    return spoil(
      world,
      target,
      `File type mismatch between the sent file and the actual content. Received: ${description}`,
    );
  }
  const problem = problemAfterwards(target, file, description);
  if (problem !== undefined) {
    spoil(world, target, problem);
    return { status: 500, text: problem };
  }
  record(world, target, {
    status: 'COMPLETED',
    fileName: file.fileName,
    virtualSizeBytes: virtualSizeOf(file),
    physicalSizeBytes: file.bytes,
    digest: file.digest,
  });
  return { status: 200, text: 'upload successful.' };
}

/** What the post-processing of a complete file fails for (NfsSecondaryStorageResource.postUpload). */
function problemAfterwards(
  { owner, image }: UploadTarget,
  file: ReceivedFile,
  description: string,
): string | undefined {
  const packing = declaredPacking(file.fileName);
  const format = declaredFormat(owner);
  const selected = packing === undefined ? format : `${format}.${packing}`;
  if (!nameFits(selected, description)) {
    return `File type mismatch between uploaded file and selected format. Selected file format: ${selected}. Received: ${description}`;
  }
  const refusal = scriptRefusal(owner, image.checksum, file.digest);
  if (refusal !== undefined) return refusal;
  if (file.content.kind === 'gzip' && file.unpacked === null) {
    return `failed to uncompress ${file.fileName}`;
  }
  if (installedImage(file).isBroken) {
    return 'The uploaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.';
  }
  return undefined;
}

function digestToCompute({ owner, image }: UploadTarget): string {
  const checksum = owner.kind === 'volume' ? image.checksum : null;
  return (checksum === null ? undefined : algorithmByLength(checksum)) ?? 'sha512';
}

interface UploadTarget {
  readonly owner: ImageOwner;
  readonly image: StoredImageRow;
}

function findTarget(world: World, uploadId: string): UploadTarget | undefined {
  const image =
    world.templateZones.where('templateId', uploadId)[0] ?? imageOfVolume(world, uploadId);
  return image === undefined ? undefined : { owner: imageOwner(world, image), image };
}

function expectedSignature(world: World, { image }: UploadTarget, request: UploadBegun): string {
  const configured = world.settings.get('ssvm.uploadUrl');
  const protocol = configured.startsWith('https:') ? 'https' : 'http';
  return uploadSignature(world.zones.require(image.zoneId), {
    metadata: request.metadata ?? '',
    url: uploadUrl(`${protocol}://${request.host}`, request.uploadId),
    expires: request.expires ?? '',
  });
}

function alreadyUsed({ owner, image }: UploadTarget): string | undefined {
  if (!isAwaitedUpload(owner)) return 'The one time post url is already used';
  if (image.upload === null) return undefined;
  return `The one time post url is already used and the upload is in ${image.upload.status} state.`;
}

/** Refuses with 400, and uses the URL up. */
function spoil(world: World, target: UploadTarget | undefined, errorText: string): UploadReply {
  if (target !== undefined) record(world, target, { status: 'ERROR', errorText });
  return refusal(errorText);
}

/** Keeps what the monitor will find; once it has seen the end, nothing changes it any more. */
function record(world: World, { owner, image }: UploadTarget, upload: UploadRecord): void {
  if (!isAwaitedUpload(owner)) return;
  changeImage(world, image, { upload });
  expectLook(world, image);
}

function refusal(text: string): UploadReply {
  return { status: 400, text };
}

function isEmpty(value: string | null): value is null | '' {
  return value === null || value === '';
}

function inGib(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 3);
}
