// What it takes to have an image of 2 GiB come in: the most memory that the simulator's process ever
// held, with a large image compared with a small one, uploaded and downloaded.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { signedQuery, type Reply, type Values } from '../../support/signed-client.js';
import { qcow2Image } from '../../support/qcow2-image.js';
import type { Figure, Measurement } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { startSimulator, type Server } from '../server.js';

const MIB = 2 ** 20;
/** How often it is asked whether a download has ended. */
const LOOK_MS = 100;
const BOUNDARY = 'image-boundary';

export const images: Measurement = {
  name: 'images',
  asks: 'Does the memory of the simulator stay flat while an image of 2 GiB comes in?',
  run: async ({ isQuick, progress }) => {
    const [large, small] = isQuick ? [2 * MIB, MIB] : [2_048 * MIB, 20 * MIB];
    const pairs = isQuick ? 1 : 3;
    const figures: Figure[] = [];
    for (const [name, bring] of [
      ['upload', uploadTo],
      ['download', downloadTo],
    ] as const) {
      const told = (state: string): void => progress(`${name} ${state}`);
      const { peak } = await measurePairs(
        { pairs, warmUps: 0, progress: told },
        () => peakWith(bring, large),
        () => peakWith(bring, small),
      );
      figures.push({
        name: `${name} peak`,
        subject: `most memory during the ${name} of ${large / MIB} MiB`,
        yardstick: `of ${small / MIB} MiB`,
        unit: 'MiB',
        limit: 1.25,
        pairs: peak,
      });
    }
    return figures;
  },
};

type Bring = (server: Server, bytes: number) => Promise<void>;

async function peakWith(bring: Bring, bytes: number): Promise<Costs<'peak'>> {
  const world = { ...advancedKvm, settings: { 'ssvm.allowLoopback': true } };
  await using server = await startSimulator({ world });
  await bring(server, bytes);
  return { peak: (await server.ask('memory')).peakMiB };
}

async function uploadTo(server: Server, bytes: number): Promise<void> {
  const registered = await call(server, 'getUploadParamsForTemplate', await templateOf(server));
  const params = registered['getuploadparams'] as Record<string, string>;
  const head =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="root.qcow2"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const outgoing = request(params['postURL'] ?? '', {
    method: 'POST',
    headers: {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': head.length + bytes + tail.length,
      'x-signature': params['signature'],
      'x-metadata': params['metadata'],
      'x-expires': params['expires'],
    },
  });
  Readable.from(formOf(head, bytes, tail)).pipe(outgoing);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`the upload was answered with: ${answer}`);
}

function* formOf(head: string, bytes: number, tail: string): Generator<Buffer> {
  yield Buffer.from(head);
  yield* imageOf(bytes);
  yield Buffer.from(tail);
}

async function downloadTo(server: Server, bytes: number): Promise<void> {
  const source = createServer(({ method }, response) => {
    response.writeHead(200, { 'content-length': bytes });
    if (method === 'HEAD') response.end();
    else Readable.from(imageOf(bytes)).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(source, 'listening');
  try {
    const { port } = source.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/root.qcow2`;
    const values = { ...(await templateOf(server)), url };
    const { template } = await call(server, 'registerTemplate', values);
    const { id } = (template as Reply[])[0] ?? {};
    await untilReady(server, String(id));
  } finally {
    source.close();
    await once(source, 'close');
  }
}

async function untilReady(server: Server, id: string): Promise<void> {
  for (;;) {
    const { template } = await call(server, 'listTemplates', { templatefilter: 'self', id });
    const { isready, status } = (template as Reply[])[0] ?? {};
    if (isready === true) return;
    if (!/^$|Downloaded|Installing/.test(String(status))) throw new Error(String(status));
    await pause(LOOK_MS);
  }
}

/** A QCOW2 image of so many bytes, never in memory as a whole. */
function* imageOf(bytes: number): Generator<Buffer> {
  const header = qcow2Image(3 * 2 ** 30, 4_096);
  yield header;
  const zeros = Buffer.alloc(MIB);
  for (let left = bytes - header.length; left > 0; left -= zeros.length) {
    yield zeros.subarray(0, Math.min(left, zeros.length));
  }
}

async function templateOf(server: Server): Promise<Values> {
  const [zones, osTypes] = await Promise.all([
    call(server, 'listZones', {}),
    call(server, 'listOsTypes', {}),
  ]);
  return {
    name: 'stemcell',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: idIn(zones['zone']),
    ostypeid: idIn(osTypes['ostype']),
  };
}

function idIn(rows: unknown): string {
  return String((rows as Reply[])[0]?.['id']);
}

async function call({ origin, keys }: Server, command: string, values: Values): Promise<Reply> {
  const response = await fetch(`${origin}/client/api?${signedQuery(keys, command, values)}`);
  const body = (await response.json()) as Reply;
  const content = Object.values(body)[0] as Reply;
  if (!response.ok) throw new Error(`${command}: ${JSON.stringify(content)}`);
  return content;
}
