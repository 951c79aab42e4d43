import type { Request, Response } from 'express';
import { FaultPlanError, type FaultRule } from '../../faults/parse-fault-plan.js';
import type { FaultPlanInput } from '../../faults/plan-schema.js';
import type { Simulator } from '../../simulator.js';
import { refuse, type ControlRoute } from '../control-route.js';

/** What goes wrong in the running simulator. */
export const faultRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/faults',
    does: 'Lists the rules of the fault plan in force, and how often each counted and fired.',
    notes: [
      '`matched`: for how many requests or job steps the condition held, apart from `nth`, ' +
        '`probability` and `times`; `fired`: how many of them it struck; `last`: the last one.',
    ],
    answer: (simulator, _request, response) => void response.json(faultList(simulator)),
  },
  {
    method: 'PUT',
    path: '/faults',
    does: 'Puts another fault plan into force; answers as `GET /_sim/faults`.',
    notes: [
      'The body is a JSON list of rules, as [faults.md](faults.md) describes them.',
      'A plan with a mistake is refused as a whole, and `error` names all mistakes.',
    ],
    answer: answerPlan,
  },
  {
    method: 'DELETE',
    path: '/faults',
    does: 'Ends the fault plan; answers with its rules as they were at the end.',
    notes: ['What the rules have done stays done: jobs that never end do not end now.'],
    answer: answerEnd,
  },
];

function answerPlan(simulator: Simulator, request: Request, response: Response): void {
  try {
    simulator.setFaults(request.body as FaultPlanInput);
  } catch (error) {
    if (!(error instanceof FaultPlanError)) throw error;
    refuse(response, error.problems.join('; '));
    return;
  }
  response.json(faultList(simulator));
}

function answerEnd(simulator: Simulator, _request: Request, response: Response): void {
  const last = faultList(simulator);
  simulator.setFaults([]);
  response.json(last);
}

function faultList(simulator: Simulator): { readonly faults: readonly FaultRule[] } {
  return { faults: simulator.faults };
}
