/** What a disk image is, by its first bytes. */
export type DiskKind = 'qcow2' | 'vhd' | 'raw';

/** How many bytes from the start `identifyDisk` looks at. */
export const diskHeadBytes = 512;

/**
 * The kind of a disk image by its header: QCOW2's magic, the cookie of a (dynamic) VHD, or the
 * boot signature of a raw disk; undefined for anything else.
 */
export function identifyDisk(head: Uint8Array): DiskKind | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.subarray(0, 4).equals(qcow2Magic)) return 'qcow2';
  if (bytes.subarray(0, vhdCookie.length).equals(vhdCookie)) return 'vhd';
  if (bytes[510] === 0x55 && bytes[511] === 0xaa) return 'raw';
  return undefined;
}

const qcow2Magic = Buffer.from([0x51, 0x46, 0x49, 0xfb]);
const vhdCookie = Buffer.from('conectix', 'latin1');
