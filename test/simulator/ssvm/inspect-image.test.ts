// Proves by the first and last bytes of files that their kind, their virtual size and the words
// that `file` has for them are found, and which names fit which content.
import { expect, test } from '@playwright/test';
import { declaredPacking, inspectImage, nameFits } from '../../../simulator/ssvm/inspect-image.js';
import type { ImageContent } from '../../../simulator/ssvm/image-content.js';
import { qcow2Image, tarBlock, vhdFooter } from '../../support/template-uploads.js';

function inspect(file: Buffer): ImageContent {
  return inspectImage(file.subarray(0, 1_024), file.subarray(-512), file.length);
}

test('a QCOW2 header tells the virtual size', () => {
  expect(inspect(qcow2Image(123_456))).toEqual({
    kind: 'qcow2',
    description: 'QEMU QCOW2 Image (v3), 123456 bytes',
    sizeBytes: 4_096,
    virtualSizeBytes: 123_456,
    isBroken: false,
  });
});

test('QCOW2 files that CloudStack does not take are broken', () => {
  const withBackingFile = qcow2Image();
  withBackingFile.writeBigUInt64BE(512n, 8);
  const ofVersion1 = qcow2Image();
  ofVersion1.writeUInt32BE(1, 4);
  for (const file of [withBackingFile, ofVersion1, qcow2Image(0), qcow2Image().subarray(0, 10)]) {
    expect(inspect(file)).toMatchObject({ kind: 'qcow2', isBroken: true });
  }
});

test('a VHD is known by its footer, at the beginning or at the end', () => {
  const size = { kind: 'vhd', virtualSizeBytes: 777 };
  expect(inspect(Buffer.concat([vhdFooter(777), Buffer.alloc(2_000)]))).toMatchObject(size);
  expect(inspect(Buffer.concat([Buffer.alloc(2_000), vhdFooter(777)]))).toMatchObject(size);
  expect(inspect(vhdFooter(777).subarray(0, 20))).toMatchObject({ virtualSizeBytes: null });
});

const bootSector = Buffer.alloc(1_024);
bootSector.writeUInt16LE(0xaa55, 510);

for (const [kind, file] of [
  ['tar', tarBlock()],
  ['boot-sector', bootSector],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
  ['bzip2', Buffer.from('BZh9')],
  ['zip', Buffer.from('PK\x03\x04')],
  ['vhdx', Buffer.from('vhdxfile')],
  ['vmdk', Buffer.from('KDMV')],
  ['text', Buffer.from('Not Found\n')],
  ['data', Buffer.from([0, 1, 2, 3])],
  ['empty', Buffer.alloc(0)],
] as const) {
  test(`${kind} is recognised`, () => {
    expect(inspect(file).kind).toBe(kind);
  });
}

test('names declare their packing in any case', () => {
  expect(declaredPacking('root.qcow2.GZ')).toBe('gz');
  expect(declaredPacking('root.vhd.bz2')).toBe('bz2');
  expect(declaredPacking('root.ova.zip')).toBe('zip');
  expect(declaredPacking('root.qcow2')).toBeUndefined();
  expect(declaredPacking('gz')).toBeUndefined();
});

for (const [name, description, fits] of [
  ['root.qcow2', 'QEMU QCOW2 Image (v3), 1 bytes', true],
  ['ROOT.QCOW2.gz', 'QEMU QCOW2 Image (v3), 1 bytes (gzip compressed data)', true],
  ['root.img', 'QEMU QCOW2 Image (v3), 1 bytes', false],
  ['root.raw', 'data', true],
  ['root.img', 'DOS/MBR boot sector', true],
  ['root.vhd', 'Microsoft Disk Image, Virtual Server or Virtual PC', true],
  ['root.vhd', 'DOS/MBR boot sector', false],
  ['root.ova', 'POSIX tar archive', true],
  ['root.raw', 'empty', false],
  ['root.iso', 'data', false],
  ['QCOW2', 'QEMU QCOW2 Image (v3), 1 bytes', true],
  ['RAW', 'QEMU QCOW2 Image (v3), 1 bytes', false],
] as const) {
  test(`${name} ${fits ? 'fits' : 'does not fit'} "${description}"`, () => {
    expect(nameFits(name, description)).toBe(fits);
  });
}
