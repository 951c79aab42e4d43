import { asyncCommand, done, everyAdmin, objectOf, wait } from '../../declare/command.js';
import { flag } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { beginRouterStop, finishRouterStop } from '../../world/network/routers.js';
import {
  assertMayOperateRouter,
  assertStill,
  routerParameters,
  routerQueue,
  routerSubject,
} from './router-rules.js';
import { routerResponse } from './router-response.js';

/**
 * One that is stopped already is a success. Rules are still made in its network, and the next VM
 * that starts there starts it, too (VirtualNetworkApplianceManagerImpl.stopRouter).
 */
export const stopRouter = asyncCommand({
  name: 'stopRouter',
  summary: 'Stops a virtual router: its network has no services until it is started.',
  roles: everyAdmin,
  javaClass: { user: 'admin.router.StopRouterCmd' },
  parameters: { ...routerParameters, forced: flag() },
  response: objectOf(routerResponse),
  subject: routerSubject,
  queue: routerQueue,
  steps: [
    (context, { id: router, forced }) => {
      if (router.removedMs !== null) throw invalidParameter("Can't find router by id");
      assertMayOperateRouter(context, router);
      if (router.state === 'Stopped') return done(router);
      beginRouterStop(context.world, router, forced === true);
      return wait('duration.vm.stop');
    },
    ({ world }, { id: router }) => {
      assertStill(router, 'Stopping', 'stop');
      finishRouterStop(world, router);
      return done(router);
    },
  ],
});
