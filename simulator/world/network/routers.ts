import { cloudRuntime } from '../cloud-exception.js';
import type { HostRow, NetworkRow, RouterGuestNic, RouterNic, RouterRow } from '../entities.js';
import type { World } from '../world.js';
import { controlMacAddress, generateMacAddress, publicMacAddress } from './mac-addresses.js';

/** What a router is made for: either a network, or a VPC with the tiers that have come to life. */
export interface RouterPlan extends Pick<
  RouterRow,
  'networkId' | 'vpcId' | 'accountId' | 'zoneId'
> {
  readonly guestNetworks: readonly NetworkRow[];
  /** Whether it has a public address, too. */
  readonly translates: boolean;
}

/** The virtual router that a network has of its own now; a tier has none. */
export function routerOf(world: World, networkId: string): RouterRow | undefined {
  return world.routers.where('networkId', networkId)[0];
}

/**
 * Sees to it that the router of a network runs: makes one, or starts the one that is stopped
 * (RouterDeploymentDefinition.deployVirtualRouter). One that is being stopped is left to that. False
 * if no host is there to take it.
 */
export function bringUpRouter(world: World, network: NetworkRow, translates: boolean): boolean {
  return bringUp(world, routerOf(world, network.id), planFor(network, translates));
}

/** Makes a router by its plan, or starts the one that is there if it is stopped. */
export function bringUp(world: World, router: RouterRow | undefined, plan: RouterPlan): boolean {
  if (router !== undefined && router.state !== 'Stopped') return true;
  const host = hostFor(world, plan.zoneId);
  if (host === undefined) return false;
  startAt(world, router ?? createRouter(world, plan, host), host);
  return true;
}

/** A router in the place of the one that the network had (NetworkOrchestrator.rollingRestartRouters). */
export function replaceRouter(world: World, network: NetworkRow, translates: boolean): boolean {
  return replace(world, routerOf(world, network.id), planFor(network, translates));
}

/** Makes a router by its plan, which the old one then leaves everything to. */
export function replace(world: World, old: RouterRow | undefined, plan: RouterPlan): boolean {
  const host = hostFor(world, plan.zoneId);
  if (host === undefined) return false;
  startAt(world, createRouter(world, plan, host), host);
  if (old !== undefined) expungeRouter(world, old);
  return true;
}

/** Begins to start a stopped router; false if no host is there to take it. */
export function beginRouterStart(world: World, router: RouterRow): boolean {
  const host = hostFor(world, router.zoneId);
  if (host === undefined) return false;
  world.routers.move(router, 'StartRequested', placedOn(router, host));
  return true;
}

export function finishRouterStart(world: World, router: RouterRow): void {
  world.routers.move(router, 'OperationSucceeded');
}

/**
 * Begins to stop a router. One that an operation has left in Starting cannot be stopped; with `forced`
 * it is Stopped, and CloudStack trips over that (VirtualMachineManagerImpl.advanceStop).
 */
export function beginRouterStop(world: World, router: RouterRow, forced: boolean): void {
  if (world.routers.allows(router, 'StopRequested')) {
    world.routers.move(router, 'StopRequested');
    return;
  }
  if (!forced) {
    throw cloudRuntime(`We cannot stop ${routerText(router)} when it is in state ${router.state}`);
  }
  world.routers.move(router, 'FollowAgentPowerOffReport', offHost);
  throw cloudRuntime(
    `We cannot proceed with stop VM ${routerText(router)} since it is not in 'Stopping' state, ` +
      `current state: ${router.state}`,
  );
}

export function finishRouterStop(world: World, router: RouterRow): void {
  world.routers.move(router, 'OperationSucceeded', offHost);
}

/** Takes a router out of a state between two, as the failure of what was done with it does. */
export function endRouterOperation(world: World, router: RouterRow): void {
  if (router.state === 'Starting') world.routers.move(router, 'OperationFailed', offHost);
  if (router.state === 'Stopping') world.routers.move(router, 'OperationFailed');
}

/** Removes a router in whatever state it is: a running one is stopped first (VirtualMachineManagerImpl.expunge). */
export function expungeRouter(world: World, router: RouterRow): void {
  if (router.state === 'Starting') world.routers.move(router, 'OperationFailed', offHost);
  if (router.state === 'Running') world.routers.move(router, 'StopRequested');
  if (router.state === 'Stopping') finishRouterStop(world, router);
  world.routers.move(router, 'ExpungeOperation');
  world.routers.remove(router);
}

/** A router as error texts name it (VMInstanceVO.toString). */
export function routerText({ internalId, name, state, id }: RouterRow): string {
  const content = { id: internalId, instanceName: name, state, type: 'DomainRouter', uuid: id };
  return `VM instance ${JSON.stringify(content)}`;
}

const offHost = { hostId: null, linkLocalIp: null };

/** A new NIC of a router in a network. */
export function guestNicIn(world: World, network: NetworkRow): RouterGuestNic {
  return { networkId: network.id, ...nicWith(world, generateMacAddress(world, network)) };
}

function nicWith({ kernel }: World, macAddress: string): RouterNic {
  return { id: kernel.ids.uuid(), macAddress };
}

function planFor(network: NetworkRow, translates: boolean): RouterPlan {
  return {
    networkId: network.id,
    vpcId: null,
    accountId: network.type === 'Shared' ? null : network.accountId,
    zoneId: network.zoneId,
    guestNetworks: [network],
    translates,
  };
}

function createRouter(world: World, plan: RouterPlan, { podId }: HostRow): RouterRow {
  const { guestNetworks, translates, ...served } = plan;
  const internalId = world.kernel.ids.next('router');
  return world.routers.insert({
    internalId,
    name: `r-${internalId}-${world.settings.get('instance.name')}`,
    ...served,
    podId,
    hostId: null,
    state: 'Stopped',
    guestNics: guestNetworks.map((network) => guestNicIn(world, network)),
    controlNic: nicWith(world, controlMacAddress(internalId)),
    publicNic: translates ? nicWith(world, publicMacAddress(world)) : null,
    linkLocalIp: null,
  });
}

/** Routers of a network that comes to life are there at once. */
function startAt(world: World, router: RouterRow, host: HostRow): void {
  world.routers.move(router, 'StartRequested', placedOn(router, host));
  finishRouterStart(world, router);
}

function placedOn(
  { internalId }: RouterRow,
  { id: hostId, podId }: HostRow,
): Pick<RouterRow, 'hostId' | 'podId' | 'linkLocalIp'> {
  const [third, fourth] = [Math.floor(internalId / 250) % 250, (internalId % 250) + 2];
  return { hostId, podId, linkLocalIp: `169.254.${third}.${fourth}` };
}

/** Has the running routers of a host run on another one at once; false if there is none. */
export function moveRouters(world: World, { id, zoneId }: HostRow): boolean {
  const routers = world.routers
    .all()
    .filter(({ hostId, state }) => hostId === id && state === 'Running');
  const host = hostFor(world, zoneId);
  if (host === undefined) return routers.length === 0;
  for (const router of routers) world.routers.change(router, placedOn(router, host));
  return true;
}

/** Routers take no room here: the first host that takes VMs at all has them. */
function hostFor(world: World, zoneId: string): HostRow | undefined {
  return world.hosts
    .all()
    .find((host) => host.zoneId === zoneId && host.up && host.state === 'Enabled');
}
