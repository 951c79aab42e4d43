import type { TemplateRow, VolumeRow } from '../entities.js';

/**
 * What is on a disk, as far as anybody can ask: whose content it was in the beginning, and the files
 * that were written since. Volumes and snapshots have it.
 */
export interface DiskContent {
  /** What it was copied from: a template or another volume; null for a disk that began empty. */
  readonly origin: string | null;
  /** By name. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a disk without a template or snapshot holds. */
export const EMPTY_DISK: DiskContent = { origin: null, files: {} };

/** What stays the same as long as the content is that of the same disk, wherever it is. */
export function identityOf({ id, origin }: VolumeRow): string {
  return origin ?? `volume ${id}`;
}

/** What a disk holds that is copied from another one. */
export function copyOf(volume: VolumeRow): DiskContent {
  return { origin: identityOf(volume), files: volume.files };
}

/** What a snapshot holds, for a volume that is made from it or goes back to it. */
export function contentOf({ origin, files }: DiskContent): DiskContent {
  // A list of its own, so that a volume that gets it changes, whatever it held before.
  return { origin, files: { ...files } };
}

/** The content of a disk that is made from a template. */
export function contentOfTemplate({ id, origin, files }: TemplateRow): DiskContent {
  return { origin: origin ?? `template ${id}`, files };
}
