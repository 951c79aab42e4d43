import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError } from '../cloudstack/errors.js';
import { TransportError, type HttpResponse, type Transport } from '../cloudstack/transport.js';
import type { UploadParams } from '../cloudstack/types.js';
import { Aborted } from '../flow/errors.js';
import { ImageError } from './image-error.js';
import { mib, withProgress } from './image-progress.js';
import type { StemcellImage } from './image.js';
import { multipartBody } from './multipart.js';

export interface SendContext {
  readonly client: CloudStackClient;
  readonly transport: Transport;
  readonly newId: () => string;
  /** Told when the secondary storage VM has the image, good or bad, as far as one can tell. */
  readonly onTaken: () => void;
}

/**
 * Posts an image to the address that getUploadParamsForTemplate gave. The address works once, so
 * nothing is sent twice. When all was sent and only the answer is lost, it returns: the
 * template's state tells how it went.
 *
 * @throws CloudStackError, ImageError, Aborted.
 */
export async function sendImage(
  context: SendContext,
  image: StemcellImage,
  target: UploadParams,
): Promise<void> {
  const { client, transport } = context;
  client.log(`uploading ${image.fileName} (${mib(image.bytes)} MiB)`);
  const source = withProgress(image, client.log, () => {
    client.log('waiting for the secondary storage VM to take the template over');
  });
  const content = { fileName: image.fileName, bytes: image.bytes, content: source.content };
  const { contentType, body } = multipartBody(content, `bosh-cpi-${context.newId()}`);
  let response: HttpResponse;
  try {
    response = await transport.send({
      method: 'POST',
      url: target.postURL,
      headers: {
        'content-type': contentType,
        'x-signature': target.signature,
        'x-metadata': target.metadata,
        'x-expires': target.expires,
      },
      body,
      idleTimeoutMs: uploadIdleTimeoutMs,
      signal: client.signal,
    });
  } catch (failure) {
    if (!isAnswerLost(failure) || !source.isAllRead()) throw notSent(target, failure);
    context.onTaken();
    client.log(`the image is sent, but the answer was lost (${failure.message}); looking`);
    return;
  }
  if (response.status < 400 || response.status >= 500) context.onTaken();
  if (response.status === gatewayTimeout && source.isAllRead()) {
    client.log('the image is sent, but the secondary storage VM is still at work; looking');
    return;
  }
  if (response.status !== 200) throw refused(target, response);
}

/** The web server of the secondary storage VM lost patience with the service behind it. */
const gatewayTimeout = 504;

function isAnswerLost(failure: unknown): failure is TransportError {
  return (
    failure instanceof TransportError && failure.sent === 'maybe' && failure.failure !== 'aborted'
  );
}

/** Post-processing of a large image happens before the secondary storage VM answers. */
const uploadIdleTimeoutMs = 30 * 60 * 1000;

/** Not one of CloudStack's commands, but the step that failed. */
const command = 'template upload';

function notSent(target: UploadParams, failure: unknown): unknown {
  if (!(failure instanceof TransportError)) return failure;
  if (failure.failure === 'aborted') return new Aborted(failure);
  if (failure.cause instanceof ImageError) return failure.cause;
  const advice =
    failure.failure === 'tls'
      ? 'give the secondary storage VM a certificate that fits (secstorage.ssl.cert.domain), or ' +
        'set cloudstack.upload_verify_tls to false'
      : `this machine must reach the secondary storage VM at ${new URL(target.postURL).origin}`;
  const text = failure.message;
  return new CloudStackError({ kind: 'unreachable', command, text, advice, cause: failure });
}

/** The secondary storage VM answers in plain text (HttpUploadServerHandler). */
function refused(target: UploadParams, { status, body }: HttpResponse): CloudStackError {
  const said = body.trim().slice(0, 500) || 'nothing';
  const text = `the secondary storage VM answered: ${said} (template ${target.id})`;
  const isLimit = /Maximum number of resources|Maximum file upload size/.test(body);
  const kind = isLimit ? 'limit' : status >= 500 ? 'internal' : 'invalid';
  return new CloudStackError({ kind, command, errorCode: status, text });
}
