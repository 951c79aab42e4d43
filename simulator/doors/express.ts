import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { controlRouter } from '../control/control-router.js';
import { CONTROL_PATH } from '../control/control-routes.js';
import { statusPage } from '../control/status-page.js';
import type { Simulator } from '../simulator.js';
import { actOut } from './act-out.js';
import { extractHandler } from './extract-handler.js';
import { uploadHandler } from './upload-handler.js';

/** User data may have a million characters, of which each may need three when encoded. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The simulator as an express application. */
export function expressDoor(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.all(
    '/client/api',
    express.text({ type: () => true, limit: MAX_BODY_BYTES }),
    async (request, response) => {
      const body: unknown = request.body;
      const mark = request.url.indexOf('?');
      const outcome = await simulator.answer({
        method: request.method,
        query: mark < 0 ? '' : request.url.slice(mark + 1),
        contentType: request.headers['content-type'] ?? '',
        body: typeof body === 'string' ? body : '',
        hostNowMs: simulator.hostNowMs,
      });
      actOut(outcome, response);
    },
  );
  app.all('/upload/:uploadId', uploadHandler(simulator));
  app.get('/userdata/:extractId/:fileName', extractHandler(simulator));
  app.use(CONTROL_PATH, controlRouter(simulator));
  app.get('/', (_, response) => void response.type('html').send(statusPage(simulator)));
  app.use(badRequest);
  return app;
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
