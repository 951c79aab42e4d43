import type { Request, Response } from 'express';
import { z } from 'zod';
import { clockModeHint, clockModeText, parseClockMode } from '../../kernel/clock.js';
import type { Simulator } from '../../simulator.js';
import { bodyOf, type ControlRoute } from '../control-route.js';
import { pendingTasks } from '../pending-tasks.js';

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
  .refine(
    (change) => Object.keys(change).length > 0,
    'must be an object with mode, advanceMs or untilIdle, such as {"advanceMs":60000}',
  );

/** World time under control. */
export const clockRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/clock',
    does: 'Tells the mode of the clock, the time of the world, and what waits for it.',
    notes: [
      '`pendingTasks` counts what waits for time to come, and `tasks` tells of each kind of it what ' +
        'it does, how many there are, and when the first and the last of them are due. `untilIdle` ' +
        'and `auto` time wait for those kinds that are `isUnderWay`; the others are background work, ' +
        'which has no end.',
      '`heldBy` names what keeps `auto` time from jumping.',
    ],
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
      '`untilIdle`: `true` moves time to the end of everything under way. What `tasks` names ' +
        'afterwards is background work, such as the expunge thread: `advanceMs` moves time to it. It ' +
        'does not wait for what comes from outside: while a template is downloaded, `heldBy` names ' +
        'that, and only once it does not any more `untilIdle` leads to the end of it.',
    ],
    answer: answerClockChange,
  },
];

function answerClockChange(simulator: Simulator, request: Request, response: Response): void {
  const change = bodyOf(clockChange, request, response);
  if (change === undefined) return;
  changeClock(simulator, change);
  response.json(clock(simulator));
}

function clock(simulator: Simulator): object {
  simulator.kernel.catchUp();
  return {
    mode: clockModeText(simulator.kernel.mode),
    worldTime: new Date(simulator.kernel.nowMs).toISOString(),
    pendingTasks: simulator.kernel.pendingTasks,
    tasks: pendingTasks(simulator.kernel),
    heldBy: simulator.kernel.holders,
  };
}

function changeClock(simulator: Simulator, change: z.output<typeof clockChange>): void {
  const mode = change.mode === undefined ? undefined : parseClockMode(change.mode);
  if (mode !== undefined) simulator.setClockMode(mode);
  if (change.advanceMs !== undefined) simulator.kernel.advanceBy(change.advanceMs);
  if (change.untilIdle === true) simulator.kernel.advanceUntilIdle();
}
