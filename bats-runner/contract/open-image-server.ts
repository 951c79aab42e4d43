import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { emptyQcow2 } from '../stemcell/qcow2.js';
import { stemcellDiskMib } from '../stemcell/stemcell-image.js';

/** A server from which a cloud on this machine can download the disk of a stemcell. */
export interface ImageServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves a disk, and nothing else, on a free port of the loopback address. */
export async function openImageServer(): Promise<ImageServer> {
  const disk = emptyQcow2(stemcellDiskMib);
  const path = '/stemcell.qcow2';
  const server = createServer((request, response) => {
    if (request.url !== path) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': disk.length }).end(disk);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
