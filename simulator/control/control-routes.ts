import type { ControlRoute } from './control-route.js';
import { clockRoutes } from './routes/clock.js';
import { eventRoutes } from './routes/events.js';
import { faultRoutes } from './routes/faults.js';
import { guestRoutes } from './routes/guest.js';
import { snapshotRoutes } from './routes/snapshot.js';
import { whyRoutes } from './routes/why.js';
import { worldRoutes } from './routes/world.js';

/** Where control stands below the address of the simulator. */
export const CONTROL_PATH = '/_sim';

/** All that control offers: the router, the list at `/_sim`, the page and its documentation. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/',
    does: 'Lists what control offers.',
    notes: [],
    answer: (_simulator, _request, response) => void response.json({ control: controlList() }),
  },
  ...worldRoutes,
  ...clockRoutes,
  ...eventRoutes,
  ...faultRoutes,
  ...snapshotRoutes,
  ...guestRoutes,
  ...whyRoutes,
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
