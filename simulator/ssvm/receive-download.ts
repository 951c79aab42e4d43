import type { DownloadEnd } from '../world/entities.js';
import { isAwaited, noteDownload } from '../world/storage/image-downloads.js';
import {
  declaredFormat,
  imageOwner,
  storedImage,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import type { World } from '../world/world.js';
import { checksumProblem } from '../world/storage/template-checksum.js';
import { installedImage, virtualSizeOf, type ImageFile } from './image-file.js';

/** What came of a download so far, as plain data. */
export type DownloadInput =
  | {
      readonly kind: 'progress';
      readonly imageId: string;
      readonly receivedBytes: number;
      readonly expectedBytes: number | null;
    }
  | {
      readonly kind: 'ended';
      readonly imageId: string;
      readonly outcome: DownloadOutcome;
    };

export type DownloadOutcome =
  | DownloadedFile
  /** With the text that the secondary storage VM has for it. */
  | { readonly kind: 'failed'; readonly errorText: string };

export interface DownloadedFile extends ImageFile {
  readonly kind: 'file';
  /** Of the bytes as they came, by the algorithm that was asked for, in hexadecimal digits. */
  readonly digest: string;
}

/** Takes what came from outside to the secondary storage VM; a download that is over is not heeded. */
export function receiveDownload(world: World, input: DownloadInput): void {
  const image = storedImage(world, input.imageId);
  if (image === undefined || !isAwaited(image)) return;
  if (input.kind === 'progress') {
    const { receivedBytes, expectedBytes } = input;
    noteDownload(world, image, { receivedBytes, expectedBytes });
    return;
  }
  noteDownload(world, image, { end: endOf(world, image, input.outcome) });
}

function endOf(world: World, image: StoredImageRow, outcome: DownloadOutcome): DownloadEnd {
  const { nowMs } = world.kernel;
  if (outcome.kind === 'failed') {
    return { kind: 'error', atMs: nowMs, errorText: outcome.errorText };
  }
  const beganMs = image.download?.beganMs ?? nowMs;
  const receivedMs = Math.max(nowMs, beganMs + world.settings.get('duration.template.download'));
  const atMs = receivedMs + world.settings.get('duration.template.install');
  const problem = installationProblem(world, image, outcome);
  if (problem !== undefined) {
    return { kind: 'error', atMs, errorText: `Failed post download script: ${problem}` };
  }
  return {
    kind: 'installed',
    receivedMs,
    atMs,
    virtualSizeBytes: virtualSizeOf(outcome),
    physicalSizeBytes: outcome.unpacked?.sizeBytes ?? outcome.bytes,
    checksum: outcome.digest,
  };
}

/** What the installation of a complete file fails for (DownloadManagerImpl.postLocalDownload). */
function installationProblem(
  world: World,
  stored: StoredImageRow,
  file: DownloadedFile,
): string | undefined {
  const wrongChecksum = checksumProblem(stored.checksum, file.digest);
  if (wrongChecksum !== undefined) return wrongChecksum;
  if (file.content.kind === 'gzip' && file.unpacked === null) {
    return `failed to uncompress ${file.fileName}`;
  }
  const image = installedImage(file);
  const isPacked = image.kind === 'bzip2' || image.kind === 'zip';
  const format = declaredFormat(imageOwner(world, stored));
  if (format === 'QCOW2' && !isPacked && (image.kind !== 'qcow2' || image.isBroken)) {
    return 'The downloaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.';
  }
  return undefined;
}
