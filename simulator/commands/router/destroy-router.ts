import { asyncCommand, done, everyAdmin, objectOf, proceed, wait } from '../../declare/command.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { beginRouterStop, expungeRouter } from '../../world/network/routers.js';
import {
  assertMayOperateRouter,
  routerParameters,
  routerQueue,
  routerSubject,
} from './router-rules.js';
import { routerResponse } from './router-response.js';

/** Its network gets another one when the next VM starts there (NetworkHelperImpl.destroyRouter). */
export const destroyRouter = asyncCommand({
  name: 'destroyRouter',
  summary: 'Destroys a virtual router.',
  roles: everyAdmin,
  javaClass: { user: 'admin.router.DestroyRouterCmd' },
  parameters: routerParameters,
  response: objectOf(routerResponse),
  subject: routerSubject,
  queue: routerQueue,
  steps: [
    (context, { id: router }) => {
      if (router.removedMs !== null) throw serverApiError(530, 'Failed to destroy router');
      assertMayOperateRouter(context, router);
      if (router.state === 'Stopped') return proceed;
      beginRouterStop(context.world, router, false);
      return wait('duration.vm.stop');
    },
    ({ world }, { id: router }) => {
      // Its network may have been deleted meanwhile.
      if (router.removedMs !== null) throw serverApiError(530, 'Failed to destroy router');
      expungeRouter(world, router);
      return done(router);
    },
  ],
});
