import type { ImageContent, ImageKind } from './image-content.js';

/** How many bytes of a file's beginning and end decide what it is. */
export const INSPECTED_HEAD_BYTES = 36 * 1_024;
export const INSPECTED_TAIL_BYTES = 512;

/** Recognises an image by its first and last bytes; `bytes` is the length of the whole file. */
export function inspectImage(head: Buffer, tail: Buffer, bytes: number): ImageContent {
  if (startsWith(head, 'QFI\xfb')) return qcow2(head, bytes);
  if (startsWith(head, 'conectix')) return vhd(head, bytes);
  if (tail.length === INSPECTED_TAIL_BYTES && startsWith(tail, 'conectix')) return vhd(tail, bytes);
  const whole = (kind: ImageKind, description: string): ImageContent => ({
    kind,
    description,
    sizeBytes: bytes,
    virtualSizeBytes: bytes,
    isBroken: false,
  });
  if (startsWith(head, 'vhdxfile')) return whole('vhdx', 'Microsoft Disk Image eXtended');
  if (startsWith(head, 'KDMV')) return whole('vmdk', 'VMware4 disk image');
  if (head.subarray(257, 262).toString('latin1') === 'ustar') {
    return whole('tar', 'POSIX tar archive');
  }
  if (head.subarray(ISO_OFFSET, ISO_OFFSET + 5).toString('latin1') === 'CD001') {
    return whole('iso', `ISO 9660 CD-ROM filesystem data '${volumeLabel(head)}'`);
  }
  if (startsWith(head, '\x1f\x8b')) return packed('gzip', 'gzip compressed data', bytes);
  if (startsWith(head, 'BZh')) return packed('bzip2', 'bzip2 compressed data', bytes);
  if (startsWith(head, 'PK\x03\x04')) return packed('zip', 'Zip archive data', bytes);
  if (head[510] === 0x55 && head[511] === 0xaa) return whole('boot-sector', 'DOS/MBR boot sector');
  if (head.length > 0 && head.every(isPrintable)) return whole('text', 'ASCII text');
  return bytes === 0 ? whole('empty', 'empty') : whole('data', 'data');
}

/** The volume descriptor of an ISO begins behind 16 sectors that are free for others. */
const ISO_OFFSET = 0x8001;

function volumeLabel(head: Buffer): string {
  return head
    .subarray(ISO_OFFSET + 39, ISO_OFFSET + 71)
    .toString('latin1')
    .replaceAll('\0', '')
    .trim();
}

function qcow2(head: Buffer, sizeBytes: number): ImageContent {
  const isLongEnough = head.length >= 72;
  const version = isLongEnough ? head.readUInt32BE(4) : 0;
  const backingFileOffset = isLongEnough ? head.readBigUInt64BE(8) : 0n;
  const size = isLongEnough ? Number(head.readBigUInt64BE(24)) : 0;
  return {
    kind: 'qcow2',
    description: `QEMU QCOW2 Image (v${version}), ${size} bytes`,
    sizeBytes,
    virtualSizeBytes: size,
    isBroken: (version !== 2 && version !== 3) || backingFileOffset !== 0n || size === 0,
  };
}

/** The footer, of which a dynamic disk has a copy at its beginning, holds the current size. */
function vhd(footer: Buffer, sizeBytes: number): ImageContent {
  return {
    kind: 'vhd',
    description: 'Microsoft Disk Image, Virtual Server or Virtual PC',
    sizeBytes,
    virtualSizeBytes: footer.length >= 56 ? Number(footer.readBigUInt64BE(48)) : null,
    isBroken: false,
  };
}

function packed(kind: ImageKind, description: string, sizeBytes: number): ImageContent {
  return { kind, description, sizeBytes, virtualSizeBytes: null, isBroken: false };
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.subarray(0, text.length).toString('latin1') === text;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** The endings by which a name declares what is in a file. */
const packings = ['gz', 'bz2', 'zip'] as const;

/** The packing that a name declares: `gz` of `root.qcow2.gz`. */
export function declaredPacking(name: string): (typeof packings)[number] | undefined {
  return packings.find((packing) => name.toLowerCase().endsWith(`.${packing}`));
}

/** Which words of `file` fit which ending (ImageStoreUtil.checkTemplateFormat). */
const fits: readonly (readonly [endings: readonly string[], words: readonly string[]])[] = [
  [['vmdk'], ['VMware', 'data']],
  [
    ['raw', 'img'],
    ['x86 boot', 'DOS/MBR boot sector', 'data'],
  ],
  [['qcow2'], ['QEMU QCOW']],
  [['vhd', 'vhdx'], ['Microsoft Disk Image']],
  [['ova', 'tar'], ['POSIX tar']],
  [['iso'], ['ISO 9660', 'DOS/MBR']],
];

/** Whether a name (or a format's name) fits what `file` says of the content. */
export function nameFits(name: string, description: string): boolean {
  const packing = declaredPacking(name);
  const bare = (packing === undefined ? name : name.slice(0, -packing.length - 1)).toLowerCase();
  return fits.some(
    ([endings, words]) =>
      endings.some((ending) => bare.endsWith(ending)) &&
      words.some((word) => description.includes(word)),
  );
}
