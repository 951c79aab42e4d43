// A disk in memory in the place of `node:fs/promises`, whose power can be cut. It keeps apart what
// programs see and what is durable, for the bytes of files (until they are synced) and for names in
// folders (until the folder is synced): a cut takes whatever is only seen, in whole or in part, each
// name by itself, and may leave noise. It can be full, and fail.
import { dirname } from 'node:path';
import type { FileSystem, OpenFile } from '../../../../cpi/serving/sync-folder.js';

/** A whole number from 0 to below a limit. */
export type Draw = (limit: number) => number;

interface FileNode {
  readonly kind: 'file';
  durable: Buffer;
  seen: Buffer;
  /** From here to there a sync failed: no other writes that, unless it is written again. */
  dropped: readonly [from: number, to: number];
}

interface FolderNode {
  readonly kind: 'folder';
  durable: Map<string, Node>;
  seen: Map<string, Node>;
  /** What became of its names since it was synced, in order. */
  unsynced: ((names: Map<string, Node>) => void)[];
}

type Node = FileNode | FolderNode;

export type Operation = 'open' | 'write' | 'truncate' | 'sync' | 'rename' | 'remove';

export interface PowerCutDisk extends FileSystem {
  /** How many operations have been begun, but for those that change nothing on a disk. */
  readonly operations: number;
  /** The operation of this number is done in whole, in part or not; from it on none ends. */
  cutAt(operation: number): void;
  readonly isCut: boolean;
  /** The disk as it is found when the power is back. */
  afterCut(): PowerCutDisk;
  /** The disk as the next process finds it when the process dies, and the power stays. */
  afterKill(): PowerCutDisk;
  /**
   * The next so many operations of this kind fail; of a sync, only those of a file or a folder.
   * What a sync of a file should have written can still be read, but stays away from the disk.
   */
  fail(operation: Operation | 'sync folder', times?: number): void;
  /** How many operations have failed for that. */
  readonly failed: number;
  /** How many bytes there is room for; Infinity at first. */
  capacityBytes: number;
  readonly openHandles: number;
}

/** @param draw decides what becomes of what is not durable */
export function powerCutDisk(draw: Draw = () => 0, root: FolderNode = newFolder()): PowerCutDisk {
  let [operations, failed, cutAt, openHandles] = [0, 0, Infinity, 0];
  const failures = new Map<string, number>();
  const failsNow = (operation: string): boolean => {
    const left = failures.get(operation) ?? 0;
    failures.set(operation, left - 1);
    return left > 0;
  };
  const turns = async (): Promise<void> => {
    // Others may come first.
    for (let turn = draw(3); turn > 0; turn -= 1) await Promise.resolve();
  };
  /** One operation; its work is told how much of it is done: all, where the power stays. */
  const begin = async <T>(
    operation: string,
    work: (parts: number) => T,
    onFailure?: () => void,
  ): Promise<T> => {
    await turns();
    operations += 1;
    if (operations > cutAt) await new Promise(() => undefined);
    const isLast = operations === cutAt;
    if (failsNow(operation)) {
      failed += 1;
      onFailure?.();
      throw errno('EIO');
    }
    const done = isLast ? undoneOrPart(draw, work) : work(1);
    if (isLast) await new Promise(() => undefined);
    return done as T;
  };
  /** One that changes nothing: to be cut at it is to be cut at the next that does. */
  const look = async <T>(work: () => T): Promise<T> => {
    await turns();
    if (operations >= cutAt) await new Promise(() => undefined);
    return work();
  };
  const disk: PowerCutDisk = {
    get operations() {
      return operations;
    },
    get failed() {
      return failed;
    },
    get isCut() {
      return operations >= cutAt;
    },
    get openHandles() {
      return openHandles;
    },
    cutAt: (operation) => (cutAt = operation),
    capacityBytes: Infinity,
    fail: (operation, times = 1) => failures.set(operation, times),
    afterCut: () => powerCutDisk(draw, folderAfterCut(root, draw)),
    afterKill: () => powerCutDisk(draw, root),
    readdir: (path) => look(() => [...folderAt(root, path).seen.keys()]),
    readFile: (path) => look(() => Buffer.from(fileAt(root, path).seen)),
    mkdir: (path) => begin('mkdir', () => makeFolderAt(root, path)),
    stat: (path) =>
      look(() => {
        const { kind } = nodeAt(root, path) ?? {};
        if (kind === undefined) throw errno('ENOENT');
        return { isDirectory: () => kind === 'folder' };
      }),
    rename: (from, to) =>
      begin('rename', () => {
        const node = fileAt(root, from);
        change(folderAt(root, dirname(from)), (names) => names.delete(nameIn(from)));
        change(folderAt(root, dirname(to)), (names) => names.set(nameIn(to), node));
      }),
    rm: (path) =>
      begin('remove', () => {
        const folder = folderAt(root, dirname(path));
        if (folder.seen.has(nameIn(path))) change(folder, (names) => names.delete(nameIn(path)));
      }),
    open: (path, flags) => {
      const open = (): OpenFile => {
        const node = nodeAt(root, path) ?? (flags === 'r' ? undefined : create(root, path));
        if (node === undefined) throw errno('ENOENT');
        if (flags === 'w' && node.kind === 'file') cutOff(node, 0, draw);
        openHandles += 1;
        return node.kind === 'file' ? openFile(node, flags === 'r+') : openFolder(node);
      };
      return flags.startsWith('r') ? look(open) : begin('open', open);
    },
  };
  const close = (): Promise<void> => look(() => void (openHandles -= 1));
  const openFolder = (node: FolderNode): OpenFile => {
    const sync = (): Promise<void> =>
      begin('sync folder', () => {
        node.durable = new Map(node.seen);
        node.unsynced = [];
      });
    const refuse = (): Promise<never> => Promise.reject(errno('EISDIR'));
    return { writeFile: refuse, truncate: refuse, sync, datasync: sync, close };
  };
  const openFile = (node: FileNode, isAtStart: boolean): OpenFile => {
    let at = isAtStart ? 0 : undefined;
    const sync = (): Promise<void> =>
      begin(
        'sync',
        () => void (node.durable = withoutDropped(node)),
        () => void (node.dropped = notOnDisk(node)),
      );
    return {
      writeFile: (bytes) =>
        begin('write', (parts) => {
          const start = at ?? node.seen.length;
          const free = Math.max(0, disk.capacityBytes - bytesBelow(root));
          const room = node.seen.length - start + free;
          const part = bytes.subarray(0, Math.min(room, Math.floor(bytes.length * parts)));
          write(node, start, part);
          if (at !== undefined) at += part.length;
          if (room < bytes.length) throw errno('ENOSPC');
        }),
      truncate: (length) => begin('truncate', () => cutOff(node, length, draw)),
      sync,
      datasync: sync,
      close,
    };
  };
  return disk;
}

function undoneOrPart(draw: Draw, work: (parts: number) => unknown): unknown {
  const parts = draw(5) / 4;
  return parts === 0 ? undefined : work(parts);
}

function newFolder(): FolderNode {
  return { kind: 'folder', durable: new Map(), seen: new Map(), unsynced: [] };
}

function newFile(bytes: Buffer): FileNode {
  return { kind: 'file', durable: bytes, seen: bytes, dropped: [0, 0] };
}

function change(folder: FolderNode, work: (names: Map<string, Node>) => void): void {
  work(folder.seen);
  folder.unsynced.push(work);
}

function create(root: FolderNode, path: string): FileNode {
  const node = newFile(Buffer.alloc(0));
  change(folderAt(root, dirname(path)), (names) => names.set(nameIn(path), node));
  return node;
}

function makeFolderAt(root: FolderNode, path: string): void {
  const parent = folderAt(root, dirname(path));
  if (parent.seen.has(nameIn(path))) throw errno('EEXIST');
  const made = newFolder();
  change(parent, (names) => names.set(nameIn(path), made));
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function nameIn(path: string): string {
  return namesOf(path).at(-1) ?? '';
}

function nodeAt(root: FolderNode, path: string): Node | undefined {
  return namesOf(path).reduce<Node | undefined>(
    (node, name) => (node?.kind === 'folder' ? node.seen.get(name) : undefined),
    root,
  );
}

function folderAt(root: FolderNode, path: string): FolderNode {
  const node = nodeAt(root, path);
  if (node?.kind !== 'folder') throw errno('ENOENT');
  return node;
}

function fileAt(root: FolderNode, path: string): FileNode {
  const node = nodeAt(root, path);
  if (node?.kind !== 'file') throw errno('ENOENT');
  return node;
}

function bytesBelow(node: Node): number {
  if (node.kind === 'file') return node.seen.length;
  return [...node.seen.values()].reduce((sum, child) => sum + bytesBelow(child), 0);
}

function write(node: FileNode, start: number, bytes: Uint8Array): void {
  const end = start + bytes.length;
  const [from, to] = node.dropped;
  node.seen = Buffer.concat([node.seen.subarray(0, start), bytes, node.seen.subarray(end)]);
  if (start <= from) node.dropped = [Math.max(from, end), to];
}

/** What a sync that fails has not written, and what those before it have not. */
function notOnDisk({ durable, seen, dropped: [from, to] }: FileNode): FileNode['dropped'] {
  const first = commonLength(durable, seen);
  return [from < to ? Math.min(from, first) : first, seen.length];
}

/** What a sync makes durable: a hole in it, where an earlier one has failed. */
function withoutDropped({ seen, dropped: [from, to] }: FileNode): Buffer {
  return from < to ? Buffer.from(seen).fill(0, from, to) : seen;
}

/** What is cut off may have come to the disk before, without being asked to. */
function cutOff(node: FileNode, length: number, draw: Draw): void {
  if (draw(2) === 0) node.durable = node.seen;
  node.seen = node.seen.subarray(0, length);
  node.dropped = [node.dropped[0], Math.min(node.dropped[1], length)];
}

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: of the disk of the test`), { code });
}

/** Of the names that were not synced each change is there or not, as if by chance. */
function folderAfterCut(folder: FolderNode, draw: Draw): FolderNode {
  const names = new Map(folder.durable);
  for (const work of folder.unsynced) if (draw(2) === 0) work(names);
  const found = [...names].map(([name, node]): [string, Node] => [
    name,
    node.kind === 'folder' ? folderAfterCut(node, draw) : fileAfterCut(node, draw),
  ]);
  return { kind: 'folder', durable: new Map(found), seen: new Map(found), unsynced: [] };
}

/** What was cut off may still be there; where other bytes took its place, either may be. */
function fileAfterCut({ durable, seen }: FileNode, draw: Draw): FileNode {
  const common = commonLength(durable, seen);
  const isCutOff = common < durable.length;
  const found =
    isCutOff && draw(2) === 0
      ? durable
      : Buffer.concat([seen.subarray(0, common), whatIsLeft(seen.subarray(common), draw)]);
  return newFile(found);
}

function commonLength(durable: Buffer, seen: Buffer): number {
  const other = seen.findIndex((byte, at) => byte !== durable[at]);
  return other < 0 ? seen.length : other;
}

/** What a disk makes of bytes that were not synced: nothing, a part, noise in it. */
function whatIsLeft(unsynced: Buffer, draw: Draw): Buffer {
  const left = Buffer.from(unsynced.subarray(0, draw(unsynced.length + 1)));
  const flips = left.length === 0 ? 0 : draw(4);
  for (let flip = 0; flip < flips; flip += 1) {
    const at = draw(left.length);
    left[at] = (left[at] ?? 0) ^ (1 << draw(8));
  }
  return left;
}
