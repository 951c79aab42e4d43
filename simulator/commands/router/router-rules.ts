import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { JobSubject } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { accountText } from '../../world/identity/accounts.js';
import { permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import type { RouterRow } from '../../world/entities.js';
import { beginRouterStart, routerText } from '../../world/network/routers.js';
import type { World } from '../../world/world.js';

/** What every command about one router is asked for with. */
export const routerParameters = { id: entity('router', { required: true }) } as const;

export function routerSubject({ id }: { readonly id: RouterRow }): JobSubject {
  return { type: 'DomainRouter', id: id.id };
}

/** What is done with a router is done one after the other, as with a VM. */
export function routerQueue(_: unknown, { id }: { readonly id: RouterRow }): string {
  return vmQueue(id.id);
}

/** Throws unless the caller administrates the owner; what the system owns is for root admins. */
export function assertMayOperateRouter(context: CommandContext, router: RouterRow): void {
  if (router.accountId !== null || isRootAdmin(context.caller)) {
    assertMayOperate(context, 'router', router);
    return;
  }
  throw permissionDenied(
    `${accountText(context.caller.account)} does not have permission to operate with resource ` +
      `router ${router.id}`,
  );
}

/** Begins to start a stopped router; throws if no host is there to take it. */
export function startOnHost(world: World, router: RouterRow): void {
  if (beginRouterStart(world, router)) return;
  throw serverApiError(533, `Unable to create a deployment for ${routerText(router)}`);
}

/** Throws if the router is in another state than this command brought it into: it has gone meanwhile. */
export function assertStill(
  router: RouterRow,
  state: RouterRow['state'],
  what: 'start' | 'stop' | 'reboot' | 'destroy',
): void {
  if (router.state === state && router.removedMs === null) return;
  throw serverApiError(530, `Failed to ${what} router`);
}
