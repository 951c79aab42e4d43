/** A QCOW2 image of 1 GiB as the secondary storage VM has received it, without its bytes. */
export const receivedImage = {
  fileName: 'root.qcow2',
  bytes: 4_096,
  digest: 'ab',
  content: {
    kind: 'qcow2',
    description: 'QEMU QCOW2 Image (v3), 1073741824 bytes',
    sizeBytes: 4_096,
    virtualSizeBytes: 2 ** 30,
    isBroken: false,
  },
  unpacked: null,
  broken: null,
} as const;
