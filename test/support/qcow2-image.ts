// An image of a few bytes that passes for one of any size.

const MIB = 1024 ** 2;

/** A QCOW2 header with a virtual size, padded to a size that a file could have. */
export function qcow2Image(virtualBytes = 3 * 1024 * MIB, bytes = 4_096): Buffer {
  const image = Buffer.alloc(bytes);
  image.write('QFI\xfb', 0, 'latin1');
  image.writeUInt32BE(3, 4);
  image.writeBigUInt64BE(BigInt(virtualBytes), 24);
  return image;
}
