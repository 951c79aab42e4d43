import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { emptyQcow2 } from './qcow2.js';

/** The virtual size of the disk in the image. */
export const stemcellDiskMib = 64;

/**
 * The `image` file of a stemcell as bosh.io publishes it for KVM: a gzip tar that holds
 * `root.img`, here an empty QCOW2 disk. The same bytes each time.
 */
export function stemcellImage(): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'root.img', mode: 0o644, mtime: new Date(0) }, emptyQcow2(stemcellDiskMib));
  tar.finalize();
  return buffer(tar.pipe(createGzip({ level: 9 })));
}
