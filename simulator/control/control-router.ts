import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { clockModeHint, clockModeText, parseClockMode } from '../kernel/clock.js';
import type { Event } from '../kernel/event-log.js';
import type { Simulator } from '../simulator.js';
import { checkInvariants } from '../world/invariants.js';

const MAX_EVENTS = 10_000;
/** A client that falls this far behind with its event stream is cut off. */
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;
/** Longer, and the tasks on the way might be more than one move of the clock carries out. */
const MAX_ADVANCE_MS = 366 * 24 * 60 * 60 * 1_000;

const clockChange = z
  .strictObject({
    mode: z
      .string()
      .refine((text) => parseClockMode(text) !== undefined, `must be ${clockModeHint}`)
      .optional(),
    advanceMs: z.number().int().nonnegative().max(MAX_ADVANCE_MS).optional(),
    untilIdle: z.literal(true).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'give mode, advanceMs or untilIdle: true');

/** Control of a running simulator, under `/_sim`: health, clock, reset, events, invariants. */
export function controlRouter(simulator: Simulator): Router {
  const router = Router();
  router.use(refuseForeignOrigin(simulator));
  router.get('/health', (_, response) => void response.json(health(simulator)));
  router.get('/clock', (_, response) => void response.json(clock(simulator)));
  router.post('/clock', express.json({ type: () => true }), (request, response) => {
    const change = clockChange.safeParse(request.body ?? {});
    if (!change.success) {
      response.status(400).json({ error: z.prettifyError(change.error) });
      return;
    }
    changeClock(simulator, change.data);
    response.json(clock(simulator));
  });
  router.post('/reset', (_, response) => {
    simulator.reset();
    response.json(health(simulator));
  });
  router.get('/events', (request, response) => {
    // A browser that lost the stream says in the header how far it had come.
    const after = Number(request.headers['last-event-id'] ?? request.query['after'] ?? 0);
    if (!Number.isInteger(after) || after < 0) {
      response.status(400).json({ error: 'after: must be the sequence number of an event' });
      return;
    }
    if (request.headers.accept?.includes('text/event-stream') === true) {
      streamEvents(simulator, after, response);
      return;
    }
    response.json({ events: simulator.kernel.log.after(after).slice(0, MAX_EVENTS) });
  });
  router.get('/invariants', (_, response) => {
    response.json({ violations: checkInvariants(simulator.world) });
  });
  router.use((request, response) => {
    response.status(404).json({ error: `there is no ${request.method} ${request.originalUrl}` });
  });
  router.use(badRequest);
  return router;
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

function health(simulator: Simulator): object {
  simulator.kernel.catchUp();
  return {
    status: 'ok',
    clock: clockModeText(simulator.kernel.mode),
    worldTime: new Date(simulator.kernel.nowMs).toISOString(),
    requests: simulator.kernel.ids.count('request'),
    lastEvent: simulator.kernel.log.lastSeq,
  };
}

function clock(simulator: Simulator): object {
  simulator.kernel.catchUp();
  return {
    mode: clockModeText(simulator.kernel.mode),
    worldTime: new Date(simulator.kernel.nowMs).toISOString(),
    pendingTasks: simulator.kernel.pendingTasks,
    heldBy: simulator.kernel.holders,
  };
}

function changeClock(simulator: Simulator, change: z.output<typeof clockChange>): void {
  const mode = change.mode === undefined ? undefined : parseClockMode(change.mode);
  if (mode !== undefined) simulator.setClockMode(mode);
  if (change.advanceMs !== undefined) simulator.kernel.advanceBy(change.advanceMs);
  if (change.untilIdle === true) simulator.kernel.advanceUntilIdle();
}

/** The events from `after` on as server-sent events, until the client goes away. */
function streamEvents(simulator: Simulator, after: number, response: Response): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const write = (event: Event): void => {
    response.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  };
  for (const event of simulator.kernel.log.after(after)) write(event);
  response.on('close', simulator.subscribe(write));
}

/** A body that is not JSON, and what else express refuses. */
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
  response.status(error.status ?? 500).json({ error: error.message ?? 'the request is broken' });
}
