import type { Response } from 'express';
import type { ApiOutcome, ApiResponse } from '../api/http.js';

/** Gives a client of the HTTP door what the API, or a fault plan, has for it. */
export function actOut(outcome: ApiOutcome, response: Response): void {
  switch (outcome.kind) {
    case 'reply':
      writeHead(response, outcome.response);
      response.end(outcome.response.body);
      return;
    case 'connection-reset':
      response.socket?.resetAndDestroy();
      return;
    case 'no-answer':
      // Until the client gives up, or the server is closed.
      return;
    case 'truncated-body': {
      const body = Buffer.from(outcome.response.body);
      writeHead(response, outcome.response);
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, outcome.bytes), () => response.socket?.destroy());
    }
  }
}

function writeHead(response: Response, { status, headers }: ApiResponse): void {
  // As ServerDaemon.start configures it; the host's time would not be that of the world.
  response.sendDate = false;
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
