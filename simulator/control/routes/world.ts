import type { Request, Response } from 'express';
import { clockModeText } from '../../kernel/clock.js';
import type { Simulator } from '../../simulator.js';
import { checkEventLog } from '../../world/invariants/event-log-invariants.js';
import { checkInvariants } from '../../world/invariants/invariants.js';
import type { ControlRoute } from '../control-route.js';

/** The world as a whole: whether it lives, whether it is sound, and its beginning anew. */
export const worldRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/health',
    does: 'Tells that the simulator lives: its clock, its requests so far, its last event.',
    notes: [],
    answer: (simulator, _request, response) => void response.json(health(simulator)),
  },
  {
    method: 'POST',
    path: '/reset',
    does: 'Begins anew with the same seed, world and mode of the clock; answers as health does.',
    notes: [
      'The keys are the same again, and events are counted from 1. The fault plan stays in force, ' +
        'with its counts at 0.',
    ],
    answer: answerReset,
  },
  {
    method: 'GET',
    path: '/invariants',
    does: 'Checks what must be true of every world, and names what is not.',
    notes: [
      'An empty list of `violations` is a sound world; anything else is a bug.',
      'The rows are checked against each other and against the events: nothing changes without one, ' +
        'no id returns, no job ends twice.',
    ],
    answer: (simulator, _request, response) => void response.json(soundness(simulator)),
  },
];

function soundness({ world }: Simulator): object {
  return { violations: [...checkInvariants(world), ...checkEventLog(world)] };
}

function answerReset(simulator: Simulator, _request: Request, response: Response): void {
  simulator.reset();
  response.json(health(simulator));
}

/** That a simulator lives, and where it is. */
export function health(simulator: Simulator): object {
  simulator.kernel.catchUp();
  return {
    status: 'ok',
    clock: clockModeText(simulator.kernel.mode),
    worldTime: new Date(simulator.kernel.nowMs).toISOString(),
    requests: simulator.kernel.ids.count('request'),
    lastEvent: simulator.kernel.log.lastSeq,
  };
}
