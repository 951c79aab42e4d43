import type { Request, Response } from 'express';
import type { Simulator } from '../../simulator.js';
import { NothingToExplain } from '../../why/explanation.js';
import { isWhySubject, whySubjects } from '../../why/why.js';
import { whyText } from '../../why/why-text.js';
import { refuse, type ControlRoute } from '../control-route.js';

/** Why something is as it is, for who wonders. */
export const whyRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/why/:subject/:name',
    does: 'Tells why something is as it is: what holds it so now, and what led there.',
    notes: [
      ...Object.entries(whySubjects).map(([subject, { asks }]) => `\`${subject}\`: ${asks}.`),
      'The name is an id, a name, or for `address` an IPv4 address; 404 if nothing has or had it.',
      'With `Accept: text/plain` it answers as `cloudstack-simulator why` prints it.',
    ],
    answer: answerWhy,
  },
];

function answerWhy(simulator: Simulator, request: Request, response: Response): void {
  const [subject, name] = [String(request.params['subject']), String(request.params['name'])];
  if (!isWhySubject(subject)) {
    const subjects = Object.keys(whySubjects).join(', ');
    refuse(response, `${subject} cannot be asked about; there are: ${subjects}`);
    return;
  }
  try {
    const why = simulator.why(subject, name);
    if (request.headers.accept?.includes('text/plain') === true) {
      response.type('text/plain').send(whyText(why));
      return;
    }
    response.json({ why });
  } catch (error) {
    if (!(error instanceof NothingToExplain)) throw error;
    response.status(404).json({ error: error.message });
  }
}
