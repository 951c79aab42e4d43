// Proves that a stemcell's image file is recognised by its content, that exactly the right bytes
// come out of it, and that damaged files are refused. Files are made here, as small as they can be.
import { expect, test } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { ImageError } from '../../../cpi/stemcells/image-error.js';
import { openImage } from '../../../cpi/stemcells/image.js';
import { bzip2, openstackImage, qcow2, rawDisk, tar, vhd } from '../support/stemcell-files.js';

async function fileWith(content: Buffer): Promise<string> {
  const path = test.info().outputPath('image');
  await writeFile(path, content);
  return path;
}

async function contentOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Known {
  readonly title: string;
  readonly file: () => Buffer | Promise<Buffer>;
  readonly format: string;
  readonly fileName: string;
  /** What is uploaded, where it is not the file itself. */
  readonly content?: Buffer;
}

const known: readonly Known[] = [
  {
    title: 'a gzip tar with root.img in qcow2 (OpenStack)',
    file: () => openstackImage(),
    format: 'QCOW2',
    fileName: 'root.qcow2',
    content: qcow2(),
  },
  {
    title: 'a gzip tar with ./root.img in raw between other files',
    file: async () =>
      gzipSync(await tar({ a: Buffer.from('a'), './root.img': rawDisk(), z: Buffer.alloc(3000) })),
    format: 'RAW',
    fileName: 'root.raw',
    content: rawDisk(),
  },
  {
    title: 'a plain tar with root.img',
    file: () => tar({ 'root.img': qcow2(70_000) }),
    format: 'QCOW2',
    fileName: 'root.qcow2',
    content: qcow2(70_000),
  },
  {
    title: 'bzip2 of a VHD (CloudStack)',
    file: () => bzip2,
    format: 'VHD',
    fileName: 'image.vhd.bz2',
  },
  { title: 'qcow2', file: () => qcow2(), format: 'QCOW2', fileName: 'image.qcow2' },
  {
    title: 'qcow2 in gzip',
    file: () => gzipSync(qcow2()),
    format: 'QCOW2',
    fileName: 'image.qcow2.gz',
  },
  { title: 'a raw disk', file: () => rawDisk(), format: 'RAW', fileName: 'image.raw' },
  { title: 'a dynamic VHD', file: () => vhd('dynamic'), format: 'VHD', fileName: 'image.vhd' },
  { title: 'a fixed VHD', file: () => vhd('fixed'), format: 'VHD', fileName: 'image.vhd' },
  {
    title: 'an OVA',
    file: () => tar({ 'image.ovf': Buffer.from('<x/>'), 'image-disk1.vmdk': Buffer.alloc(10) }),
    format: 'OVA',
    fileName: 'image.ova',
  },
  {
    title: 'an OVA in gzip',
    file: async () => gzipSync(await tar({ 'image.ovf': Buffer.from('<x/>') })),
    format: 'OVA',
    fileName: 'image.ova.gz',
  },
];

for (const { title, file, format, fileName, content } of known) {
  test(`recognises ${title}`, async () => {
    const bytes = await file();
    const image = await openImage(await fileWith(bytes));
    const expected = content ?? bytes;
    expect([image.format, image.fileName, image.bytes]).toEqual([
      format,
      fileName,
      expected.length,
    ]);
    expect(expected.equals(await contentOf(image.open()))).toBe(true);
    expect(expected.equals(await contentOf(image.open()))).toBe(true);
  });
}

const noise = (): Buffer => Buffer.concat([qcow2(512), randomBytes(200_000)]);

const refused: readonly (readonly [title: string, file: () => Promise<Buffer>, says: RegExp])[] = [
  ['an empty file', () => Promise.resolve(Buffer.alloc(0)), /the file is empty/],
  ['a text', () => Promise.resolve(Buffer.from('hello')), /it is no stemcell image/],
  ['a raw disk of zeros', () => Promise.resolve(Buffer.alloc(4096)), /raw disk needs .* 55 AA/],
  ['a text in gzip', () => Promise.resolve(gzipSync('hello')), /it is no stemcell image/],
  [
    'a tar without root.img',
    async () => gzipSync(await tar({ 'stemcell.MF': Buffer.from('x'), image: Buffer.from('y') })),
    /the tar has no root\.img; it has: stemcell\.MF, image/,
  ],
  [
    'a tar whose root.img is no disk',
    async () => gzipSync(await tar({ 'root.img': Buffer.from('hello') })),
    /its root\.img is no disk/,
  ],
  [
    'a gzip tar that is cut off in its content',
    async () => (await openstackImage(noise())).subarray(0, 100_000),
    /the gzip file is cut off/,
  ],
  [
    'a gzip tar without its last bytes',
    async () => (await openstackImage(noise())).subarray(0, -4),
    /the gzip file is cut off/,
  ],
  [
    'a gzip tar with a damaged byte',
    async () => {
      const file = Buffer.from(await openstackImage(noise()));
      file[100_000] = (file[100_000] ?? 0) ^ 0xff;
      return file;
    },
    /damaged/,
  ],
  [
    'a plain tar that is cut off',
    async () => (await tar({ 'root.img': noise() })).subarray(0, 100_000),
    /the tar is damaged or cut off/,
  ],
  [
    'a gzip qcow2 that is cut off',
    () => Promise.resolve(gzipSync(noise()).subarray(0, -9)),
    /the gzip file is cut off/,
  ],
  [
    'a bzip2 file that is cut off',
    () => Promise.resolve(bzip2.subarray(0, -1)),
    /the bzip2 file is damaged or cut off/,
  ],
];

for (const [title, file, says] of refused) {
  test(`refuses ${title}`, async () => {
    const path = await fileWith(await file());
    const opened = openImage(path);
    await expect(opened).rejects.toThrow(ImageError);
    await expect(opened).rejects.toThrow(says);
    await expect(opened).rejects.toThrow(path);
  });
}

test('refuses a path where there is no file', async () => {
  const missing = test.info().outputPath('missing');
  await expect(openImage(missing)).rejects.toThrow(/missing: there is no such file/);
  await expect(openImage(test.info().outputDir)).rejects.toThrow(/there is no such file|no file/);
});

test('refuses a folder, and a device', async () => {
  for (const path of [tmpdir(), '/dev/null']) {
    await expect(openImage(path)).rejects.toThrow(ImageError);
    await expect(openImage(path)).rejects.toThrow(path);
  }
});

test('a file that goes away before it is read fails the stream', async () => {
  const path = await fileWith(qcow2());
  const image = await openImage(path);
  const { rm } = await import('node:fs/promises');
  await rm(path);
  await expect(contentOf(image.open())).rejects.toThrow(ImageError);
});

test('a reader may stop half-way', async () => {
  const image = await openImage(await fileWith(await openstackImage(noise())));
  for await (const chunk of image.open()) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
});
