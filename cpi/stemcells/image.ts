import { diskHeadBytes, identifyDisk, type DiskKind } from './disk-kind.js';
import { ImageError } from './image-error.js';
import { headOf, readContent, readTail, readToEnd, sizeOf, type Packing } from './image-file.js';
import { isTar, listTar, readTarMember } from './tar-member.js';

/** A format as CloudStack's template commands name it. */
export type TemplateFormat = 'QCOW2' | 'RAW' | 'VHD' | 'OVA';

/** What of a stemcell's `image` file goes to CloudStack. */
export interface StemcellImage {
  readonly format: TemplateFormat;
  /** CloudStack reads format and compression from the extension. */
  readonly fileName: string;
  /** Bytes that `open` gives. */
  readonly bytes: number;
  /** The content from the beginning, a chunk at a time. It fails with ImageError. */
  open(): AsyncIterable<Uint8Array>;
}

const formats = { qcow2: 'QCOW2', vhd: 'VHD', raw: 'RAW' } as const satisfies Record<
  DiskKind,
  TemplateFormat
>;

/** The disk in the tar of OpenStack's stemcells, which KVM on CloudStack takes, too. */
const diskInTar = 'root.img';

/**
 * Looks into a stemcell's `image` file and says what is to be uploaded. Content decides, never the
 * name:
 * - a tar with `root.img`, plain or gzip: that disk, unpacked;
 * - a tar with an `.ovf`, plain or gzip: the OVA as it is;
 * - bzip2: the VHD of CloudStack's own stemcells, as it is;
 * - a disk (qcow2, VHD, raw), plain or gzip: as it is.
 *
 * A packed file is read to its end once, so that a damaged one is refused before anything is sent.
 *
 * @throws ImageError
 */
export async function openImage(path: string): Promise<StemcellImage> {
  const fileBytes = await sizeOf(path);
  const head = await headOf(readContent(path, 'plain'), diskHeadBytes);
  if (head.length === 0) throw new ImageError(path, emptyFile);
  if (head[0] === 0x1f && head[1] === 0x8b) return openGzip(path, fileBytes);
  if (head.subarray(0, 3).toString('latin1') === 'BZh') return openBzip2(path, fileBytes);
  if (isTar(head)) return openTar(path, 'plain', fileBytes);
  const footer = await readTail(path, diskHeadBytes);
  const kind = identifyDisk(footer) === 'vhd' ? 'vhd' : identifyDisk(head);
  if (kind === undefined) throw new ImageError(path, noImage);
  return wholeFile(path, fileBytes, formats[kind], kind);
}

const emptyFile =
  'the file is empty: build or download the stemcell again; if it is a light one, its ' +
  'cloud_properties have to name a template (light_template)';

const rawDiskRule = 'a raw disk needs the boot signature 55 AA at the end of its first 512 bytes';

const noImage =
  'it is no stemcell image: neither a tar with root.img, nor a qcow2, VHD, raw or OVA file ' +
  `(plain, gzip or bzip2); ${rawDiskRule}`;

async function openGzip(path: string, fileBytes: number): Promise<StemcellImage> {
  const head = await headOf(readContent(path, 'gzip'), diskHeadBytes);
  if (isTar(head)) return openTar(path, 'gzip', fileBytes);
  const kind = identifyDisk(head);
  if (kind === undefined) throw new ImageError(path, noImage);
  await readToEnd(readContent(path, 'gzip'));
  return wholeFile(path, fileBytes, formats[kind], `${kind}.gz`);
}

async function openTar(path: string, packing: Packing, fileBytes: number): Promise<StemcellImage> {
  const members = await listTar(path, readContent(path, packing), diskHeadBytes);
  const names = members.map(({ name }) => name);
  if (names.some((name) => name.endsWith('.ovf'))) {
    return wholeFile(path, fileBytes, 'OVA', packing === 'gzip' ? 'ova.gz' : 'ova');
  }
  const disk = members.find(({ name }) => name === diskInTar);
  if (disk === undefined) {
    const shown = names.slice(0, 10).join(', ') || 'nothing';
    throw new ImageError(path, `the tar has no ${diskInTar}; it has: ${shown}`);
  }
  const kind = identifyDisk(disk.head);
  if (kind === undefined) {
    throw new ImageError(
      path,
      `its ${diskInTar} is no disk: neither qcow2, VHD nor raw; ${rawDiskRule}`,
    );
  }
  return {
    format: formats[kind],
    fileName: `root.${kind}`,
    bytes: disk.bytes,
    open: () => readTarMember(path, readContent(path, packing), diskInTar),
  };
}

async function openBzip2(path: string, fileBytes: number): Promise<StemcellImage> {
  if (!endsLikeBzip2(await readTail(path, 16))) {
    throw new ImageError(path, 'the bzip2 file is damaged or cut off');
  }
  return wholeFile(path, fileBytes, 'VHD', 'vhd.bz2');
}

/** A bzip2 stream ends with this mark and a checksum of 32 bits, at any bit of the last bytes. */
function endsLikeBzip2(tail: Buffer): boolean {
  const endMark = 0x177245385090n;
  const markMask = (1n << 48n) - 1n;
  const bits = BigInt(`0x${tail.toString('hex')}`);
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].some(
    (padding) => ((bits >> (padding + 32n)) & markMask) === endMark,
  );
}

function wholeFile(
  path: string,
  bytes: number,
  format: TemplateFormat,
  extension: string,
): StemcellImage {
  return {
    format,
    fileName: `image.${extension}`,
    bytes,
    open: () => readContent(path, 'plain'),
  };
}
