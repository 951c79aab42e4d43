// Proves that servers that send too much, too little, too slowly or without an end leave a template in
// the state and with the text that CloudStack has for it, keep nobody else waiting, and leave no
// connection open.
import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { fetchImage } from '../../../simulator/ssvm/fetch-image.js';
import { testSimulator, type Reply, type TestWorld } from '../../support/simulator-client.js';
import { deployment } from '../../support/simulator-vms.js';
import {
  downloaded,
  downloadingWorld,
  downloadsEnded,
  registered,
  whileServing,
} from '../../support/template-downloads.js';
import { listedTemplate, qcow2Image, uploadParams } from '../../support/template-uploads.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const image = qcow2Image(3 * GIB, 100_000);

/** What is left of a template after its download from a server, and whether the server was let go. */
async function after(
  serve: (response: ServerResponse) => void,
  { path = '/root.qcow2', world = downloadingWorld() }: { path?: string; world?: TestWorld } = {},
): Promise<Reply> {
  let template: Reply = {};
  let closed: Promise<unknown> = Promise.resolve();
  const listener: RequestListener = (request, response) => {
    request.socket.on('error', () => undefined);
    closed = new Promise((resolve) => request.socket.once('close', resolve));
    serve(response);
  };
  await whileServing(listener, async (origin) => {
    template = await downloaded(world, `${origin}${path}`);
    await closed;
  });
  return template;
}

/** Sends the same bytes again and again until nobody takes them any more. */
function sendWithoutEnd(response: ServerResponse, first: Buffer, chunk: Buffer): void {
  response.write(first);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

test('noise without an end is broken off after the first mebibyte', async () => {
  const { status, isready } = await after((response) => {
    sendWithoutEnd(response, Buffer.alloc(MIB, 7), Buffer.alloc(MIB, 7));
  });
  expect([status, isready]).toEqual([
    'Failed to install: Template content is unsupported, or mismatch between selected format and template content. Found  :  data',
    false,
  ]);
});

test('an image without an end is as long as the largest template', async () => {
  const maxGib = 4 / 1024;
  const world = downloadingWorld({ 'max.template.iso.size': maxGib });
  const template = await after((response) => sendWithoutEnd(response, image, Buffer.alloc(MIB)), {
    world,
  });
  expect(template).toMatchObject({
    status: 'Download Complete',
    size: 3 * GIB,
    physicalsize: maxGib * GIB,
  });
});

test('of more than a header says only so much is taken', async () => {
  const template = await after((response) => {
    response.setHeader('x-file-size', 50_000);
    response.write(image.subarray(0, 60_000));
    response.end(image.subarray(60_000));
  });
  expect(template).toMatchObject({ status: 'Download Complete', physicalsize: 50_000 });
});

test('less than a header says is asked for again, from where it ended', async () => {
  const { status } = await after((response) => {
    response.setHeader('x-file-size', image.length + 1);
    response.write(image.subarray(0, 60_000));
    response.end(image.subarray(60_000));
  });
  expect(status).toBe('HTTP Server does not support partial get');
});

test('a packed image that is cut off cannot be unpacked', async () => {
  const packed = gzipSync(Buffer.concat([image, Buffer.from(String(Math.PI).repeat(9_999))]));
  const cut = packed.subarray(0, packed.length - 100);
  const { status } = await after(
    (response) => {
      response.setHeader('content-length', cut.length);
      response.end(cut);
    },
    { path: '/root.qcow2.gz' },
  );
  expect(status).toMatch(/^Failed post download script: failed to uncompress /);
});

test('a server that falls silent keeps its template waiting, and nobody else', async () => {
  let hostMs = 0;
  const { simulator, user, admin } = testSimulator({
    fetchImage,
    clock: 'auto',
    hostNowMs: () => hostMs,
  });
  const world: TestWorld = { simulator, user, admin };
  simulator.world.settings.set('ssvm.allowLoopback', true);
  let fallOver = (): void => undefined;
  const goesOn = new Promise<void>((resolve) => {
    simulator.subscribe(() => {
      const images = simulator.world.templateZones.all();
      if (images.some(({ download }) => (download?.receivedBytes ?? 0) > 0)) resolve();
    });
  });
  await whileServing(
    (_request, response) => {
      fallOver = () => response.socket?.resetAndDestroy();
      response.writeHead(200, { 'content-length': image.length });
      response.write(image.subarray(0, 10_000));
    },
    async (origin) => {
      const id = registered(world, `${origin}/root.qcow2`)['id'] as string;
      await goesOn;
      const { jobid } = user.call('deployVirtualMachine', deployment(world));
      const status = (): unknown => user.call('queryAsyncJobResult', { jobid })['jobstatus'];
      expect(status()).toBe(0);
      hostMs += 10_001;
      // Every request lets time go on, as far as nobody holds it.
      expect([status(), status()].at(-1)).toBe(1);
      expect(listedTemplate(user, id)).toMatchObject({ isready: false, status: '10% Downloaded' });
      fallOver();
      await downloadsEnded(world);
      expect(listedTemplate(user, id)).toMatchObject({
        isready: false,
        status: 'Connection reset',
      });
    },
  );
});

test('an upload that still comes when its time is over ends in UploadError', () => {
  const world = testSimulator();
  const { simulator, user } = world;
  const { id, postURL, signature, metadata, expires } = uploadParams(world, user);
  const begun = simulator.upload({
    kind: 'begun',
    uploadId: id,
    method: 'POST',
    signature,
    metadata,
    expires,
    host: new URL(postURL).host,
    contentLength: image.length,
  });
  expect(begun.status).toBe(100);
  simulator.kernel.advanceBy(60 * 60_000);
  expect(listedTemplate(user, id)).toMatchObject({ isready: false, status: '0% Downloaded' });
  simulator.kernel.advanceBy(2 * 60_000);
  expect(listedTemplate(user, id)).toMatchObject({ isready: false, status: 'UploadError' });
  user.done('deleteTemplate', { id });
});
