// Files in memory whose power can be cut: what was not synced is then lost, whole or in part, or
// comes back with flipped bits, as on a real disk.
import type {
  AppendableFile,
  DurableFiles,
} from '../../../../cpi/registry/file-store/durable-files.js';

/** A whole number from 0 to below a limit. */
export type Draw = (limit: number) => number;

interface FileState {
  /** What a power cut leaves in any case. */
  durable: Buffer;
  /** What reads see. */
  written: Buffer;
}

export interface PowerCutFiles extends DurableFiles {
  /** How many operations have been begun. */
  readonly operations: number;
  /** From the operation of this number on nothing ends any more. */
  cutAt(operation: number): void;
  readonly isCut: boolean;
  /** The files as they are found when the power is back. */
  afterCut(draw: Draw): PowerCutFiles;
  /** The files as the next process finds them when the process dies, and the power stays. */
  afterKill(): PowerCutFiles;
}

export function powerCutFiles(states = new Map<string, FileState>()): PowerCutFiles {
  let operations = 0;
  let cutAt = Infinity;
  /** Removed without a sync of their folder: a power cut may bring them back. */
  const removed = new Map<string, FileState>();
  const begin = async (): Promise<void> => {
    operations += 1;
    if (operations >= cutAt) await new Promise(() => undefined);
  };
  const stateOf = (name: string): FileState => {
    const state = states.get(name) ?? { durable: Buffer.alloc(0), written: Buffer.alloc(0) };
    states.set(name, state);
    return state;
  };
  return {
    get operations() {
      return operations;
    },
    cutAt: (operation) => (cutAt = operation),
    get isCut() {
      return operations >= cutAt;
    },
    afterCut: (draw) =>
      powerCutFiles(
        new Map(
          [...[...removed].filter(() => draw(2) === 0), ...states].map(([name, state]) => {
            const found = Buffer.concat([state.durable, whatIsLeft(state, draw)]);
            return [name, { durable: found, written: found }];
          }),
        ),
      ),
    afterKill: () =>
      powerCutFiles(new Map([...states].map(([name, state]) => [name, { ...state }]))),
    list: async () => {
      await begin();
      return [...states.keys()];
    },
    read: async (name) => {
      await begin();
      return states.get(name)?.written;
    },
    append: async (name) => {
      await begin();
      return appendable(stateOf(name), begin);
    },
    replace: async (name, bytes) => {
      await begin();
      const content = Buffer.from(bytes);
      states.set(name, { durable: content, written: content });
      // Done, but nobody has been told yet.
      await begin();
    },
    remove: async (name) => {
      await begin();
      const state = states.get(name);
      if (state !== undefined) removed.set(name, state);
      states.delete(name);
    },
  };
}

function appendable(state: FileState, begin: () => Promise<void>): AppendableFile {
  return {
    write: async (bytes) => {
      const before = state.written;
      state.written = Buffer.concat([before, bytes]);
      await begin();
    },
    sync: async () => {
      await begin();
      state.durable = state.written;
      await begin();
    },
    truncate: async (length) => {
      await begin();
      state.written = state.written.subarray(0, length);
      state.durable = state.written;
    },
    close: begin,
  };
}

/** What a disk makes of bytes that were not synced: nothing, a part, noise in it. */
function whatIsLeft({ durable, written }: FileState, draw: Draw): Buffer {
  const unsynced = Buffer.from(written.subarray(durable.length));
  const left = unsynced.subarray(0, draw(unsynced.length + 1));
  const flips = left.length === 0 ? 0 : draw(4);
  for (let flip = 0; flip < flips; flip += 1) {
    const at = draw(left.length);
    left[at] = (left[at] ?? 0) ^ (1 << draw(8));
  }
  return left;
}
