// The journal of changes: one line a change, so that a person can read it, with a checksum, so that
// a line which a power cut has torn is told from one that is whole.
import { crc32 } from 'node:zlib';

/** One change of the settings of an instance; without settings it removes them. */
export interface Change {
  readonly instanceId: string;
  readonly settings?: string | undefined;
}

/** A change as it stands in the journal. */
export interface JournalEntry extends Change {
  /** 1 for the first change of a store, and so on, over all its journals. */
  readonly seq: number;
  /** The last change that was acknowledged, and so on disk, when this one was written. */
  readonly acknowledged: number;
}

export function encodeEntry(entry: JournalEntry): Uint8Array {
  const text = JSON.stringify(entry);
  return Buffer.from(`${checksumOf(text)} ${text}\n`);
}

export interface JournalContents {
  readonly entries: readonly JournalEntry[];
  /** How many bytes the entries take: what follows is no entry that can be relied on. */
  readonly soundBytes: number;
}

/** The bytes of a journal contradict what was acknowledged. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
}

/**
 * The entries of a journal, up to where the last write was torn.
 *
 * A write that was torn has never been acknowledged, so it may go. If entries follow that say that
 * a broken one was acknowledged, the disk has lost data, which nobody must hide.
 *
 * @param afterSeq the last change of the journal before, or of the snapshot
 * @throws JournalCorrupt that says where.
 */
export function decodeJournal(bytes: Uint8Array, afterSeq: number): JournalContents {
  const entries: JournalEntry[] = [];
  let soundBytes = 0;
  let seq = afterSeq;
  for (const line of linesOf(bytes)) {
    const entry = decodeLine(line.bytes);
    if (entry?.seq !== seq + 1) break;
    entries.push(entry);
    seq = entry.seq;
    soundBytes = line.end;
  }
  assertNoneAcknowledged(bytes.subarray(soundBytes), seq + 1, soundBytes);
  return { entries, soundBytes };
}

function assertNoneAcknowledged(rest: Uint8Array, lostSeq: number, offset: number): void {
  for (const { bytes } of linesOf(rest)) {
    const entry = decodeLine(bytes);
    if (entry === undefined || entry.acknowledged < lostSeq) continue;
    throw new JournalCorrupt(
      `change ${lostSeq}, which was acknowledged, cannot be read at byte ${offset}, ` +
        `although change ${entry.seq} after it can`,
    );
  }
}

interface Line {
  readonly bytes: Uint8Array;
  /** Where the next line begins. */
  readonly end: number;
}

/** The lines that are ended; what stands after the last of them was torn in any case. */
function* linesOf(bytes: Uint8Array): Generator<Line> {
  let start = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    yield { bytes: bytes.subarray(start, end), end: end + 1 };
    start = end + 1;
  }
}

const newline = 0x0a;
const checksumLength = 8;

function decodeLine(bytes: Uint8Array): JournalEntry | undefined {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = line.slice(checksumLength + 1);
  if (line.slice(0, checksumLength + 1) !== `${checksumOf(text)} `) return undefined;
  return JSON.parse(text) as JournalEntry;
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(checksumLength, '0');
}
