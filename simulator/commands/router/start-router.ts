import { asyncCommand, done, everyAdmin, objectOf, wait } from '../../declare/command.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { finishRouterStart, routerText } from '../../world/network/routers.js';
import {
  assertMayOperateRouter,
  assertStill,
  routerParameters,
  routerQueue,
  routerSubject,
  startOnHost,
} from './router-rules.js';
import { routerResponse } from './router-response.js';

/** One that runs already is a success (VirtualNetworkApplianceManagerImpl.startRouter). */
export const startRouter = asyncCommand({
  name: 'startRouter',
  summary: 'Starts a virtual router that was stopped.',
  roles: everyAdmin,
  javaClass: { user: 'admin.router.StartRouterCmd' },
  parameters: routerParameters,
  response: objectOf(routerResponse),
  subject: routerSubject,
  queue: routerQueue,
  steps: [
    (context, { id: router }) => {
      if (router.removedMs !== null) throw invalidParameter("Can't find router by id");
      assertMayOperateRouter(context, router);
      if (router.state === 'Running') return done(router);
      if (router.state !== 'Stopped') {
        throw cloudRuntime(`Failed to start router ${routerText(router)}`);
      }
      startOnHost(context.world, router);
      return wait('duration.vm.start');
    },
    ({ world }, { id: router }) => {
      assertStill(router, 'Starting', 'start');
      finishRouterStart(world, router);
      return done(router);
    },
  ],
});
