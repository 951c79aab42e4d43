import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: what is new, renamed or removed stays so in a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
