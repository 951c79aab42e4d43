/** An image as the secondary storage VM serves it: nothing of what is on the disk, but a whole file. */
export interface ServedImage {
  readonly bytes: number;
  /** From the beginning, a part at a time. */
  readonly content: () => Iterable<Uint8Array>;
}

/** An image of a format and a virtual size, of which every sector is empty. */
export function servedImage(format: string, virtualBytes: number): ServedImage {
  switch (format) {
    case 'QCOW2':
      return whole(emptyQcow2(virtualBytes));
    case 'VHD':
      return whole(emptyVhd(virtualBytes));
    case 'OVA':
      return whole(emptyOva(virtualBytes));
    case 'ISO':
      return { bytes: virtualBytes, content: () => emptyIso(virtualBytes) };
    default:
      return { bytes: virtualBytes, content: () => emptySectors(virtualBytes) };
  }
}

function whole(file: Buffer): ServedImage {
  return { bytes: file.length, content: () => [file] };
}

const CLUSTER_BITS = 16;
const CLUSTER_BYTES = 2 ** CLUSTER_BITS;
/** What one entry of the first table stands for: a cluster of entries, each of a cluster. */
const BYTES_PER_L1_ENTRY = (CLUSTER_BYTES / 8) * CLUSTER_BYTES;

/** Header, reference counts of the clusters that there are, and a table that leads nowhere. */
function emptyQcow2(virtualBytes: number): Buffer {
  const l1Entries = Math.ceil(virtualBytes / BYTES_PER_L1_ENTRY);
  const l1Clusters = Math.max(1, Math.ceil((l1Entries * 8) / CLUSTER_BYTES));
  const file = Buffer.alloc((3 + l1Clusters) * CLUSTER_BYTES);
  file.write('QFI\xfb', 0, 'latin1');
  file.writeUInt32BE(3, 4);
  file.writeUInt32BE(CLUSTER_BITS, 20);
  file.writeBigUInt64BE(BigInt(virtualBytes), 24);
  file.writeUInt32BE(l1Entries, 36);
  file.writeBigUInt64BE(BigInt(3 * CLUSTER_BYTES), 40);
  file.writeBigUInt64BE(BigInt(CLUSTER_BYTES), 48);
  file.writeUInt32BE(1, 56);
  // Reference counts of 16 bits, and the length of the header.
  file.writeUInt32BE(4, 96);
  file.writeUInt32BE(104, 100);
  file.writeBigUInt64BE(BigInt(2 * CLUSTER_BYTES), CLUSTER_BYTES);
  for (let cluster = 0; cluster < 3 + l1Clusters; cluster += 1) {
    file.writeUInt16BE(1, 2 * CLUSTER_BYTES + cluster * 2);
  }
  return file;
}

const VHD_BLOCK_BYTES = 2 * 1024 ** 2;
const SECTOR_BYTES = 512;

/** A dynamic disk: a footer, its header, a table without blocks, the footer again. */
function emptyVhd(virtualBytes: number): Buffer {
  const blocks = Math.ceil(virtualBytes / VHD_BLOCK_BYTES);
  const tableBytes = Math.ceil((blocks * 4) / SECTOR_BYTES) * SECTOR_BYTES;
  const footer = vhdFooter(virtualBytes);
  const header = Buffer.alloc(1_024);
  header.write('cxsparse', 0, 'latin1');
  header.fill(0xff, 8, 16);
  header.writeBigUInt64BE(BigInt(footer.length + header.length), 16);
  header.writeUInt32BE(0x1_0000, 24);
  header.writeUInt32BE(blocks, 28);
  header.writeUInt32BE(VHD_BLOCK_BYTES, 32);
  header.writeUInt32BE(complementOfSum(header), 36);
  return Buffer.concat([footer, header, Buffer.alloc(tableBytes, 0xff), footer]);
}

function vhdFooter(virtualBytes: number): Buffer {
  const footer = Buffer.alloc(SECTOR_BYTES);
  footer.write('conectix', 0, 'latin1');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x1_0000, 12);
  footer.writeBigUInt64BE(BigInt(SECTOR_BYTES), 16);
  footer.writeBigUInt64BE(BigInt(virtualBytes), 40);
  footer.writeBigUInt64BE(BigInt(virtualBytes), 48);
  // A dynamic disk.
  footer.writeUInt32BE(3, 60);
  footer.writeUInt32BE(complementOfSum(footer), 64);
  return footer;
}

function complementOfSum(bytes: Buffer): number {
  return ~bytes.reduce((sum, byte) => sum + byte, 0) >>> 0;
}

/** A tar of a description and of a disk without content. */
function emptyOva(virtualBytes: number): Buffer {
  const description =
    '<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"><References>' +
    '<File href="disk.vmdk" id="file1"/></References><DiskSection>' +
    `<Disk capacity="${virtualBytes}" diskId="vmdisk1" fileRef="file1"/></DiskSection></Envelope>\n`;
  return Buffer.concat([
    ...tarEntry('disk.ovf', Buffer.from(description)),
    ...tarEntry('disk.vmdk', Buffer.from('KDMV')),
    Buffer.alloc(2 * SECTOR_BYTES),
  ]);
}

function tarEntry(name: string, content: Buffer): Buffer[] {
  const header = Buffer.alloc(SECTOR_BYTES);
  header.write(name, 0, 'latin1');
  header.write('0000644\0' + '0000000\0'.repeat(2), 100, 'latin1');
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('00000000000\0        0', 136, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((SECTOR_BYTES - (content.length % SECTOR_BYTES)) % SECTOR_BYTES);
  return [header, content, padding];
}

/** Where the descriptors of an ISO begin, and what they are known by. */
const ISO_DESCRIPTOR_OFFSET = 0x8000;

/** An ISO 9660 file system without files, as far as its first descriptor tells. */
function* emptyIso(bytes: number): Generator<Buffer> {
  let isFirst = true;
  for (const chunk of emptySectors(bytes)) {
    if (isFirst && chunk.length > ISO_DESCRIPTOR_OFFSET + 7) {
      chunk.fill(0, 0, SECTOR_BYTES);
      chunk.write('\x01CD001\x01', ISO_DESCRIPTOR_OFFSET, 'latin1');
    }
    isFirst = false;
    yield chunk;
  }
}

/** A disk as it is, whose first sector says that nothing boots from it. */
function* emptySectors(bytes: number): Generator<Buffer> {
  const first = Buffer.alloc(Math.min(bytes, CLUSTER_BYTES));
  if (first.length >= SECTOR_BYTES) first.writeUInt16BE(0x55_aa, SECTOR_BYTES - 2);
  yield first;
  const chunk = Buffer.alloc(CLUSTER_BYTES);
  for (let left = bytes - first.length; left > 0; left -= chunk.length) {
    yield chunk.subarray(0, left);
  }
}
