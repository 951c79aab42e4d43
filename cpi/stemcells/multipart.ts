import type { StreamBody } from '../cloudstack/transport.js';

/** A file as the only part of a form. */
export interface FilePart {
  readonly fileName: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface MultipartBody {
  readonly contentType: string;
  readonly body: StreamBody;
}

/**
 * A multipart/form-data body with one file, its length known beforehand: the secondary storage VM
 * refuses chunked bodies.
 *
 * @param boundary must not occur in the content: take a random id.
 */
export function multipartBody(file: FilePart, boundary: string): MultipartBody {
  const before = Buffer.from(
    `--${boundary}\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${file.fileName}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      bytes: before.length + file.bytes + after.length,
      stream: (async function* () {
        yield before;
        yield* file.content;
        yield after;
      })(),
    },
  };
}
