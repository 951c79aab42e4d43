// What tests of template uploads share: images of a few hundred bytes, forms that hold them, and a
// client that sends bytes as they are, so that broken requests can be sent, too.
import { connect, type Socket } from 'node:net';
import { listen, type Listening } from '../../simulator/doors/listen.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from './simulator-client.js';
import { idOf } from './simulator-vms.js';
import { cluster, storageWorld } from './simulator-volumes.js';

export { qcow2Image } from './qcow2-image.js';

/** A dynamic VHD's beginning: the copy of its footer. */
export function vhdFooter(virtualBytes: number): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix', 0, 'latin1');
  footer.writeBigUInt64BE(BigInt(virtualBytes), 48);
  return footer;
}

/** A tar's first block, as OVA files have it. */
export function tarBlock(): Buffer {
  const block = Buffer.alloc(1_024);
  block.write('disk.ovf', 0, 'latin1');
  block.write('ustar', 257, 'latin1');
  return block;
}

export interface UploadParams {
  readonly id: string;
  readonly postURL: string;
  readonly metadata: string;
  readonly expires: string;
  readonly signature: string;
}

/** The parameters of a template that may be uploaded. */
export function templateValues({ simulator }: TestWorld, values: Values = {}): Values {
  const { zones, osTypes } = simulator.world;
  return {
    name: 'stemcell',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: idOf(zones.all(), 'zone1'),
    ostypeid: osTypes.all()[0]!.id,
    ...values,
  };
}

export function uploadParams(
  world: TestWorld,
  client: TestClient,
  values: Values = {},
): UploadParams {
  return client.call('getUploadParamsForTemplate', templateValues(world, values))[
    'getuploadparams'
  ] as UploadParams;
}

/** The template as a caller sees it in the list, undefined if it does not. */
export function listedTemplate(client: TestClient, id: string): Reply | undefined {
  const values = { templatefilter: 'self', id };
  return (client.call('listTemplates', values)['template'] as Reply[] | undefined)?.[0];
}

export const BOUNDARY = 'a-boundary';

/** A form with one file. */
export function formWith(content: Buffer, fileName = 'root.qcow2', field = 'files[]'): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${fileName}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    content,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}

/** The headers of a correct upload; a value of undefined leaves one out. */
export function uploadHeaders(
  params: UploadParams,
  body: Buffer,
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    Host: new URL(params.postURL).host,
    'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
    'Content-Length': String(body.length),
    'X-signature': params.signature,
    'X-metadata': params.metadata,
    'X-expires': params.expires,
    ...changes,
  };
  const kept = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Record<string, string>;
}

/** An upload that is under way: the test sends its body as it likes. */
export interface OpenUpload {
  readonly socket: Socket;
  /** What comes back until the other side ends the connection. */
  readonly answer: () => Promise<RawAnswer>;
}

/** Sends the head of a request, and nothing of its body. */
export function beginRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'POST',
): OpenUpload {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return {
    socket,
    answer: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
      const [head = '', text = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n', 2);
      return { status: Number(head.split(' ')[1]), headers: head, text };
    },
  };
}

/** Sends a request byte by byte as given, and answers with what came back before the end. */
export function sendRaw(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  method = 'POST',
): Promise<RawAnswer> {
  const { socket, answer } = beginRequest(url, headers, method);
  socket.write(body);
  return answer();
}

/** Uploads a form as the UI and the CPI do. */
export function upload(params: UploadParams, body: Buffer): Promise<RawAnswer> {
  return sendRaw(params.postURL, uploadHeaders(params, body), body);
}

/** Opens the simulator over HTTP for the length of `use`. */
export async function overHttp(
  world: TestWorld,
  use: (listening: Listening) => Promise<void>,
): Promise<void> {
  const listening = await listen(world.simulator, { port: 0, host: '127.0.0.1' });
  try {
    await use(listening);
  } finally {
    await listening.close();
  }
}

/** A world of two zones, zone1 and zone2, both of which have the default template. */
export function twoZones(): TestWorld {
  const description = storageWorld({});
  const pods = [{ name: 'pod2', clusters: [cluster('cluster2', ['host21'])] }];
  const world = testSimulator({
    world: { ...description, zones: [...description.zones, { name: 'zone2', pods }] },
  });
  const { templates, templateZones, zones } = world.simulator.world;
  const [inFirst] = templateZones.where('templateId', idOf(templates.all(), 'ubuntu-jammy'));
  templateZones.insert({
    ...inFirst!,
    id: world.simulator.kernel.ids.uuid(),
    internalId: 99,
    zoneId: idOf(zones.all(), 'zone2'),
  });
  return world;
}

/** What the API shows as the status of a template to its owner. */
export function statusOf(world: TestWorld, id: string): string | undefined {
  return listedTemplate(world.user, id)?.['status'] as string | undefined;
}

/** What the secondary storage VM would say of an upload. */
export function uploadStatus({ simulator }: TestWorld, id: string): string | undefined {
  return simulator.world.templateZones.where('templateId', id)[0]?.upload?.status;
}

/** Lets the upload monitor look once. */
export function look({ simulator }: TestWorld): void {
  simulator.kernel.advanceBy(60_000);
}
