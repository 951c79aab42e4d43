import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { displayParameters } from '../../declare/display.js';
import { isRootAdmin } from '../../declare/caller.js';
import {
  finalizeOwner,
  ownerOfNew,
  ownerParameters,
  type OwnerArguments,
} from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, PublicIpRow, VpcRow, ZoneRow } from '../../world/entities.js';
import { onlyIsolatedNetwork } from '../../world/network/only-isolated-network.js';
import { allocatePublicIp, freePublicIp, releasePublicIp } from '../../world/network/public-ips.js';
import { sourceNatOfVpc } from '../../world/network/vpcs.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { World } from '../../world/world.js';
import { NO_ADDRESS_OF_TIER } from '../network/vpc-tier-rules.js';
import { ipAddressResponse } from './public-ip-response.js';

interface Target extends OwnerArguments {
  readonly networkid?: NetworkRow | undefined;
  readonly vpcid?: VpcRow | undefined;
  readonly zoneid?: ZoneRow | undefined;
}

/** Takes an address for an account at once; the job then joins it to a network or VPC of the account. */
export const associateIpAddress = asyncCreateCommand({
  name: 'associateIpAddress',
  summary: 'Acquires a public address for a network or a VPC.',
  roles: everyRole,
  javaClass: {
    user: 'user.address.AssociateIPAddrCmd',
    rootAdmin: 'admin.address.AssociateIPAddrCmdByAdmin',
  },
  parameters: {
    zoneid: entity('zone'),
    networkid: entity('network'),
    vpcid: entity('vpc'),
    ipaddress: text(),
    ...displayParameters,
    ...ownerParameters,
  },
  response: objectOf(ipAddressResponse),
  subjectType: 'IpAddress',
  create: (context, args) => {
    const { world } = context;
    const owner = ownerOfAddress(context, args);
    assertMayOperate(context, 'account', owner);
    const zone = zoneOfNew(world, args);
    if (args.vpcid === undefined) assertTakesAddress(networkOfNew(world, args, owner, zone));
    assertZoneEnabled(context, zone);
    assertWithinLimits(world, owner, { public_ip: 1 });
    const publicIp = freePublicIp(world, zone.id, owner.id, args.ipaddress);
    if (publicIp === undefined) throw serverApiError(533, 'Insufficient address capacity');
    allocatePublicIp(world, publicIp, {
      accountId: owner.id,
      networkId: null,
      isSourceNat: false,
    });
    world.publicIps.change(publicIp, { isDisplayed: args.fordisplay ?? true });
    return publicIp;
  },
  steps: [
    () => wait('duration.address'),
    (context, args, { createdId }) => {
      const { world } = context;
      const publicIp = world.publicIps.require(createdId);
      if (publicIp.accountId === null) throw serverApiError(530, 'Failed to assign IP address');
      if (args.vpcid !== undefined) {
        joinVpc(context, publicIp, args.vpcid);
        return done(publicIp);
      }
      const owner = world.accounts.require(publicIp.accountId);
      const network = networkOfNew(world, args, owner, world.zones.require(publicIp.zoneId));
      const problem = whyNotJoin(network);
      if (problem !== undefined) {
        world.publicIps.move(publicIp, 'Release');
        releasePublicIp(world, publicIp);
        throw invalidParameter(problem);
      }
      associate(world, publicIp, network);
      return done(publicIp);
    },
  ],
});

/** Who was asked for, else who owns the network or VPC, else the caller (AssociateIPAddrCmd.getEntityOwnerId). */
function ownerOfAddress(context: CommandContext, args: Target): AccountRow {
  const { world, caller } = context;
  const { account, domainid, projectid, networkid, vpcid } = args;
  if (account !== undefined && domainid !== undefined) return finalizeOwner(context, args);
  if (projectid !== undefined) return ownerOfNew(context, { projectid });
  if (networkid !== undefined) {
    if (networkid.removedMs === null) return world.accounts.require(networkid.accountId);
    throw invalidParameter('Unable to find network by network id specified');
  }
  if (vpcid === undefined) return caller.account;
  if (vpcid.removedMs === null) return world.accounts.require(vpcid.accountId);
  throw invalidParameter("Can't find enabled VPC by ID specified");
}

function zoneOfNew(world: World, { zoneid, networkid, vpcid }: Target): ZoneRow {
  if (zoneid !== undefined) return zoneid;
  if (vpcid?.removedMs === null) return world.zones.require(vpcid.zoneId);
  if (networkid !== undefined) return world.zones.require(networkid.zoneId);
  throw invalidParameter(
    'Unable to figure out zone to assign IP to. Please specify either zoneId, or networkId, ' +
      'or vpcId in the call',
  );
}

/** The given network, or else the only isolated one that the account has in the zone. */
function networkOfNew(
  world: World,
  { networkid }: Target,
  owner: AccountRow,
  zone: ZoneRow,
): NetworkRow {
  if (networkid !== undefined) return networkid;
  return onlyIsolatedNetwork(world, owner, zone, invalidParameter);
}

function assertTakesAddress(network: NetworkRow): void {
  if (network.type !== 'Shared') return;
  throw invalidParameter(
    'Associate IP address can only be called on the shared networks in the advanced zone with ' +
      'Firewall/Source Nat/Static Nat/Port Forwarding/Load balancing services enabled',
  );
}

function assertZoneEnabled({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
    throw permissionDenied('Cannot perform this operation, Zone is currently disabled');
  }
}

function whyNotJoin({ removedMs, vpcId }: NetworkRow): string | undefined {
  if (removedMs !== null) return 'Invalid network id is given';
  return vpcId === null ? undefined : NO_ADDRESS_OF_TIER;
}

/** The first address of a VPC becomes its source NAT address (VpcManagerImpl.associateIPToVpc). */
function joinVpc(context: CommandContext, publicIp: PublicIpRow, vpc: VpcRow): void {
  const { world } = context;
  if (vpc.removedMs !== null) throw invalidParameter('Invalid VPC id provided');
  assertMayOperate(context, 'vpc', vpc);
  const isSourceNat = sourceNatOfVpc(world, vpc.id) === undefined;
  world.publicIps.change(publicIp, { vpcId: vpc.id, isSourceNat });
}

/** The first address of an isolated network becomes its source NAT address. */
function associate(world: World, publicIp: PublicIpRow, network: NetworkRow): void {
  const hasSourceNat = world.publicIps
    .where('networkId', network.id)
    .some((other) => other.isSourceNat);
  const isSourceNat = network.type === 'Isolated' && !hasSourceNat;
  world.publicIps.change(publicIp, { networkId: network.id, isSourceNat });
}
