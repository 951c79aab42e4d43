import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { UploadOutcome, UploadReply } from '../ssvm/receive-upload.js';
import type { Simulator } from '../simulator.js';
import { readUploadForm } from './upload-form.js';

/**
 * Takes the multipart upload of a template: its headers are judged before its body is read, and
 * of the body only what its bytes turned out to be enters the world.
 */
export function uploadHandler(simulator: Simulator): RequestHandler {
  return async (request, response) => {
    const uploadId = String(request.params['uploadId']);
    const begun = simulator.upload({
      kind: 'begun',
      uploadId,
      method: request.method,
      signature: headerOf(request, 'x-signature'),
      metadata: headerOf(request, 'x-metadata'),
      expires: headerOf(request, 'x-expires'),
      host: headerOf(request, 'x-forwarded-host') ?? headerOf(request, 'host') ?? '',
      contentLength: contentLengthOf(request),
    });
    if (begun.status !== 100) {
      // The rest of the body has to go somewhere, or the client may not read the answer.
      request.resume();
      answer(response, begun);
      return;
    }
    const outcome: UploadOutcome = await readUploadForm(request);
    answer(response, simulator.upload({ kind: 'ended', uploadId, outcome }));
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}

function contentLengthOf(request: IncomingMessage): number | null {
  const text = headerOf(request, 'content-length');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function answer(response: Response, reply: UploadReply): void {
  if (response.destroyed) return;
  response
    .status(reply.status)
    .set('access-control-allow-origin', '*')
    .type('text/plain')
    .send(reply.text);
}
