import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { Simulator } from '../simulator.js';
import { nameHint } from '../input/nearest-name.js';
import { refuse, type ControlRoute } from './control-route.js';
import { controlRoutes } from './control-routes.js';

/** A saved world with all events that are kept needs some ten megabytes; large ones more. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Control of a running simulator, under `/_sim`: it answers what `controlRoutes` declares. */
export function controlRouter(simulator: Simulator): Router {
  const router = Router();
  router.use(refuseForeignOrigin(simulator));
  const readJson = express.json({ type: () => true, limit: MAX_BODY_BYTES });
  for (const { method, path, answer, query } of controlRoutes) {
    const handler = (request: Request, response: Response): void => {
      const problem = queryProblem(request, query);
      if (problem === undefined) answer(simulator, request, response);
      else refuse(response, problem);
    };
    switch (method) {
      case 'GET':
        router.get(path, handler);
        break;
      case 'POST':
        router.post(path, readJson, handler);
        break;
      case 'PUT':
        router.put(path, readJson, handler);
        break;
      case 'DELETE':
        router.delete(path, handler);
    }
  }
  router.use((request, response) => {
    const { origin } = simulator;
    response.status(404).json({
      error: `there is no ${request.method} ${request.originalUrl}; ${origin}/_sim lists what there is`,
    });
  });
  router.use(badRequest);
  return router;
}

/** A misspelt parameter must not pass for one that was left out. */
function queryProblem(request: Request, known: ControlRoute['query'] = []): string | undefined {
  const unknown = Object.keys(request.query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const texts = unknown.map((name) => `${name}: is unknown${nameHint(name, known)}`).join('; ');
  return `${texts}; ${known.length === 0 ? 'no parameters are taken here' : `there is ${known.join(', ')}`}`;
}

/** A page from elsewhere that a browser shows must not steer the simulator. */
function refuseForeignOrigin(simulator: Simulator) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { origin } = request.headers;
    if (origin === undefined || isOwnOrigin(origin, simulator.origin)) {
      next();
      return;
    }
    response.status(403).json({ error: `requests from the origin ${origin} are refused` });
  };
}

/** A browser may reach the same port under any name of the loopback interface. */
function isOwnOrigin(origin: string, own: string): boolean {
  if (origin === own) return true;
  const { port } = new URL(own);
  return ['localhost', '127.0.0.1', '[::1]'].some((host) => origin === `http://${host}:${port}`);
}

interface Refusal {
  readonly status?: number;
  readonly message?: string;
  /** What express calls it. */
  readonly type?: string;
}

function refusalText({ type, message }: Refusal): string {
  if (type === 'entity.parse.failed') return 'the body of the request is not JSON';
  return message ?? 'the request is broken';
}

/** A body that is not JSON, and what else express refuses. */
function badRequest(
  error: Refusal,
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  response.status(error.status ?? 500).json({ error: refusalText(error) });
}
