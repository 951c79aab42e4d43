import type { ImageContent } from './image-content.js';
import { declaredPacking } from './inspect-image.js';

/** A file that came to the secondary storage VM, as far as it can tell. */
export interface ImageFile {
  readonly fileName: string;
  readonly bytes: number;
  readonly content: ImageContent;
  /** What is in a gzip file; null when there is nothing to unpack, or it cannot be unpacked here. */
  readonly unpacked: ImageContent | null;
  /** What came out of a gzip file that breaks off, or is broken; null of any other. */
  readonly broken: ImageContent | null;
}

/** The image that is installed: what was in the file, if it was packed. */
export function installedImage({ unpacked, content }: ImageFile): ImageContent {
  return unpacked ?? content;
}

/** The size of the disk; bzip2, zip and OVA files are not looked into: their own has to do. */
export function virtualSizeOf(file: ImageFile): number {
  return installedImage(file).virtualSizeBytes ?? file.bytes;
}

/** The words of `file`, or of `file -z` when the name declares a packed file. */
export function describeFile({ fileName, content, unpacked, broken }: ImageFile): string {
  const packing = declaredPacking(fileName);
  if (packing === undefined) return ` ${content.description}`;
  const inner = unpacked ?? broken;
  if (inner !== null) return ` ${inner.description} (${content.description})`;
  if (content.kind === 'bzip2' || content.kind === 'zip') {
    return ` ${declaredContent(fileName)} (${content.description})`;
  }
  return ` ${content.description}`;
}

/** Only gzip is unpacked here; what else a packed file holds is taken from its name. */
function declaredContent(fileName: string): string {
  const declared: readonly (readonly [RegExp, string])[] = [
    [/qcow2\.\w+$/i, 'QEMU QCOW2 Image (v3)'],
    [/vhdx?\.\w+$/i, 'Microsoft Disk Image, Virtual Server or Virtual PC'],
    [/(ova|tar)\.\w+$/i, 'POSIX tar archive'],
    [/iso\.\w+$/i, 'ISO 9660 CD-ROM filesystem data'],
  ];
  return declared.find(([ending]) => ending.test(fileName))?.[1] ?? 'data';
}
