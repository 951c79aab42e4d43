import type { DownloadEnd, TemplateZoneRow } from '../world/entities.js';
import { isAwaited, noteDownload } from '../world/storage/template-downloads.js';
import type { World } from '../world/world.js';
import { checksumProblem } from '../world/storage/template-checksum.js';
import { installedImage, virtualSizeOf, type ImageFile } from './image-file.js';

/** What came of a download so far, as plain data. */
export type DownloadInput =
  | {
      readonly kind: 'progress';
      readonly templateZoneId: string;
      readonly receivedBytes: number;
      readonly expectedBytes: number | null;
    }
  | {
      readonly kind: 'ended';
      readonly templateZoneId: string;
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
  const inZone = world.templateZones.get(input.templateZoneId);
  if (inZone === undefined || !isAwaited(inZone)) return;
  if (input.kind === 'progress') {
    const { receivedBytes, expectedBytes } = input;
    noteDownload(world, inZone, { receivedBytes, expectedBytes });
    return;
  }
  noteDownload(world, inZone, { end: endOf(world, inZone, input.outcome) });
}

function endOf(world: World, inZone: TemplateZoneRow, outcome: DownloadOutcome): DownloadEnd {
  const { nowMs } = world.kernel;
  if (outcome.kind === 'failed') {
    return { kind: 'error', atMs: nowMs, errorText: outcome.errorText };
  }
  const beganMs = inZone.download?.beganMs ?? nowMs;
  const receivedMs = Math.max(nowMs, beganMs + world.settings.get('duration.template.download'));
  const atMs = receivedMs + world.settings.get('duration.template.install');
  const problem = installationProblem(world, inZone, outcome);
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
  { templateId, checksum }: TemplateZoneRow,
  file: DownloadedFile,
): string | undefined {
  const wrongChecksum = checksumProblem(checksum, file.digest);
  if (wrongChecksum !== undefined) return wrongChecksum;
  if (file.content.kind === 'gzip' && file.unpacked === null) {
    return `failed to uncompress ${file.fileName}`;
  }
  const image = installedImage(file);
  const isPacked = image.kind === 'bzip2' || image.kind === 'zip';
  const { format } = world.templates.require(templateId);
  if (format === 'QCOW2' && !isPacked && (image.kind !== 'qcow2' || image.isBroken)) {
    return 'The downloaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.';
  }
  return undefined;
}
