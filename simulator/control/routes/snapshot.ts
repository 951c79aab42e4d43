import type { Request, Response } from 'express';
import type { Simulator } from '../../simulator.js';
import { SnapshotError } from '../../world/world-snapshot.js';
import { refuse, type ControlRoute } from '../control-route.js';
import { health } from './world.js';

/** The world saved, and put back. */
export const snapshotRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/snapshot',
    does: 'Saves the world: a JSON object from which this or another simulator can go on.',
    notes: [
      'It holds all that decides what happens next: the rows, the time, what waits for it, the ' +
        'random streams, the fault plan with its counts, the events that are kept.',
      'It holds the secret keys of all users, passwords and user data: keep it as you keep keys.',
      'What holds `auto` time belongs to the process and is not saved.',
    ],
    answer: (simulator, _request, response) => void response.json(simulator.save()),
  },
  {
    method: 'PUT',
    path: '/snapshot',
    does: 'Puts a saved world in the place of the running one; answers as health does.',
    notes: [
      'The body is what `GET /_sim/snapshot` answered. The same requests then give the same bytes ' +
        'and events as if the world had not been saved; an upload that was under way ends in ' +
        'UploadError, and a download begins anew, at its first byte.',
      'URLs for uploads and extracts name the address at which the simulator was when they were made, and ' +
        'uploads are signed for it: a simulator that is to honour them opens the same port (`--port`), or ' +
        'the world has `ssvm.uploadUrl`.',
      'Seed, mode of the clock and fault plan are those of the saved world, and so are all keys. A ' +
        'reset goes back to where the saved world began.',
      'What is no snapshot, is damaged, or is from another version is refused, and the running ' +
        'world stays.',
    ],
    answer: answerLoad,
  },
];

function answerLoad(simulator: Simulator, request: Request, response: Response): void {
  try {
    simulator.load(request.body, 'The body of the request');
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    refuse(response, error.message);
    return;
  }
  response.json(health(simulator));
}
