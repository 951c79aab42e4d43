import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { isRootAdmin } from '../../declare/caller.js';
import {
  finalizeOwner,
  ownerOfNew,
  ownerParameters,
  type OwnerArguments,
} from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, PublicIpRow, ZoneRow } from '../../world/entities.js';
import { allocatePublicIp, freePublicIp, releasePublicIp } from '../../world/network/public-ips.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { World } from '../../world/world.js';
import { ipAddressResponse } from './public-ip-response.js';

interface Target extends OwnerArguments {
  readonly networkid?: NetworkRow | undefined;
  readonly zoneid?: ZoneRow | undefined;
}

/** Takes an address for an account at once; the job then joins it to a network of the account. */
export const associateIpAddress = asyncCreateCommand({
  name: 'associateIpAddress',
  summary: 'Acquires a public address for a network.',
  roles: everyRole,
  javaClass: {
    user: 'user.address.AssociateIPAddrCmd',
    rootAdmin: 'admin.address.AssociateIPAddrCmdByAdmin',
  },
  parameters: {
    zoneid: entity('zone'),
    networkid: entity('network'),
    ipaddress: text(),
    ...ownerParameters,
  },
  response: objectOf(ipAddressResponse),
  subjectType: 'IpAddress',
  create: (context, args) => {
    const { world } = context;
    const owner = ownerOfAddress(context, args);
    assertMayOperate(context, 'account', owner);
    const zone = zoneOfNew(world, args);
    const network = networkOfNew(world, args, owner, zone);
    assertUsable(context, network, zone);
    assertWithinLimits(world, owner, { public_ip: 1 });
    const publicIp = freePublicIp(world, zone.id, args.ipaddress);
    if (publicIp === undefined) throw serverApiError(533, 'Insufficient address capacity');
    allocatePublicIp(world, publicIp, {
      accountId: owner.id,
      networkId: null,
      isSourceNat: false,
    });
    return publicIp;
  },
  steps: [
    () => wait('duration.address'),
    (context, args, { createdId }) => {
      const { world } = context;
      const publicIp = world.publicIps.require(createdId);
      if (publicIp.accountId === null) throw serverApiError(530, 'Failed to assign IP address');
      const owner = world.accounts.require(publicIp.accountId);
      const network = networkOfNew(world, args, owner, world.zones.require(publicIp.zoneId));
      if (network.removedMs !== null) {
        world.publicIps.move(publicIp, 'Release');
        releasePublicIp(world, publicIp);
        throw invalidParameter('Invalid network id is given');
      }
      associate(world, publicIp, network);
      return done(publicIp);
    },
  ],
});

/** Who was asked for, else who owns the network, else the caller (AssociateIPAddrCmd.getEntityOwnerId). */
function ownerOfAddress(context: CommandContext, args: Target): AccountRow {
  const { world, caller } = context;
  const { account, domainid, projectid, networkid } = args;
  if (account !== undefined && domainid !== undefined) return finalizeOwner(context, args);
  if (projectid !== undefined) return ownerOfNew(context, { projectid });
  if (networkid === undefined) return caller.account;
  if (networkid.removedMs !== null) {
    throw invalidParameter('Unable to find network by network id specified');
  }
  return world.accounts.require(networkid.accountId);
}

function zoneOfNew(world: World, { zoneid, networkid }: Target): ZoneRow {
  if (zoneid !== undefined) return zoneid;
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
  const [network, ...others] = world.networks
    .all()
    .filter((row) => row.type === 'Isolated' && row.accountId === owner.id)
    .filter((row) => row.zoneId === zone.id);
  if (network === undefined) {
    const domain = world.domains.require(owner.domainId);
    throw invalidParameter(
      `Account name=${owner.name} domain=${domain.name} doesn't have virtual networks in ` +
        `zone=${zone.name}`,
    );
  }
  if (others.length === 0) return network;
  throw invalidParameter('Account has more than one isolated network in the zone');
}

function assertUsable({ caller }: CommandContext, network: NetworkRow, zone: ZoneRow): void {
  if (network.type === 'Shared') {
    throw invalidParameter(
      'Associate IP address can only be called on the shared networks in the advanced zone with ' +
        'Firewall/Source Nat/Static Nat/Port Forwarding/Load balancing services enabled',
    );
  }
  if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
    throw permissionDenied('Cannot perform this operation, Zone is currently disabled');
  }
}

/** The first address of an isolated network becomes its source NAT address. */
function associate(world: World, publicIp: PublicIpRow, network: NetworkRow): void {
  const hasSourceNat = world.publicIps
    .where('networkId', network.id)
    .some((other) => other.isSourceNat);
  const isSourceNat = network.type === 'Isolated' && !hasSourceNat;
  world.publicIps.change(publicIp, { networkId: network.id, isSourceNat });
}
