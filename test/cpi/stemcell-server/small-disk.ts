// Files on a disk that has room for so many bytes, and gives it back when they go.
import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import type { FileChanges } from '../../../cpi/stemcell-server/file-changes.js';

export interface SmallDisk extends Pick<FileChanges, 'openNew' | 'remove'> {
  /** How many bytes there is still room for. */
  room: number;
}

/** @param writeMax how many bytes one write takes at most. */
export function smallDisk(room: number, writeMax = Infinity): SmallDisk {
  const disk: SmallDisk = {
    room,
    openNew: async (path) => {
      const file = await open(path, 'wx');
      const write = file.write.bind(file) as (bytes: Uint8Array) => ReturnType<FileHandle['write']>;
      return Object.assign(file, {
        write: async (bytes: Uint8Array) => {
          const taken = Math.min(bytes.length, disk.room, writeMax);
          if (taken === 0) throw noSpace();
          disk.room -= taken;
          return write(bytes.subarray(0, taken));
        },
      });
    },
    remove: async (path) => {
      const there = await stat(path).catch(() => undefined);
      await rm(path, { recursive: true, force: true });
      if (there?.isFile() === true && there.nlink === 1) disk.room += there.size;
    },
  };
  return disk;
}

export function noSpace(): Error {
  return systemError('ENOSPC', 'no space left on device, write');
}

/** As Node says what the system says. */
export function systemError(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code, errno: -1 });
}
