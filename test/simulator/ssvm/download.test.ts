// Proves that the secondary storage VM really fetches templates, and that everything that can go
// wrong with a server, a connection or an image ends with the status that CloudStack shows for it.
import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import {
  downloaded,
  downloadingWorld,
  downloadsEnded,
  registered,
  whileServing,
} from '../../support/template-downloads.js';
import type { DownloadOutcome } from '../../../simulator/ssvm/receive-download.js';
import { listedTemplate, qcow2Image } from '../../support/template-uploads.js';
import type { Reply, Values } from '../../support/simulator-client.js';

const GIB = 1024 ** 3;
const image = qcow2Image(3 * GIB, 100_000);
const digest = (algorithm: string): string => createHash(algorithm).update(image).digest('hex');

const sendImage: RequestListener = (_request, response) => {
  response.setHeader('content-length', image.length);
  response.end(image);
};

/** What the status of a template is after its download from a server. */
async function statusAfter(
  serve: RequestListener,
  { path = '/root.qcow2', ...values }: { path?: string } & Values = {},
  settings: Values = {},
): Promise<Reply> {
  const world = downloadingWorld(settings);
  let template: Reply = {};
  await whileServing(serve, async (origin) => {
    template = await downloaded(world, `${origin}${path}`, values);
  });
  return template;
}

test('one GET without redirects, as Apache’s client sends it', async () => {
  const requests: IncomingMessage[] = [];
  const template = await statusAfter((request, response) => {
    requests.push(request);
    sendImage(request, response);
  });
  expect(requests.map(({ method, url }) => [method, url])).toEqual([['GET', '/root.qcow2']]);
  expect(requests[0]!.headers['user-agent']).toBe('Jakarta Commons-HttpClient/3.1');
  expect(template).toMatchObject({
    status: 'Download Complete',
    isready: true,
    size: 3 * GIB,
    physicalsize: image.length,
    checksum: digest('sha512'),
  });
});

test('the status goes from nothing over percents and the installation to the end', async () => {
  const world = downloadingWorld({
    'duration.template.download': 20_000,
    'duration.template.install': 5_000,
  });
  await whileServing(sendImage, async (origin) => {
    const { id, status, isready } = registered(world, `${origin}/root.qcow2`);
    expect([status, isready]).toEqual(['', false]);
    await downloadsEnded(world);
    const seen: unknown[] = [];
    for (let second = 0; second <= 40; second += 1) {
      const { status: now } = listedTemplate(world.user, id as string)!;
      if (seen.at(-1) !== now) seen.push(now);
      world.simulator.kernel.advanceBy(1_000);
    }
    expect(seen).toEqual([
      '',
      '15% Downloaded',
      '65% Downloaded',
      'Installing Template',
      'Download Complete',
    ]);
  });
});

test('chunks, with and without a size beside them', async () => {
  const chunked: RequestListener = (_request, response) => {
    response.write(image.subarray(0, 50_000));
    response.end(image.subarray(50_000));
  };
  expect(await statusAfter(chunked)).toMatchObject({ status: 'Download Complete' });
  const sized: RequestListener = (request, response) => {
    response.setHeader('x-file-size', image.length);
    chunked(request, response);
  };
  expect(await statusAfter(sized)).toMatchObject({ status: 'Download Complete', size: 3 * GIB });
});

test('chunks without a size are a part of the largest image, also while they are installed', () => {
  const ends: ((outcome: DownloadOutcome) => void)[] = [];
  const tell: ((receivedBytes: number, expectedBytes: number | null) => void)[] = [];
  const world = downloadingWorld(
    { 'max.template.iso.size': 4, 'duration.template.install': 20_000 },
    {
      fetchImage: (_, { onProgress }) =>
        new Promise((resolve) => {
          tell.push(onProgress);
          ends.push(resolve);
        }),
    },
  );
  const { id } = registered(world, 'http://198.51.100.7/root.qcow2');
  const status = (): unknown => {
    world.simulator.kernel.advanceBy(10_000);
    return listedTemplate(world.user, id as string)?.['status'];
  };
  tell[0]!(GIB, null);
  expect(status()).toBe('25% Downloaded');
  tell[0]!(2 * GIB, null);
  expect(status()).toBe('50% Downloaded');
  ends[0]!({ kind: 'failed', errorText: 'Connection reset' });
  return downloadsEnded(world).then(() => expect(status()).toBe('Connection reset'));
});

test('a packed image is unpacked, and measured as it then is', async () => {
  const packed = gzipSync(image);
  const send: RequestListener = (_request, response) => {
    response.setHeader('content-length', packed.length);
    response.end(packed);
  };
  expect(await statusAfter(send, { path: '/root.qcow2.gz' })).toMatchObject({
    status: 'Download Complete',
    size: 3 * GIB,
    physicalsize: image.length,
    checksum: createHash('sha512').update(packed).digest('hex'),
  });
});

test.describe('checksums are over the file as it came', () => {
  for (const [name, checksum] of [
    ['bare digits are MD5', digest('md5')],
    ['SHA-256 by its name in Java', `{SHA-256}${digest('sha256')}`],
  ] as const) {
    test(name, async () => {
      expect(await statusAfter(sendImage, { checksum })).toMatchObject({
        status: 'Download Complete',
        checksum: checksum.replace(/^\{.*\}/, ''),
      });
    });
  }

  test('another content', async () => {
    const checksum = `{SHA-1}${'0'.repeat(40)}`;
    const { status, isready } = await statusAfter(sendImage, { checksum });
    expect([status, isready]).toEqual([
      `Failed post download script: checksum "{SHA-1}${digest('sha1')}" didn't match the given value, "${checksum}"`,
      false,
    ]);
  });

  test('an algorithm that there is not: nobody fetches the file, and after a minute it has failed', async () => {
    const world = downloadingWorld({});
    let requests = 0;
    const count: RequestListener = (request, response) => {
      requests += 1;
      sendImage(request, response);
    };
    await whileServing(count, async (origin) => {
      const { id } = registered(world, `${origin}/root.qcow2`, { checksum: '{CRC32}00' });
      const seen = (): unknown => listedTemplate(world.user, id as string);
      expect(seen()).toMatchObject({ status: 'invalid algorithm: {CRC32}00', isready: false });
      world.simulator.kernel.advanceBy(59_999);
      expect(seen()).toMatchObject({ status: 'invalid algorithm: {CRC32}00' });
      world.simulator.kernel.advanceBy(1);
      expect(seen()).toMatchObject({
        status: 'Timeout waiting for response from storage host',
        isready: false,
        downloaddetails: [{ downloadState: 'DOWNLOAD_ERROR' }],
      });
      await downloadsEnded(world);
      expect(requests).toBe(0);
      world.user.done('deleteTemplate', { id: id as string });
    });
  });
});

const answers: readonly (readonly [string, (response: ServerResponse) => void, string])[] = [
  [
    'a page that is not there',
    (response) => response.writeHead(404).end('nothing'),
    'HTTP Server returned 404 (expected 200 OK)',
  ],
  [
    'a body of unknown length that is not chunked',
    (response) => {
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
      response.removeHeader('transfer-encoding');
      response.writeHead(200, { connection: 'close' });
      response.end(image);
    },
    'Failed to receive length of download',
  ],
  [
    'more than the largest template',
    (response) => {
      response.writeHead(200, { 'content-length': 51 * GIB });
      response.write('Q');
    },
    'Download file size is too large',
  ],
  [
    'an empty file',
    (response) => response.writeHead(200, { 'content-length': 0 }).end(),
    'Failed post download script: The downloaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.',
  ],
  [
    'text with the name of an image',
    (response) => response.writeHead(200, { 'content-length': 5 }).end('hello'),
    'Failed to install: Template content is unsupported, or mismatch between selected format and template content. Found  :  ASCII text',
  ],
  [
    'an image with a broken header',
    (response) => {
      const broken = qcow2Image(0);
      response.writeHead(200, { 'content-length': broken.length }).end(broken);
    },
    'Failed post download script: The downloaded file is not a valid QCOW2. Ask the administrator to check the logs for more details.',
  ],
  [
    'chunks that break off',
    (response) => {
      response.write(image.subarray(0, 1_000), () => response.socket?.destroy());
    },
    'chunked stream ended unexpectedly',
  ],
  [
    'no answer at all',
    (response) => response.socket?.destroy(),
    'The server 127.0.0.1 failed to respond',
  ],
];

for (const [name, answer, status] of answers) {
  test(`${name}: ${status.slice(0, 60)}`, async () => {
    const template = await statusAfter((_request, response) => answer(response));
    expect([template['status'], template['isready']]).toEqual([status, false]);
  });
}

test('a redirection is not followed, and told with the URL', async () => {
  const asked: string[] = [];
  const world = downloadingWorld();
  await whileServing(
    (request, response) => {
      asked.push(request.url!);
      response.writeHead(302, { location: '/elsewhere.qcow2', 'content-length': 0 }).end();
    },
    async (origin) => {
      const url = `${origin}/root.qcow2`;
      const { status } = await downloaded(world, url);
      expect(status).toBe(`Failed to download ${url} due to redirection, response code: 302`);
      expect(asked).toEqual(['/root.qcow2']);
    },
  );
});

test('a body that ends too early is asked for again from there', async () => {
  const ranges: unknown[] = [];
  const { status } = await statusAfter((request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = image.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': rest.length });
    if (from > 0) response.end(rest);
    else response.write(rest.subarray(0, 1_000), () => response.socket?.end());
  });
  expect([status, ranges]).toEqual(['Download Complete', [undefined, 'bytes=1000-']]);
});

test('a server that cannot go on from there', async () => {
  let requests = 0;
  const { status } = await statusAfter((_request, response) => {
    requests += 1;
    response.writeHead(200, { 'content-length': image.length });
    response.write(image.subarray(0, 1_000), () => response.socket?.end());
  });
  expect([status, requests]).toEqual(['HTTP Server does not support partial get', 2]);
});

test('a connection that is reset in the midst', async () => {
  const world = downloadingWorld();
  let reset = (): void => undefined;
  world.simulator.subscribe(({ entity }) => {
    const { templateZones } = world.simulator.world;
    const hasProgress = templateZones.all().some((row) => (row.download?.receivedBytes ?? 0) > 0);
    if (entity === 'templatezone' && hasProgress) reset();
  });
  await whileServing(
    (_request, response) => {
      reset = () => response.socket?.resetAndDestroy();
      response.writeHead(200, { 'content-length': image.length });
      response.write(image.subarray(0, 10_000));
    },
    async (origin) => {
      const { status } = await downloaded(world, `${origin}/root.qcow2`);
      expect(status).toBe('Connection reset');
    },
  );
});

test('nobody listens', async () => {
  const world = downloadingWorld();
  let url = '';
  await whileServing(sendImage, (origin) => {
    url = `${origin}/root.qcow2`;
    return Promise.resolve();
  });
  expect(await downloaded(world, url)).toMatchObject({ status: 'Connection refused' });
});

test('what is fetched cannot be deleted; without a secondary storage VM it is fetched no further', async () => {
  const world = downloadingWorld();
  const [arrived, closed] = [signal(), signal()];
  await whileServing(
    (request, response) => {
      response.writeHead(200, { 'content-length': image.length });
      response.write(image.subarray(0, 1_000));
      request.socket.once('close', closed.give);
      arrived.give();
    },
    async (origin) => {
      const { id } = registered(world, `${origin}/root.qcow2`);
      await arrived.given;
      expect(world.user.run('deleteTemplate', { id: id as string })).toMatchObject({
        resultcode: 530,
      });
      world.simulator.setFaults([{ then: { effect: 'no-secondary-storage-vm' } }]);
      expect(listedTemplate(world.user, id as string)).toMatchObject({
        status: 'Storage agent or storage VM disconnected',
      });
      await closed.given;
      expect(world.user.done('deleteTemplate', { id })).toEqual({ success: true });
    },
  );
  const { templateZones } = world.simulator.world;
  expect(templateZones.all().every(({ download }) => download === null)).toBe(true);
});

test('a world that is saved in the midst of a download begins it again where it is loaded', async () => {
  const [first, second] = [downloadingWorld(), downloadingWorld()];
  const arrived = signal();
  let requests = 0;
  await whileServing(
    (request, response) => {
      requests += 1;
      if (requests > 1) sendImage(request, response);
      else response.writeHead(200, { 'content-length': image.length }).write('QFI');
      arrived.give();
    },
    async (origin) => {
      const { id } = registered(first, `${origin}/root.qcow2`);
      await arrived.given;
      second.simulator.load(first.simulator.save());
      first.simulator.close();
      await downloadsEnded(second);
      second.simulator.kernel.advanceUntilIdle();
      expect(listedTemplate(second.user, id as string)).toMatchObject({
        status: 'Download Complete',
        isready: true,
      });
    },
  );
});

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}
