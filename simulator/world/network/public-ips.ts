import type { AccountRow, PublicIpRow } from '../entities.js';
import { deleteRulesOfAddress } from './load-balancers.js';
import { purgeRulesOfAddress } from './port-rules.js';
import { disableStaticNatOf } from './static-nat.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/**
 * A public address of a zone that an account can have: this one, which may be reserved for it, or the
 * first free one, of ranges that are dedicated to it rather than of those for all
 * (IpAddressManagerImpl.listAvailablePublicIps). Where the former are used up, the latter are taken if
 * `use.system.public.ips` says so, as it does by default.
 */
export function freePublicIp(
  world: World,
  zoneId: string,
  accountId: string,
  ipAddress?: string,
): PublicIpRow | undefined {
  const free = world.publicIps
    .all()
    .filter((publicIp) => publicIp.zoneId === zoneId && isFreeFor(publicIp, accountId, ipAddress))
    .filter((publicIp) => ipAddress === undefined || publicIp.ipAddress === ipAddress);
  const dedications = dedicationsOf(world, world.accounts.require(accountId));
  return (
    free.find(({ vlanRangeId }) => dedications.get(vlanRangeId) === 'own') ??
    free.find(({ vlanRangeId }) => !dedications.has(vlanRangeId))
  );
}

function isFreeFor(
  { state, accountId }: PublicIpRow,
  ownerId: string,
  ipAddress: string | undefined,
): boolean {
  return (
    state === 'Free' || (state === 'Reserved' && ipAddress !== undefined && accountId === ownerId)
  );
}

/** The ranges that are for somebody in particular: for this account, or for others. */
function dedicationsOf(world: World, owner: AccountRow): ReadonlyMap<string, 'own' | 'foreign'> {
  return new Map(
    world.vlanRanges
      .all()
      .flatMap(({ id, dedicatedAccountId, dedicatedDomainId, isForSystemVms }) => {
        if (isForSystemVms) return [[id, 'foreign']];
        if ((dedicatedAccountId ?? dedicatedDomainId) === null) return [];
        const isOwn = dedicatedAccountId === owner.id || dedicatedDomainId === owner.domainId;
        return [[id, isOwn ? 'own' : 'foreign']];
      }),
  );
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

/** Takes an address away from its account, with all that depends on it. */
export function takeBackPublicIp(world: World, publicIp: PublicIpRow): void {
  if (publicIp.state === 'Reserved') unreservePublicIp(world, publicIp);
  if (publicIp.state === 'Allocated') world.publicIps.move(publicIp, 'Release');
  if (publicIp.state === 'Releasing') releasePublicIp(world, publicIp);
}

/** Ends the reservation of an address. */
export function unreservePublicIp(world: World, publicIp: PublicIpRow): void {
  world.publicIps.move(publicIp, 'Unreserve', {
    accountId: null,
    allocatedMs: null,
    isDisplayed: true,
  });
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
    isDisplayed: true,
  });
}
