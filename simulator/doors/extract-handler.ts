import { Readable, pipeline } from 'node:stream';
import type { RequestHandler } from 'express';
import type { Simulator } from '../simulator.js';

/** URLs of extracted images as express serves them, like the web server of a secondary storage VM. */
export function extractHandler(simulator: Pick<Simulator, 'extracted'>): RequestHandler {
  return (request, response) => {
    const { extractId, fileName } = request.params;
    const image = simulator.extracted(String(extractId), String(fileName));
    if (image === 'unreachable') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (image === undefined) {
      response.status(404).type('text/plain').send('Not Found\n');
      return;
    }
    response.status(200).set(EXTRACT_HEADERS).set('content-length', String(image.bytes));
    if (request.method === 'HEAD') response.end();
    else pipeline(Readable.from(image.content()), response, () => undefined);
  };
}

/** The headers of an image, besides its length. */
export const EXTRACT_HEADERS = { 'content-type': 'application/octet-stream' } as const;
