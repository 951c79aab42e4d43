import type { JsonObject } from '../../kernel/json.js';
import type { NetworkRow, PublicIpRow, VpcRow } from '../entities.js';
import { removeTags } from '../tags.js';
import { purgeList } from './network-acls.js';
import { allocatePublicIp, freePublicIp, releasePublicIp } from './public-ips.js';
import { expungeRouter } from './routers.js';
import { bringUpVpcRouter, replaceVpcRouter, routerOfVpc } from './vpc-routers.js';
import type { World } from '../world.js';

const CLEANUP_TASK = 'vpc.cleanup';

/** The tasks of this file, by kind. */
export const vpcTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [CLEANUP_TASK]: (world, { vpcId }) => {
    if (typeof vpcId !== 'string') throw new Error('a cleanup names no VPC');
    const vpc = world.vpcs.require(vpcId);
    if (vpc.removedMs === null) removeVpc(world, vpc);
  },
};

/** A VPC as CloudStack's error texts show it (VpcVO.toString). */
export function vpcText({ id, internalId, name }: VpcRow): string {
  return `VPC ${JSON.stringify({ id: internalId, name, uuid: id })}`;
}

/** The queue in which the jobs of one VPC run one after the other (BaseAsyncCmd.vpcSyncObject). */
export function vpcQueue(vpcId: string): string {
  return `vpc:${vpcId}`;
}

/** Whether a VPC is there, and not about to be deleted (VpcDaoImpl.getActiveVpcById). */
export function isActiveVpc({ removedMs, state }: VpcRow): boolean {
  return removedMs === null && state === 'Enabled';
}

/** The networks of a VPC, in the order in which they were made. */
export function tiersOf(world: World, vpcId: string): NetworkRow[] {
  return world.networks.where('vpcId', vpcId);
}

/** The address that all tiers of a VPC are seen with from outside. */
export function sourceNatOfVpc(world: World, vpcId: string): PublicIpRow | undefined {
  return world.publicIps.where('vpcId', vpcId).find((publicIp) => publicIp.isSourceNat);
}

/**
 * Gives a VPC its virtual router and its source NAT address, unless it has them: when it is
 * started, and when a tier comes to life. With `renews` another router takes the place of the one
 * that it has. False if no address or host is left for that.
 */
export function implementVpc(world: World, vpc: VpcRow, renews = false): boolean {
  if (sourceNatOfVpc(world, vpc.id) === undefined) {
    const free = freePublicIp(world, vpc.zoneId, vpc.accountId);
    if (free === undefined) return false;
    allocatePublicIp(world, free, {
      accountId: vpc.accountId,
      networkId: null,
      vpcId: vpc.id,
      isSourceNat: true,
    });
  }
  const isUp = renews ? replaceVpcRouter(world, vpc) : bringUpVpcRouter(world, vpc);
  if (isUp) world.vpcs.change(vpc, { isImplemented: true });
  return isUp;
}

/**
 * Begins to delete a VPC without tiers. Should it stay in between, the rest is done after
 * `vpc.cleanup.interval` (VpcManagerImpl.VpcCleanupTask).
 */
export function beginVpcDeletion(world: World, vpc: VpcRow): void {
  removeTags(world, vpc.id);
  if (vpc.state === 'Enabled') world.vpcs.move(vpc, 'Destroy');
  world.kernel.schedule({
    kind: CLEANUP_TASK,
    args: { vpcId: vpc.id },
    afterMs: world.settings.get('vpc.cleanup.interval') * 1_000,
  });
}

/** Removes a VPC whose deletion has begun, with its router, addresses and lists (VpcManagerImpl.destroyVpc). */
export function removeVpc(world: World, vpc: VpcRow): void {
  const router = routerOfVpc(world, vpc.id);
  if (router !== undefined) expungeRouter(world, router);
  for (const publicIp of world.publicIps.where('vpcId', vpc.id)) {
    if (publicIp.state === 'Allocated') world.publicIps.move(publicIp, 'Release');
    releasePublicIp(world, publicIp);
  }
  for (const list of world.networkAclLists.where('vpcId', vpc.id)) purgeList(world, list);
  world.vpcs.change(vpc, { isImplemented: false });
  world.vpcs.remove(vpc);
}
