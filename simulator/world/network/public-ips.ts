import type { PublicIpRow } from '../entities.js';
import { deleteRulesOfAddress } from './load-balancers.js';
import { purgeRulesOfAddress } from './port-rules.js';
import { disableStaticNatOf } from './static-nat.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** A free public address of a zone: this one, or the first. */
export function freePublicIp(
  world: World,
  zoneId: string,
  ipAddress?: string,
): PublicIpRow | undefined {
  return world.publicIps
    .all()
    .filter((publicIp) => publicIp.zoneId === zoneId && publicIp.state === 'Free')
    .find((publicIp) => ipAddress === undefined || publicIp.ipAddress === ipAddress);
}

/** A public address as error texts show it (IPAddressVO.toString). */
export function publicIpText(world: World, publicIp: PublicIpRow): string {
  return `Ip[${publicIp.ipAddress}-${world.zones.require(publicIp.zoneId).internalId}]`;
}

/** Gives a free public address to an account, for one of its networks or VPCs or for none yet. */
export function allocatePublicIp(
  world: World,
  publicIp: PublicIpRow,
  owner: {
    readonly accountId: string;
    readonly networkId: string | null;
    readonly vpcId?: string;
    readonly isSourceNat: boolean;
  },
): void {
  world.publicIps.move(publicIp, 'Allocate', { ...owner, allocatedMs: world.kernel.nowMs });
}

/** Gives an address that is Releasing back: its rules and tags end, and others may have it. */
export function releasePublicIp(world: World, publicIp: PublicIpRow): void {
  if (publicIp.vmId !== null) disableStaticNatOf(world, publicIp);
  deleteRulesOfAddress(world, publicIp.id);
  purgeRulesOfAddress(world, publicIp.id);
  removeTags(world, publicIp.id);
  world.publicIps.move(publicIp, 'ReleaseSucceeded', {
    accountId: null,
    networkId: null,
    vpcId: null,
    isSourceNat: false,
    allocatedMs: null,
  });
}
