const CLUSTER_BITS = 16;
const CLUSTER_BYTES = 1 << CLUSTER_BITS;
const MIB = 1024 * 1024;
/** One L1 entry maps a whole L2 table of 8-byte entries. */
const BYTES_PER_L1_ENTRY = (CLUSTER_BYTES / 8) * CLUSTER_BYTES;
const HEADER_BYTES = 104;
const REFCOUNT_ORDER = 4;

/** The clusters of the image, in file order. */
const layout = { header: 0, refcountTable: 1, refcountBlock: 2, l1Table: 3, count: 4 };

/**
 * An empty disk as a QCOW2 image of version 3, the smallest that a strict reader accepts: four
 * clusters of 64 KiB (header; refcount table with one entry; refcount block, in which these four
 * clusters count 1 each; L1 table whose entries are 0, so that all of the disk reads as zeros).
 * Layout: the "qcow2" interoperability document of QEMU. Throws if the disk needs more than one
 * cluster of L1 table.
 */
export function emptyQcow2(virtualSizeMib: number): Buffer {
  const virtualBytes = virtualSizeMib * MIB;
  const l1Entries = Math.ceil(virtualBytes / BYTES_PER_L1_ENTRY);
  if (!Number.isInteger(virtualSizeMib) || virtualSizeMib < 1 || l1Entries * 8 > CLUSTER_BYTES) {
    throw new Error(`a disk of ${virtualSizeMib} MiB does not fit this image layout`);
  }
  const image = Buffer.alloc(layout.count * CLUSTER_BYTES);
  writeHeader(image, virtualBytes, l1Entries);
  image.writeBigUInt64BE(offsetOf(layout.refcountBlock), layout.refcountTable * CLUSTER_BYTES);
  for (let cluster = 0; cluster < layout.count; cluster += 1) {
    image.writeUInt16BE(1, layout.refcountBlock * CLUSTER_BYTES + cluster * 2);
  }
  return image;
}

function writeHeader(image: Buffer, virtualBytes: number, l1Entries: number): void {
  image.write('QFI\xfb', 0, 'latin1');
  image.writeUInt32BE(3, 4); // version
  image.writeUInt32BE(CLUSTER_BITS, 20);
  image.writeBigUInt64BE(BigInt(virtualBytes), 24);
  image.writeUInt32BE(l1Entries, 36);
  image.writeBigUInt64BE(offsetOf(layout.l1Table), 40);
  image.writeBigUInt64BE(offsetOf(layout.refcountTable), 48);
  image.writeUInt32BE(1, 56); // clusters of the refcount table
  image.writeUInt32BE(REFCOUNT_ORDER, 96); // a count has 2^4 bits
  image.writeUInt32BE(HEADER_BYTES, 100);
}

function offsetOf(cluster: number): bigint {
  return BigInt(cluster * CLUSTER_BYTES);
}
