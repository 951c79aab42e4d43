import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder } from './sync-folder.js';

/**
 * Makes a folder, and those that lead to it, where there are none: it is still there after a power
 * cut.
 */
export async function makeFolder(path: string, mode: number, sync = syncFolder): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (first === undefined) return;
  const above = dirname(resolve(first));
  for (let made = resolve(path); made !== above; made = dirname(made)) await sync(dirname(made));
}
