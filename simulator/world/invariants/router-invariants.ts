import { repeated } from '../repeated.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

/** A network has one virtual router at most, which goes with it; a router is on a host while it is up. */
export function routers(world: World): string[] {
  const rows = world.routers.all();
  return [
    ...repeated(rows, (router) => router.networkId).map(
      ([router, other]) =>
        `routers ${router.id} and ${other.id} both serve network ${router.networkId}`,
    ),
    ...rows
      .filter((router) => isGone(world.networks.get(router.networkId)))
      .map((router) => `router ${router.id} serves network ${router.networkId}, which is removed`),
    ...rows
      .filter((router) => (router.state === 'Stopped') !== (router.hostId === null))
      .map((router) => `router ${router.id} is ${router.state} on host ${router.hostId ?? 'none'}`),
  ];
}
