import type { Request, Response } from 'express';
import { z } from 'zod';
import { clockModeHint, clockModeText, parseClockMode } from '../kernel/clock.js';
import { KEPT_EVENTS, type Event } from '../kernel/event-log.js';
import type { Simulator } from '../simulator.js';
import { checkInvariants } from '../world/invariants.js';
import type { ControlRoute } from './control-route.js';
import { guestRoutes } from './guest-routes.js';

/** Where control stands below the address of the simulator. */
export const CONTROL_PATH = '/_sim';

/** Events that one answer holds at most. */
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

/** All that control offers: the router, the list at `/_sim`, the page and its documentation. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/',
    does: 'Lists what control offers.',
    notes: [],
    answer: (_simulator, _request, response) => void response.json({ control: controlList() }),
  },
  {
    method: 'GET',
    path: '/health',
    does: 'Tells that the simulator lives: its clock, its requests so far, its last event.',
    notes: [],
    answer: (simulator, _request, response) => void response.json(health(simulator)),
  },
  {
    method: 'GET',
    path: '/clock',
    does: 'Tells the mode of the clock, the time of the world, and what waits for it.',
    notes: ['`heldBy` names what keeps `auto` time from jumping.'],
    answer: (simulator, _request, response) => void response.json(clock(simulator)),
  },
  {
    method: 'POST',
    path: '/clock',
    does: 'Changes the mode of the clock, moves time, or both; answers as `GET /_sim/clock`.',
    notes: [
      'The body is a JSON object with at least one of `mode`, `advanceMs` and `untilIdle`, which ' +
        'are done in this order.',
      `\`mode\`: ${clockModeHint}.`,
      `\`advanceMs\`: a whole number of milliseconds from 0 to ${MAX_ADVANCE_MS} (366 days).`,
      '`untilIdle`: `true` moves time to the end of everything under way.',
    ],
    answer: answerClockChange,
  },
  {
    method: 'GET',
    path: '/events',
    does: 'Lists the changes of the world, oldest first.',
    notes: [
      '`?after=N` leaves out the events up to number N.',
      `One answer holds ${MAX_EVENTS} events at most; for the next ones, ask again with the ` +
        '`seq` of the last one as `after`.',
      `The last ${KEPT_EVENTS} events are kept; \`--events\` writes all of them to a file.`,
      'With `Accept: text/event-stream` it answers with server-sent events: those that were, all ' +
        'of them, then each as it happens. The header `Last-Event-ID` counts as `after`.',
      `A reader that falls ${MAX_UNREAD_BYTES / 1024 ** 2} MiB behind is cut off.`,
    ],
    answer: answerEvents,
  },
  ...guestRoutes,
  {
    method: 'POST',
    path: '/reset',
    does: 'Begins anew with the same seed, world and mode of the clock; answers as health does.',
    notes: ['The keys are the same again, and events are counted from 1.'],
    answer: answerReset,
  },
  {
    method: 'GET',
    path: '/invariants',
    does: 'Checks what must be true of every world, and names what is not.',
    notes: ['An empty list of `violations` is a sound world; anything else is a bug.'],
    answer: (simulator, _request, response) =>
      void response.json({ violations: checkInvariants(simulator.world) }),
  },
];

/** The path of a route from the address of the simulator on. */
export function controlPath({ path }: Pick<ControlRoute, 'path'>): string {
  return path === '/' ? CONTROL_PATH : `${CONTROL_PATH}${path}`;
}

function controlList(): object[] {
  return controlRoutes.map((route) => ({
    method: route.method,
    path: controlPath(route),
    does: route.does,
  }));
}

function answerClockChange(simulator: Simulator, request: Request, response: Response): void {
  const change = clockChange.safeParse(request.body ?? {});
  if (!change.success) {
    response.status(400).json({ error: z.prettifyError(change.error) });
    return;
  }
  changeClock(simulator, change.data);
  response.json(clock(simulator));
}

function answerReset(simulator: Simulator, _request: Request, response: Response): void {
  simulator.reset();
  response.json(health(simulator));
}

function answerEvents(simulator: Simulator, request: Request, response: Response): void {
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
