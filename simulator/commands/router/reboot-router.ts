import { asyncCommand, done, everyAdmin, objectOf, wait } from '../../declare/command.js';
import { CloudException, invalidParameter } from '../../world/cloud-exception.js';
import type { RouterRow } from '../../world/entities.js';
import {
  beginRouterStop,
  finishRouterStart,
  finishRouterStop,
} from '../../world/network/routers.js';
import type { World } from '../../world/world.js';
import {
  assertMayOperateRouter,
  assertStill,
  routerParameters,
  routerQueue,
  routerSubject,
  startOnHost,
} from './router-rules.js';
import { routerResponse } from './router-response.js';

/** A stop and a start (VirtualNetworkApplianceManagerImpl.rebootRouter). */
export const rebootRouter = asyncCommand({
  name: 'rebootRouter',
  summary: 'Stops a running virtual router and starts it again.',
  roles: everyAdmin,
  javaClass: { user: 'admin.router.RebootRouterCmd' },
  // A router that runs stops, by force or without.
  ignores: ['forced'],
  parameters: routerParameters,
  response: objectOf(routerResponse),
  subject: routerSubject,
  queue: routerQueue,
  steps: [
    (context, { id: router }) => {
      if (router.removedMs !== null) {
        throw invalidParameter(`Unable to find domain router with id ${router.internalId}.`);
      }
      assertMayOperateRouter(context, router);
      assertRuns(context.world, router);
      beginRouterStop(context.world, router, false);
      return wait('duration.vm.stop');
    },
    ({ world }, { id: router }) => {
      assertStill(router, 'Stopping', 'reboot');
      finishRouterStop(world, router);
      startOnHost(world, router);
      return wait('duration.vm.start');
    },
    ({ world }, { id: router }) => {
      assertStill(router, 'Starting', 'reboot');
      finishRouterStart(world, router);
      return done(router);
    },
  ],
});

function assertRuns(world: World, { state, zoneId }: RouterRow): void {
  if (state === 'Running') return;
  throw new CloudException(
    'ResourceUnavailableException',
    `Resource [DataCenter:${world.zones.require(zoneId).internalId}] is unreachable: ` +
      `Unable to reboot domR, it is not in right state ${state}`,
  );
}
