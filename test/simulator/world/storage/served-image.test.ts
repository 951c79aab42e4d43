// Proves that images without content, which the secondary storage VM serves, are whole files of their
// formats all the same: read here as the formats' own descriptions say, at sizes on and beside their
// borders.
import { expect, test } from '@playwright/test';
import { servedImage } from '../../../../simulator/world/storage/served-image.js';

const MIB = 1024 ** 2;

function file(format: string, virtualBytes: number): Buffer {
  const { bytes, content } = servedImage(format, virtualBytes);
  const whole = Buffer.concat([...content()]);
  expect(whole).toHaveLength(bytes);
  return whole;
}

/** The ones' complement of the sum of all bytes, the sum's own four left out. */
function checksum(part: Buffer, at: number): number {
  const others = Buffer.from(part).fill(0, at, at + 4);
  return ~others.reduce((sum, byte) => sum + byte, 0) >>> 0;
}

for (const [what, virtualBytes, blocks] of [
  ['as large as whole blocks', 4 * MIB, 2],
  ['a byte larger', 4 * MIB + 1, 3],
  ['whose table takes more than a sector', 2 * 129 * MIB, 129],
] as const) {
  test(`a VHD ${what} is a dynamic disk without blocks`, () => {
    const vhd = file('VHD', virtualBytes);
    const footer = vhd.subarray(0, 512);
    expect(footer.toString('latin1', 0, 8)).toBe('conectix');
    expect(vhd.subarray(-512)).toEqual(footer);
    expect([footer.readUInt32BE(12), footer.readUInt32BE(60)]).toEqual([0x1_0000, 3]);
    expect(footer.readBigUInt64BE(40)).toBe(BigInt(virtualBytes));
    expect(footer.readBigUInt64BE(48)).toBe(BigInt(virtualBytes));
    expect(footer.readUInt32BE(64)).toBe(checksum(footer, 64));
    const headerAt = Number(footer.readBigUInt64BE(16));
    const header = vhd.subarray(headerAt, headerAt + 1024);
    expect(header.toString('latin1', 0, 8)).toBe('cxsparse');
    expect([header.readUInt32BE(24), header.readUInt32BE(32)]).toEqual([0x1_0000, 2 * MIB]);
    expect(header.readUInt32BE(28)).toBe(blocks);
    expect(header.readUInt32BE(36)).toBe(checksum(header, 36));
    const tableAt = Number(header.readBigUInt64BE(16));
    expect(tableAt).toBe(headerAt + 1024);
    const table = vhd.subarray(tableAt, -512);
    expect(table).toHaveLength(Math.ceil((blocks * 4) / 512) * 512);
    expect(table.every((byte) => byte === 0xff)).toBe(true);
  });
}

test('an OVA is a tar of a description and the disk that it names', () => {
  const ova = file('OVA', 3 * MIB);
  expect(ova.length % 512).toBe(0);
  const entries: Record<string, string> = {};
  let at = 0;
  while (ova[at] !== 0) {
    const text = (from: number, to: number): string => ova.toString('latin1', at + from, at + to);
    expect(text(257, 263)).toBe('ustar\0');
    const header = Buffer.from(ova.subarray(at, at + 512)).fill(' ', 148, 156);
    expect(parseInt(text(148, 154), 8)).toBe(header.reduce((sum, byte) => sum + byte, 0));
    const length = parseInt(text(124, 135), 8);
    entries[text(0, 100).replace(/\0.*/s, '')] = text(512, 512 + length);
    at += 512 + Math.ceil(length / 512) * 512;
  }
  expect(Object.keys(entries)).toEqual(['disk.ovf', 'disk.vmdk']);
  expect(entries['disk.ovf']).toContain(`capacity="${3 * MIB}"`);
  expect(entries['disk.ovf']).toContain('<File href="disk.vmdk"');
  expect(entries['disk.vmdk']).toMatch(/^KDMV/);
  expect(ova.subarray(at).every((byte) => byte === 0)).toBe(true);
  expect(ova.length - at).toBe(1024);
});

test('an ISO has its first descriptor where it is looked for, if it is so long', () => {
  const iso = file('ISO', MIB);
  expect(iso.toString('latin1', 0x8000, 0x8007)).toBe('\x01CD001\x01');
  expect(iso.subarray(0, 512).every((byte) => byte === 0)).toBe(true);
  for (const bytes of [100, 0x8000]) expect(file('ISO', bytes)).toHaveLength(bytes);
});

test('a disk as it is has the sign of a first sector, and nothing else', () => {
  const disk = file('RAW', MIB);
  expect(disk.subarray(510, 512)).toEqual(Buffer.of(0x55, 0xaa));
  expect(disk.filter((byte) => byte !== 0)).toHaveLength(2);
});
