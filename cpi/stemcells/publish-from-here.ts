import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CloudStackClient } from '../cloudstack/client.js';
import type { Saga } from '../flow/saga.js';
import type { Serving } from '../serving/serve.js';
import type { ImageServerOptions } from '../stemcell-server/image-server.js';
import type { StemcellImage } from './image.js';
import { registerTemplate } from './register.js';
import { StemcellServerError } from './stemcell-server-error.js';
import type { UploadRequest } from './upload.js';

/** Where the CPI serves, and where CloudStack reaches it. */
export interface OwnServer {
  readonly host: string;
  readonly port: number;
  /** If that is not where CloudStack reaches it. */
  readonly publicUrl: string | undefined;
}

/** Opens a server that serves one image, by the clock of this machine. */
export type OpenImageServer = (options: Omit<ImageServerOptions, 'clock'>) => Promise<Serving>;

export interface OwnServerContext {
  readonly client: CloudStackClient;
  readonly saga: Saga;
  readonly newId: () => string;
  readonly openImageServer: OpenImageServer;
}

/**
 * Opens a server for the length of the call, has CloudStack download the image from it, and closes
 * it: nothing is written anywhere, so that a killed call leaves no image.
 *
 * @throws StemcellServerError, CloudStackError, ImageError, Aborted.
 */
export async function publishFromHere(
  context: OwnServerContext,
  own: OwnServer,
  request: UploadRequest,
): Promise<string> {
  const { client, saga } = context;
  const { image } = request;
  const sha256 = await sha256Of(image);
  const extension = image.fileName.replace(/^[^.]*\./, '');
  const name = `stemcell-${context.newId()}.${extension}`;
  const server = await open(context, own, { image, name, sha256 });
  client.log(`serving ${image.fileName} at ${server.endpoint} until CloudStack has it`);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= server.stop(0));
  try {
    const url = `${own.publicUrl?.replace(/\/+$/, '') ?? server.endpoint}/${name}`;
    const published = { url, sha256, settings: settingsOf(own), withdraw: close };
    return await registerTemplate({ client, saga }, request, published);
  } finally {
    await close();
  }
}

/** The properties that say where CloudStack reaches the server. */
export function settingsOf({ publicUrl }: Pick<OwnServer, 'publicUrl'>): string {
  return publicUrl === undefined
    ? 'stemcell_server.host, or set stemcell_server.public_url'
    : 'stemcell_server.public_url';
}

/**
 * Opens such a server on nothing, and closes it.
 *
 * @returns where it was reached.
 * @throws StemcellServerError where none can be opened.
 */
export async function tryOwnServer(
  context: Pick<OwnServerContext, 'client' | 'newId' | 'openImageServer'>,
  own: OwnServer,
): Promise<string> {
  const image = { bytes: 0, open: (): AsyncIterable<Uint8Array> => Readable.from([]) };
  const server = await open(context, own, { image, name: context.newId(), sha256: '' });
  await server.stop(0);
  return server.endpoint;
}

async function open(
  { client, openImageServer }: Pick<OwnServerContext, 'client' | 'openImageServer'>,
  { host, port }: OwnServer,
  served: Pick<ImageServerOptions, 'image' | 'name' | 'sha256'>,
): Promise<Serving> {
  try {
    return await openImageServer({ ...served, host, port, log: client.log });
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new StemcellServerError(
      `no server can be opened: ${reason}; check stemcell_server.host and stemcell_server.port`,
      { cause: failure },
    );
  }
}

async function sha256Of(image: StemcellImage): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of image.open()) hash.update(chunk);
  return hash.digest('hex');
}
