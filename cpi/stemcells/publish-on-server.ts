import { createHash } from 'node:crypto';
import { basicAuthorization } from '../cloudstack/basic-authorization.js';
import type { CloudStackClient } from '../cloudstack/client.js';
import { TransportError, type HttpResponse, type Transport } from '../cloudstack/transport.js';
import { Aborted } from '../flow/errors.js';
import type { Saga } from '../flow/saga.js';
import { reprDigest } from '../stemcell-server/digest-fields.js';
import { ImageError } from './image-error.js';
import { mib, withProgress } from './image-progress.js';
import type { StemcellImage } from './image.js';
import { registerTemplate, type PublishedImage } from './register.js';
import { StemcellServerError } from './stemcell-server-error.js';
import type { UploadRequest } from './upload.js';

/** A WebDAV server that the CPI may put images on. */
export interface StemcellServerAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Where CloudStack reaches it, if neither at `url` nor where it says itself. */
  readonly publicUrl: string | undefined;
}

/** A way to the stemcell server, for the length of a call. */
export interface ServerReach {
  readonly client: Pick<CloudStackClient, 'signal'>;
  readonly transport: Transport;
}

export interface ServerContext extends ServerReach {
  readonly client: CloudStackClient;
  readonly saga: Saga;
  readonly newId: () => string;
}

/**
 * Puts an image on the stemcell server, has CloudStack download it, and removes it. An image that
 * cannot be removed afterwards is no failure: the server's sweep does it.
 *
 * @throws StemcellServerError, CloudStackError, ImageError, Aborted.
 */
export async function publishOnServer(
  context: ServerContext,
  access: StemcellServerAccess,
  request: UploadRequest,
): Promise<string> {
  const { client, saga } = context;
  await assertWelcome(context, access);
  const extension = request.image.fileName.replace(/^[^.]*\./, '');
  // A name of its own: that of the template is known to all who may use it.
  const target = `${access.url.replace(/\/+$/, '')}/stemcell-${context.newId()}.${extension}`;
  const withdraw = (signal?: AbortSignal): Promise<void> =>
    removeImage(context, access, target, signal);
  saga.step({
    name: `put ${target} on the stemcell server`,
    undo: ({ signal }) => withdraw(signal),
    ifLeft: 'the sweep of the stemcell server removes it; from another server, remove it by hand',
  });
  const { url, sha256 } = await putImage(context, access, { image: request.image, target });
  const published: PublishedImage = { url, sha256, settings: settingsOf(access), withdraw };
  const templateId = await registerTemplate({ client, saga }, request, published);
  await withdraw(client.signal).catch((failure: unknown) => {
    client.log(`warning: ${messageOf(failure)}; the sweep of the server removes it`);
  });
  return templateId;
}

/** The properties that say where CloudStack reaches the server. */
export function settingsOf({ publicUrl }: Pick<StemcellServerAccess, 'publicUrl'>): string {
  return publicUrl === undefined
    ? 'stemcell_server.url, or set stemcell_server.public_url'
    : 'stemcell_server.public_url';
}

/**
 * Whoever is refused with the image under way gets no answer, but a broken connection: so this is
 * asked first.
 *
 * @throws StemcellServerError, Aborted.
 */
export async function assertWelcome(
  context: ServerReach,
  access: StemcellServerAccess,
): Promise<void> {
  const response = await send(context, access, { method: 'OPTIONS', url: access.url });
  const { status } = response;
  if (status === 401 || status === 403) {
    throw new StemcellServerError(
      `the stemcell server ${access.url} does not let the CPI in (${status}); check ` +
        `stemcell_server.username and stemcell_server.password${saidIn(response)}`,
    );
  }
}

/**
 * Asks whether the URL leads to a collection, where images can be put (RFC 4918, section 9.1).
 *
 * @throws StemcellServerError, Aborted.
 */
export async function assertCollection(
  context: ServerReach,
  access: StemcellServerAccess,
): Promise<void> {
  const headers = { depth: '0' };
  const response = await send(context, access, { method: 'PROPFIND', url: access.url, headers });
  const { status, body } = response;
  if (status === 207 && /<([\w.-]+:)?collection\b/.test(body)) return;
  const found =
    status === 207 ? 'no collection' : status === 404 ? 'nothing' : `no collection (${status})`;
  throw new StemcellServerError(
    `stemcell_server.url ${access.url} leads to ${found}; it must lead to a collection of a ` +
      `WebDAV server that is there${saidIn(response)}`,
  );
}

/** Nothing moves while the server writes the last of the image to its disk. */
const putIdleTimeoutMs = 10 * 60 * 1000;

/** Where CloudStack gets it, and what it is. */
async function putImage(
  context: ServerContext,
  access: StemcellServerAccess,
  { image, target }: { readonly image: StemcellImage; readonly target: string },
): Promise<{ url: string; sha256: string }> {
  const { client } = context;
  client.log(`putting ${image.fileName} (${mib(image.bytes)} MiB) on the stemcell server`);
  const hash = createHash('sha256');
  const { content } = withProgress(image, client.log, () => undefined);
  const response = await send(context, access, {
    method: 'PUT',
    url: target,
    headers: { 'content-type': 'application/octet-stream', 'if-none-match': '*' },
    body: { bytes: image.bytes, stream: hashed(content, hash) },
    idleTimeoutMs: putIdleTimeoutMs,
  });
  if (![200, 201, 204].includes(response.status)) throw notTaken(access, response);
  const sha256 = hash.digest('hex');
  const { 'repr-digest': digest, location } = response.headers;
  if (digest !== undefined && digest !== reprDigest(sha256)) {
    throw new StemcellServerError(
      `the stemcell server ${access.url} has got another image than was sent; try again`,
    );
  }
  return { url: publicUrl(access, target, location), sha256 };
}

function publicUrl(access: StemcellServerAccess, target: string, location?: string): string {
  if (access.publicUrl !== undefined) {
    return `${access.publicUrl.replace(/\/+$/, '')}/${target.slice(target.lastIndexOf('/') + 1)}`;
  }
  return location === undefined ? target : new URL(location, target).href;
}

async function removeImage(
  context: ServerContext,
  access: StemcellServerAccess,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await send(context, access, { method: 'DELETE', url: target, signal });
  const { status } = response;
  if ([200, 204, 404, 410].includes(status)) return;
  throw new StemcellServerError(
    `${target} could not be removed from the stemcell server (${status}); remove it by hand` +
      saidIn(response),
  );
}

type Sent = Parameters<Transport['send']>[0];

/** Sends a request with the credentials. Its signal is the call's, unless it is an undo. */
async function send(
  { transport, client }: ServerReach,
  { url, username, password }: StemcellServerAccess,
  request: Sent,
): Promise<HttpResponse> {
  const authorization = basicAuthorization(username, password);
  try {
    return await transport.send({
      signal: client.signal,
      ...request,
      headers: { ...request.headers, authorization },
    });
  } catch (failure) {
    if (!(failure instanceof TransportError)) throw failure;
    if (failure.failure === 'aborted') throw new Aborted(failure);
    if (failure.cause instanceof ImageError) throw failure.cause;
    const advice =
      failure.failure === 'tls'
        ? `the authority of ${url} has to be among cloudstack.ca_cert`
        : `check stemcell_server.url (${url}) and whether it runs`;
    throw new StemcellServerError(
      `the stemcell server cannot be reached: ${failure.message}; ${advice}`,
      { cause: failure },
    );
  }
}

function notTaken({ url }: StemcellServerAccess, response: HttpResponse): StemcellServerError {
  const { status } = response;
  const reasons: Readonly<Record<number, string>> = {
    401: 'check stemcell_server.username and stemcell_server.password',
    403: 'check stemcell_server.username and what that user may do',
    405: 'stemcell_server.url must lead to a WebDAV server',
    409: 'stemcell_server.url must lead to a collection that is there',
    413: 'the image is larger than it takes: raise its image_max_gib',
    507: 'its disk is full: make room in its directory',
  };
  const advice = reasons[status] ?? 'its log has the reason';
  return new StemcellServerError(
    `the stemcell server ${url} does not take the image (${status}); ${advice}${saidIn(response)}`,
  );
}

/**
 * The sentence with which a server refuses something, to be put behind ours: the stemcell server
 * says one in plain text. Pages for people, as other servers send, say no more than their status.
 */
function saidIn({ headers, body }: HttpResponse): string {
  if (!/^text\/plain\b/i.test(headers['content-type'] ?? '')) return '';
  const [line = ''] = body.trim().split('\n', 1);
  const sentence = line
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
  return sentence === '' ? '' : `. It says: ${sentence}`;
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
