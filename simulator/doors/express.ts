import { once } from 'node:events';
import { createServer } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { ApiResponse } from '../api/http.js';
import { controlRouter } from '../control/control-router.js';
import { statusPage } from '../control/status-page.js';
import { hostTimer } from '../kernel/clock.js';
import type { Simulator } from '../simulator.js';
import { uploadHandler } from './upload-handler.js';

/** User data may have a million characters, of which each may need three when encoded. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

export interface ListenOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
}

/** A simulator that is reached over HTTP. */
export interface Listening {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** The simulator as an express application. */
export function expressDoor(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.all(
    '/client/api',
    express.text({ type: () => true, limit: MAX_BODY_BYTES }),
    (request, response) => {
      const body: unknown = request.body;
      const mark = request.url.indexOf('?');
      const reply = simulator.dispatch({
        method: request.method,
        query: mark < 0 ? '' : request.url.slice(mark + 1),
        contentType: request.headers['content-type'] ?? '',
        body: typeof body === 'string' ? body : '',
        hostNowMs: simulator.hostNowMs,
      });
      send(response, reply);
    },
  );
  app.all('/upload/:uploadId', uploadHandler(simulator));
  app.use('/_sim', controlRouter(simulator));
  app.get('/', (_, response) => void response.type('html').send(statusPage(simulator)));
  app.use(badRequest);
  return app;
}

/** Opens a simulator for HTTP clients. */
export async function listen(simulator: Simulator, options: ListenOptions): Promise<Listening> {
  // Node ends requests after five minutes, which is too short for the upload of a large image.
  const server = createServer({ requestTimeout: 0 }, expressDoor(simulator));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const origin = `http://${host}:${port}`;
  simulator.openedAt(origin);
  const stopTime = keepTime(simulator);
  return {
    origin,
    close: async () => {
      stopTime();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** In the modes that follow the host's clock, carries tasks out when they are due. */
function keepTime(simulator: Simulator): () => void {
  let cancel: () => void = () => undefined;
  const tick = (): void => {
    simulator.kernel.catchUp();
    cancel = hostTimer(Math.min(simulator.kernel.nextTaskInHostMs ?? LOOK_MS, LOOK_MS), tick);
  };
  tick();
  return () => cancel();
}

/** A mode or a task may have come since: look again at least this often. */
const LOOK_MS = 250;

function send(response: Response, reply: ApiResponse): void {
  response.status(reply.status);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  response.end(reply.body);
}

/** What express itself refuses: a body that is too large or broken. */
function badRequest(
  error: { status?: number; message?: string },
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  response
    .status(error.status ?? 500)
    .type('text/plain')
    .send(`${error.message ?? 'the request cannot be read'}\n`);
}
