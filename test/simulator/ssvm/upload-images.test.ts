// Proves which images are taken over real HTTP, with which virtual size, and that what does not
// fit its name, its format or CloudStack's script ends in UploadError with CloudStack's text.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../support/simulator-client.js';
import {
  formWith,
  listedTemplate,
  look,
  overHttp,
  qcow2Image,
  tarBlock,
  upload,
  uploadParams,
  vhdFooter,
} from '../../support/template-uploads.js';

const GIB = 1024 ** 3;

const images: readonly {
  readonly what: string;
  readonly format: string;
  readonly fileName: string;
  readonly content: Buffer;
  readonly size: number;
}[] = [
  {
    what: 'QCOW2',
    format: 'QCOW2',
    fileName: 'root.qcow2',
    content: qcow2Image(5 * GIB),
    size: 5 * GIB,
  },
  {
    what: 'packed QCOW2',
    format: 'QCOW2',
    fileName: 'root.qcow2.gz',
    content: gzipSync(qcow2Image(5 * GIB)),
    size: 5 * GIB,
  },
  {
    what: 'VHD',
    format: 'VHD',
    fileName: 'root.vhd',
    content: vhdFooter(4 * GIB),
    size: 4 * GIB,
  },
  {
    what: 'fixed VHD',
    format: 'VHD',
    fileName: 'root.vhd',
    content: Buffer.concat([Buffer.alloc(4_096), vhdFooter(4_096)]),
    size: 4_096,
  },
  {
    what: 'VHD packed by bzip2',
    format: 'VHD',
    fileName: 'root.vhd.bz2',
    content: Buffer.from('BZh91AY&SY and what follows'),
    size: 27,
  },
  {
    what: 'raw',
    format: 'RAW',
    fileName: 'root.img',
    content: Buffer.alloc(2_048, 1),
    size: 2_048,
  },
  {
    what: 'packed raw',
    format: 'RAW',
    fileName: 'root.raw.gz',
    content: gzipSync(Buffer.alloc(8_192)),
    size: 8_192,
  },
  { what: 'OVA', format: 'OVA', fileName: 'root.ova', content: tarBlock(), size: 1_024 },
];

for (const { what, format, fileName, content, size } of images) {
  test(`a ${what} image becomes a template of its size`, async () => {
    const world = testSimulator();
    await overHttp(world, async () => {
      const params = uploadParams(world, world.user, { format });
      expect(await upload(params, formWith(content, fileName))).toMatchObject({ status: 200 });
      look(world);
      expect(listedTemplate(world.user, params.id)).toMatchObject({ isready: true, size, format });
    });
  });
}

const mismatches: readonly {
  readonly what: string;
  readonly values: Record<string, string>;
  readonly fileName: string;
  readonly content: Buffer;
  readonly status: number;
  readonly text: string;
}[] = [
  {
    what: 'content that its name does not fit',
    values: {},
    fileName: 'root.qcow2',
    content: Buffer.alloc(2_048),
    status: 400,
    text: 'File type mismatch between the sent file and the actual content. Received:  data',
  },
  {
    what: 'a name without a known ending',
    values: {},
    fileName: 'root',
    content: qcow2Image(GIB),
    status: 400,
    text: `File type mismatch between the sent file and the actual content. Received:  QEMU QCOW2 Image (v3), ${String(GIB)} bytes`,
  },
  {
    what: 'an error page instead of an image',
    values: { format: 'RAW' },
    fileName: 'root.raw',
    content: Buffer.from('<html>not found</html>\n'),
    status: 400,
    text: 'File type mismatch between the sent file and the actual content. Received:  ASCII text',
  },
  {
    what: 'another format than the template’s',
    values: { format: 'RAW' },
    fileName: 'root.qcow2',
    content: qcow2Image(GIB),
    status: 500,
    text: `File type mismatch between uploaded file and selected format. Selected file format: RAW. Received:  QEMU QCOW2 Image (v3), ${String(GIB)} bytes`,
  },
  {
    what: 'a QCOW2 file with a broken header',
    values: {},
    fileName: 'root.qcow2',
    content: qcow2Image(0),
    status: 500,
    text: 'The uploaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.',
  },
  {
    what: 'a packed image that is cut off',
    values: {},
    fileName: 'root.qcow2.gz',
    content: gzipSync(qcow2Image(GIB, 50_000)).subarray(0, -10),
    status: 500,
    text: 'failed to uncompress root.qcow2.gz',
  },
  {
    what: 'a checksum in the parameters, even the right one',
    values: { checksum: createHash('md5').update(qcow2Image()).digest('hex') },
    fileName: 'root.qcow2',
    content: qcow2Image(),
    status: 500,
    text: 'Usage: createtmplt.sh: -t <template-fs> -n <templatename> -f <root disk file> -c <md5 cksum> -d <descr> -h  [-u] [-v]',
  },
];

for (const { what, values, fileName, content, status, text } of mismatches) {
  test(`${what} ends in UploadError`, async () => {
    const world = testSimulator();
    await overHttp(world, async () => {
      const params = uploadParams(world, world.user, values);
      expect(await upload(params, formWith(content, fileName))).toMatchObject({ status, text });
      look(world);
      expect(listedTemplate(world.user, params.id)).toMatchObject({
        isready: false,
        status: 'UploadError',
      });
    });
  });
}
