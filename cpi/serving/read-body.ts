import type { IncomingMessage, ServerResponse } from 'node:http';
import { askForBody } from './expectation.js';

/**
 * The whole body of a request. One that is longer than `bytesMax`, or says that it will be, is not
 * waited for: the connection ends with the answer.
 */
export async function readBody(
  request: IncomingMessage & { res?: ServerResponse | undefined },
  bytesMax: number,
): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let length = Number(request.headers['content-length'] ?? 0);
  if (length <= bytesMax) {
    if (request.res !== undefined) askForBody(request, request.res);
    length = 0;
    // Not destroyed when left early: the answer goes over the same connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length;
      if (length > bytesMax) break;
      chunks.push(chunk as Buffer);
    }
  }
  if (length <= bytesMax) return Buffer.concat(chunks);
  request.res?.setHeader('Connection', 'close');
  return 'too large';
}
