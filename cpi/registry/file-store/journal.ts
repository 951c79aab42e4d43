// The journal of changes: one line a change, so that a person can read it, with a checksum, so that
// a line which a power cut has torn is told from one that is whole. Its first line says after what
// it goes on, its last one where: of a chain of journals none can go and not be missed, but the end
// of the last.
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

/** What comes before a journal. */
export interface JournalPlace {
  /** The number of the journal. */
  readonly journal: number;
  /** The last change before it. */
  readonly seq: number;
  /** Of all that the journals before it have said, in hexadecimal. */
  readonly checksum: string;
}

/** Where the first journal of a store stands. */
export const firstPlace: JournalPlace = { journal: 1, seq: 0, checksum: '00000000' };

export function encodeEntry(entry: JournalEntry): Uint8Array {
  return encodeLine(entry);
}

/** The first line of a journal. */
export function encodeStart(place: JournalPlace): Uint8Array {
  return encodeLine({ startsAt: place });
}

/** The last line of a journal, which says what follows it. */
export function encodeEnd(next: JournalPlace): Uint8Array {
  return encodeLine({ goesOnAt: next });
}

/** Of bytes that follow others, which have the checksum `before`. */
export function checksumAfter(before: string, bytes: Uint8Array): string {
  // Of nothing it would be that of the beginning, whatever came before (zlib's crc32).
  if (bytes.length === 0) return before;
  return hexadecimal(crc32(bytes, Number.parseInt(before, 16)));
}

export interface JournalContents {
  readonly entries: readonly JournalEntry[];
  /** How many bytes its lines take: what follows is nothing that can be relied on. */
  readonly soundBytes: number;
  /** Of those bytes, after what was before the journal. */
  readonly checksum: string;
  /** What follows; undefined where the journal has no end yet. */
  readonly next: JournalPlace | undefined;
}

/** The bytes of a journal contradict what was acknowledged. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
}

/**
 * The entries of a journal, up to its end or to where the last write was torn.
 *
 * A write that was torn has never been acknowledged, so it may go. If entries follow that say that
 * a broken one was acknowledged, the disk has lost data, which nobody must hide.
 *
 * @param place what comes before it, as the snapshot or the journal before says
 * @throws JournalCorrupt that says where.
 */
export function decodeJournal(bytes: Uint8Array, place: JournalPlace): JournalContents {
  const entries: JournalEntry[] = [];
  let soundBytes = 0;
  let next: JournalPlace | undefined;
  for (const line of linesOf(bytes)) {
    const said = decodeLine(line.bytes);
    const seq = place.seq + entries.length;
    if (said === undefined || next !== undefined) break;
    if (soundBytes === 0) assertStartsAt(place, said);
    else if ('goesOnAt' in said) {
      next = nextPlace(place, seq, bytes.subarray(0, soundBytes));
      assertGoesOnAt(next, said.goesOnAt);
    } else if ('seq' in said && said.seq === seq + 1) entries.push(said);
    else break;
    soundBytes = line.end;
  }
  assertNoneAcknowledged(bytes.subarray(soundBytes), place.seq + entries.length + 1, soundBytes);
  const checksum = checksumAfter(place.checksum, bytes.subarray(0, soundBytes));
  return { entries, soundBytes, checksum, next };
}

/** What comes before the journal that follows one of these bytes, of which `seq` is the last. */
function nextPlace(place: JournalPlace, seq: number, bytes: Uint8Array): JournalPlace {
  return { journal: place.journal + 1, seq, checksum: checksumAfter(place.checksum, bytes) };
}

function assertStartsAt(place: JournalPlace, first: Line): void {
  if ('startsAt' in first && isSame(first.startsAt, place)) return;
  throw new JournalCorrupt(
    `it does not go on after change ${place.seq} of what was before it, but after something else`,
  );
}

function assertGoesOnAt(next: JournalPlace, said: JournalPlace): void {
  if (isSame(next, said)) return;
  throw new JournalCorrupt(
    `it ends with change ${next.seq}, and says that it ended with change ${said.seq}, or others`,
  );
}

function isSame(one: JournalPlace, other: JournalPlace): boolean {
  return one.journal === other.journal && one.seq === other.seq && one.checksum === other.checksum;
}

function assertNoneAcknowledged(rest: Uint8Array, lostSeq: number, offset: number): void {
  for (const { bytes } of linesOf(rest)) {
    const said = decodeLine(bytes);
    if (said === undefined || !('seq' in said) || said.acknowledged < lostSeq) continue;
    throw new JournalCorrupt(
      `change ${lostSeq}, which was acknowledged, cannot be read at byte ${offset}, ` +
        `although change ${said.seq} after it can`,
    );
  }
}

interface RawLine {
  readonly bytes: Uint8Array;
  /** Where the next line begins. */
  readonly end: number;
}

/** The lines that are ended; what stands after the last of them was torn in any case. */
function* linesOf(bytes: Uint8Array): Generator<RawLine> {
  let start = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    yield { bytes: bytes.subarray(start, end), end: end + 1 };
    start = end + 1;
  }
}

type Line =
  JournalEntry | { readonly startsAt: JournalPlace } | { readonly goesOnAt: JournalPlace };

const newline = 0x0a;
const checksumLength = 8;

function encodeLine(line: Line): Uint8Array {
  const text = JSON.stringify(line);
  return Buffer.from(`${hexadecimal(crc32(text))} ${text}\n`);
}

function decodeLine(bytes: Uint8Array): Line | undefined {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = line.slice(checksumLength + 1);
  if (line.slice(0, checksumLength + 1) !== `${hexadecimal(crc32(text))} `) return undefined;
  return JSON.parse(text) as Line;
}

function hexadecimal(checksum: number): string {
  return checksum.toString(16).padStart(checksumLength, '0');
}
