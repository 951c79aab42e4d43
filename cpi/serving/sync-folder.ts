import * as nodeFiles from 'node:fs/promises';

/**
 * What durable files need of `node:fs/promises`: a parameter, so that tests can put files in its
 * place whose power is cut.
 */
export interface FileSystem {
  open(path: string, flags: 'a' | 'r' | 'r+' | 'w', mode?: number): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  stat(path: string): Promise<{ isDirectory(): boolean }>;
}

/** What they need of its FileHandle. */
export interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the names in a folder durable: what is new, renamed or removed stays so in a power cut. */
export async function syncFolder(path: string, fileSystem: FileSystem = nodeFiles): Promise<void> {
  const folder = await fileSystem.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
