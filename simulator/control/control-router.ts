import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { clockModeHint, clockModeText, parseClockMode } from '../kernel/clock.js';
import type { Simulator } from '../simulator.js';

const MAX_EVENTS = 10_000;

const clockChange = z.strictObject({
  mode: z
    .string()
    .refine((text) => parseClockMode(text) !== undefined, `must be ${clockModeHint}`)
    .optional(),
  advanceMs: z.number().int().nonnegative().optional(),
  untilIdle: z.boolean().optional(),
});

/** Control of a running simulator, under `/_sim`: health, clock, reset, events. */
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
    const after = Number(request.query['after'] ?? 0);
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
  router.use((request, response) => {
    response.status(404).json({ error: `there is no ${request.method} ${request.originalUrl}` });
  });
  return router;
}

/** A page from elsewhere that a browser shows must not steer the simulator. */
function refuseForeignOrigin(simulator: Simulator) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { origin } = request.headers;
    if (origin === undefined || origin === simulator.origin) {
      next();
      return;
    }
    response.status(403).json({ error: `requests from the origin ${origin} are refused` });
  };
}

function health(simulator: Simulator): object {
  return {
    status: 'ok',
    clock: clockModeText(simulator.kernel.mode),
    worldTime: new Date(simulator.kernel.nowMs).toISOString(),
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
  const write = (event: { seq: number }): void => {
    response.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  for (const event of simulator.kernel.log.after(after)) write(event);
  response.on('close', simulator.subscribe(write));
}
