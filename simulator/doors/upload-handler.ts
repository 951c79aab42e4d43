import type { RequestHandler } from 'express';
import type { Simulator } from '../simulator.js';

/** Takes the multipart upload of a template. */
export function uploadHandler(simulator: Simulator): RequestHandler {
  return (request, response) => {
    const reply = simulator.upload({ uploadId: String(request.params['uploadId']) });
    response.status(reply.status).type('text/plain').send(reply.text);
  };
}
