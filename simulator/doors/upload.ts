import { UPLOAD_HEADERS, type UploadAnswer } from '../api/faulty-upload.js';
import type { ApiOutcome } from '../api/http.js';
import type { Simulator } from '../simulator.js';
import { readUploadForm, type UploadBody } from './upload-form.js';

const MIB_BYTES = 1024 ** 2;

/** A request to an upload URL, as any door takes it. */
export interface UploadRequest {
  readonly method: string;
  /** The host that the client asked for. */
  readonly host: string;
  /** Null where the request has no such header. */
  readonly header: (name: string) => string | null;
  readonly body: UploadBody;
}

/**
 * Takes the multipart upload of a template or volume: its headers are judged before its body is read, and
 * of the body only what its bytes turned out to be enters the world.
 */
export async function takeUpload(
  simulator: Pick<Simulator, 'upload'>,
  uploadId: string,
  { method, host, header, body }: UploadRequest,
): Promise<ApiOutcome> {
  const contentLength = lengthIn(header('content-length'));
  const begun = simulator.upload({
    kind: 'begun',
    uploadId,
    method,
    signature: header('x-signature'),
    metadata: header('x-metadata'),
    expires: header('x-expires'),
    host: header('x-forwarded-host') ?? host,
    contentLength,
  });
  if (begun.status !== 100) {
    // The rest of the body has to go somewhere, or the client may not read the answer.
    body.stream.resume();
    return outcomeOf(begun);
  }
  const outcome = await readUploadForm(body, {
    algorithm: begun.algorithm ?? 'sha512',
    progressBytes: Math.min(Math.max(MIB_BYTES, (contentLength ?? 0) / 50), 64 * MIB_BYTES),
    onProgress: (receivedBytes) => {
      simulator.upload({ kind: 'progress', uploadId, receivedBytes });
    },
  });
  return outcomeOf(simulator.upload({ kind: 'ended', uploadId, outcome }));
}

function outcomeOf({ status, text, outcome }: UploadAnswer): ApiOutcome {
  return outcome ?? { kind: 'reply', response: { status, headers: UPLOAD_HEADERS, body: text } };
}

function lengthIn(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
