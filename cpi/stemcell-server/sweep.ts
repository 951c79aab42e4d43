import type { ImageFolder } from './image-folder.js';
import type { ResourcePath } from './resource-path.js';
import type { RunningDownloads } from './running-downloads.js';

export interface SweepOptions {
  readonly folder: ImageFolder;
  readonly downloads: RunningDownloads;
  readonly nowMs: number;
  /** How old an image of the CPI has to be; undefined keeps them all. */
  readonly imagesOlderThanMs: number | undefined;
}

export interface Swept {
  /** Images, by their paths. */
  readonly images: readonly string[];
  /** How many parts of uploads. */
  readonly uploads: number;
}

/**
 * Removes what nobody will come for: what killed processes have left of uploads, and images of the
 * CPI, which removes each as soon as CloudStack has its copy, unless it is killed before. What
 * operators have put here, by names of their own, stays.
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { folder, downloads, nowMs, imagesOlderThanMs } = options;
  const images: string[] = [];
  for await (const path of imagesIn(folder, [])) {
    if (imagesOlderThanMs === undefined || !isOfCpi(path) || downloads.has(path)) continue;
    const found = await folder.find(path);
    if (found === undefined || nowMs - found.modifiedMs < imagesOlderThanMs) continue;
    await folder.remove(path);
    images.push(path.join('/'));
  }
  return { images, uploads: await folder.sweepStaging() };
}

/** As the CPI names what it publishes. */
function isOfCpi(path: ResourcePath): boolean {
  return /^stemcell-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\./.test(path.at(-1) ?? '');
}

async function* imagesIn(folder: ImageFolder, path: ResourcePath): AsyncGenerator<ResourcePath> {
  for (const name of await folder.list(path)) {
    const child = [...path, name];
    const found = await folder.find(child);
    if (found?.kind === 'image') yield child;
    else if (found !== undefined) yield* imagesIn(folder, child);
  }
}
