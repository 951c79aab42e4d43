import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Simulator } from '../simulator.js';
import { actOut } from './act-out.js';
import { takeUpload } from './upload.js';

/** Upload URLs as express serves them. */
export function uploadHandler(simulator: Simulator): RequestHandler {
  return async (request, response) => {
    const header = (name: string): string | null => headerOf(request, name);
    const outcome = await takeUpload(simulator, String(request.params['uploadId']), {
      method: request.method,
      host: header('host') ?? '',
      header,
      body: {
        contentType: header('content-type') ?? '',
        stream: request,
        isComplete: () => request.complete,
      },
    });
    if (response.destroyed) return;
    actOut(outcome, response);
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}
