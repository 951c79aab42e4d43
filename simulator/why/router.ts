import type { NetworkRow, RouterRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { jobsAbout, pendingJobs } from './jobs.js';

/** Why virtual routers are in their state, and whom they serve. @throws NothingToExplain */
export function explainRouter(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.routers, idOrName).map((router) => ({
    about: `router ${router.name} (${router.id})`,
    because:
      router.removedMs === null
        ? whyAsItIs(world, router)
        : [`It was destroyed at ${timeText(router.removedMs)}.`],
    rowIds: [router.id],
  }));
}

/** In which state a router is, and what that means to those whom it serves. */
export function routerStateText(world: World, router: RouterRow): string {
  const { state, hostId } = router;
  if (state === 'Running') {
    return `It is Running${hostId === null ? '' : ` on host ${world.hosts.require(hostId).name}`}.`;
  }
  const unserved =
    'Until it runs, VMs there get no address by DHCP, no names, no user data, and nothing from outside.';
  if (state === 'Stopped') {
    return `It is Stopped. ${unserved} startRouter starts it, and so does the next VM that starts there.`;
  }
  const isInHand = pendingJobs(world, router.id).some(({ startedMs }) => startedMs !== null);
  const lost = isInHand ? '' : ', and no job works on it: the job was lost';
  return `It is ${state}${lost}. ${unserved}`;
}

function whyAsItIs(world: World, router: RouterRow): string[] {
  return [
    served(world, router),
    routerStateText(world, router),
    ...jobsAbout(world, router.id),
    ...noHost(world, router),
    ...addresses(world, router),
    router.vpcId === null
      ? 'It goes with its network. destroyRouter removes it before; restartNetwork with cleanup=true puts a new one in its place.'
      : 'It goes with its VPC. destroyRouter removes it before; restartVPC with cleanup=true puts a new one in its place.',
  ];
}

function served(world: World, { networkId, vpcId, guestNics }: RouterRow): string {
  if (vpcId === null) {
    const network = networkId === null ? undefined : world.networks.require(networkId);
    return `It serves network ${network?.name ?? '?'} (${networkId ?? '?'}).`;
  }
  const vpc = world.vpcs.require(vpcId);
  const tiers = guestNics.map((nic) => world.networks.require(nic.networkId).name);
  const which = tiers.length === 0 ? 'none of which has come to life' : tiers.join(', ');
  return `It serves the tiers of VPC ${vpc.name} (${vpc.id}): ${which}.`;
}

function noHost(world: World, { state, zoneId }: RouterRow): string[] {
  const takesVms = world.hosts
    .all()
    .some((host) => host.zoneId === zoneId && host.up && host.state === 'Enabled');
  if (state !== 'Stopped' || takesVms) return [];
  return ['It cannot start: no host of the zone is up and Enabled; why host tells why.'];
}

function addresses(world: World, router: RouterRow): string[] {
  const guest = router.guestNics.flatMap(({ networkId }) =>
    guestAddress(world.networks.require(networkId)),
  );
  const owner =
    router.vpcId === null
      ? world.publicIps.where('networkId', router.networkId)
      : world.publicIps.where('vpcId', router.vpcId);
  const outside = owner.filter(({ isSourceNat }) => isSourceNat).map(({ ipAddress }) => ipAddress);
  const parts = [
    ...(guest.length === 0 ? [] : [`to its VMs ${guest.join(', ')}`]),
    ...(router.publicNic === null || outside.length === 0 ? [] : [`outside ${outside.join(', ')}`]),
    ...(router.linkLocalIp === null ? [] : [`to its host ${router.linkLocalIp}`]),
  ];
  return parts.length === 0 ? [] : [`Its addresses: ${parts.join('; ')}.`];
}

/** In a shared network the router has an address beside the gateway; in others it is the gateway. */
function guestAddress({ routerIpAddress, gateway, type }: NetworkRow): string[] {
  const address = type === 'Shared' ? routerIpAddress : gateway;
  return address === null ? [] : [address];
}
