import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** The beginning of a QCOW2 image, and content that does not compress away. */
export function qcow2(bytes = 5000): Buffer {
  const image = Buffer.alloc(bytes, 'qcow2 content ');
  Buffer.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]).copy(image);
  return image;
}

/** A raw disk with a boot sector. */
export function rawDisk(bytes = 4096): Buffer {
  const image = Buffer.alloc(bytes);
  image[510] = 0x55;
  image[511] = 0xaa;
  return image;
}

/** A VHD: dynamic ones begin with the cookie, fixed ones are a disk that ends with it. */
export function vhd(kind: 'dynamic' | 'fixed'): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix', 'latin1');
  return kind === 'dynamic'
    ? Buffer.concat([footer, Buffer.alloc(2048, 1), footer])
    : Buffer.concat([rawDisk(), footer]);
}

/** `bzip2` of the text "a small VHD, as it were\n". */
export const bzip2 = Buffer.from(
  '425a6839314159265359aa1eb3eb0000055780001040040440010022261c802000314c000147a9a0f29b49c3125f4a4a43a12bcc4563e2ee48a70a121543d67d60',
  'hex',
);

/** A tar with these files. */
export async function tar(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What bosh.io publishes for KVM: a gzip tar with `root.img`. */
export async function openstackImage(disk = qcow2()): Promise<Buffer> {
  return gzipSync(await tar({ 'root.img': disk }));
}
