import { assertMayUseNetworkOffering } from '../../world/identity/offering-access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner, finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import { CloudException, invalidParameter } from '../../world/cloud-exception.js';
import type {
  AccountRow,
  NetworkOfferingRow,
  NetworkRow,
  PublicIpRow,
  ZoneRow,
} from '../../world/entities.js';
import {
  defaultNetworkDomain,
  implementNetwork,
  nextVlan,
  usualNetworkValues,
} from '../../world/network/networks.js';
import { allocatePublicIp, freePublicIp } from '../../world/network/public-ips.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { addRangeOf } from '../../world/network/vlan-ranges.js';
import { accountSetting } from '../../world/settings/configurations.js';
import type { World } from '../../world/world.js';
import {
  addressesOf,
  askedSubnet,
  isPrivate,
  takesRange,
  type AskedSubnet,
} from './network-address-rules.js';
import { aclTypeOfNew } from './network-acl-type.js';
import { assertNetworkDomain } from './network-domain-rules.js';
import { askedIpv6, assertIpv6Dns } from './network-ipv6-rules.js';
import { networkResponse } from './network-response.js';
import {
  allowedMtus,
  assertDns,
  assertRouterAddress,
  assertTakesRouterAddress,
} from './network-router-rules.js';
import { chosenVlan } from './network-vlan-rules.js';
import { assertTier, NO_ADDRESS_OF_TIER } from './vpc-tier-rules.js';

const parameters = {
  name: text({ required: true }),
  displaytext: text(),
  networkofferingid: entity('networkoffering', { required: true }),
  zoneid: entity('zone', { required: true }),
  gateway: text(),
  netmask: text(),
  startip: text(),
  endip: text(),
  ip6gateway: text(),
  ip6cidr: text(),
  startipv6: text(),
  endipv6: text(),
  ip6dns1: text({ since: '4.18.0' }),
  ip6dns2: text({ since: '4.18.0' }),
  networkdomain: text(),
  acltype: text(),
  vpcid: entity('vpc'),
  aclid: entity('networkacllist'),
  vlan: text({ rootOnly: true }),
  bypassvlanoverlapcheck: flag({ rootOnly: true }),
  hideipaddressusage: flag({ rootOnly: true }),
  routerip: text({ rootOnly: true }),
  displaynetwork: flag({ rootOnly: true }),
  physicalnetworkid: entity('physicalnetwork'),
  cidrsize: integer({ since: '4.20.0' }),
  dns1: text({ since: '4.18.0' }),
  dns2: text({ since: '4.18.0' }),
  publicmtu: integer({ since: '4.18.0' }),
  privatemtu: integer({ since: '4.18.0' }),
  sourcenatipaddress: text({ since: '4.19' }),
  ...ownerParameters,
} as const;

type CreateArguments = Arguments<typeof parameters>;

/**
 * Synchronous: only the row is made, the router and its public address come with the first VM. The
 * order of the checks is that of NetworkServiceImpl.createGuestNetwork and
 * NetworkOrchestrator.createGuestNetwork.
 */
export const createNetwork = syncCommand({
  name: 'createNetwork',
  summary: 'Creates a guest network.',
  roles: everyRole,
  parameters,
  response: objectOf(networkResponse),
  run: (context, args) => {
    const { world } = context;
    const { networkofferingid: offering, zoneid: zone } = args;
    askedOwner(context, args);
    assertPhysicalNetwork(args);
    assertExist(offering, zone);
    const owner = finalizeOwner(context, args);
    assertMayUseNetworkOffering(world, owner, offering, zone);
    assertZoneEnabled(context, zone);
    const aclType = aclTypeOfNew(context, offering, args.acltype);
    assertTakesRouterAddress(offering, args.routerip);
    assertNameFree(world, owner, args.name);
    const asked = askedSubnet(offering, args, args.vpcid !== undefined);
    const ipv6 = askedIpv6(offering, args, asked !== undefined);
    if (offering.guestIpType === 'Shared') assertRouterAddress(args);
    assertNoCidrSize(offering, asked, args.cidrsize);
    assertMayUse(context, offering, args);
    assertSize(context, asked);
    assertTakesRange(offering, args);
    const { dns1 = null, dns2 = null, displaynetwork = true } = args;
    assertDns(offering, args.vpcid !== undefined, dns1, dns2);
    assertIpv6Dns(ipv6 !== null, args);
    assertInPlace(context, args, owner, asked);
    assertEnabled(offering);
    if (offering.guestIpType === 'Isolated' && displaynetwork) {
      assertWithinLimits(world, owner, { network: 1 });
    }
    const vlan = chosenVlan(world, zone, offering, args);
    const networkDomain = networkDomainOfNew(
      offering,
      owner,
      args.networkdomain ?? args.vpcid?.networkDomain,
    );
    assertSubnetFits(offering, asked);
    const sourceNat = askedSourceNat(world, owner, args);
    const { name, displaytext: displayText = name } = args;
    const network = world.networks.insert({
      name,
      displayText,
      type: offering.guestIpType,
      zoneId: zone.id,
      networkOfferingId: offering.id,
      accountId: owner.id,
      domainId: owner.domainId,
      aclType,
      ...addressesOf(offering, zone, asked, args),
      vlan: vlan ?? nextVlan(world),
      networkDomain,
      // A VLAN that somebody chose is there from the start (GuestNetworkGuru, DirectNetworkGuru).
      state: vlan === undefined && offering.guestIpType !== 'Shared' ? 'Allocated' : 'Setup',
      routerIpAddress: args.routerip ?? null,
      ...usualNetworkValues(world),
      ...mtusOfNew(world, args),
      ipv6,
      dns1,
      dns2,
      isDisplayed: displaynetwork,
      details: detailsOf(args),
      vpcId: args.vpcid?.id ?? null,
      aclListId: args.vpcid === undefined ? null : (args.aclid?.id ?? null),
    });
    addRangeOf(world, network);
    if (sourceNat !== undefined) {
      const { id: networkId, accountId } = network;
      allocatePublicIp(world, sourceNat, { accountId, networkId, isSourceNat: true });
    }
    if (offering.isPersistent) implementNetwork(world, network);
    return network;
  },
});

/** CreateNetworkCmd.getPhysicalNetworkId. */
function assertPhysicalNetwork({
  physicalnetworkid: physicalNetwork,
  networkofferingid: { guestIpType },
}: CreateArguments): void {
  if (physicalNetwork === undefined || guestIpType !== 'Isolated') return;
  throw invalidParameter(
    'Physical network ID can be specified for networks of guest IP type Shared or L2 only.',
  );
}

/** Sizes are for networks whose addresses are routed, not translated (validateNetworkCidrSize). */
function assertNoCidrSize(
  { guestIpType }: NetworkOfferingRow,
  asked: AskedSubnet | undefined,
  cidrSize: number | undefined,
): void {
  if (cidrSize === undefined) return;
  if (guestIpType !== 'Isolated') {
    throw invalidParameter('network cidr size is only applicable on Isolated networks');
  }
  if (asked !== undefined) {
    throw invalidParameter('network cidr and cidr size are mutually exclusive');
  }
  throw invalidParameter(
    `network cidr size is only applicable on Isolated networks with ROUTED mode: ${cidrSize}`,
  );
}

/** CloudStack keeps a network whose address cannot be had; here it is looked for before. */
function askedSourceNat(
  world: World,
  owner: AccountRow,
  { zoneid: zone, vpcid: vpc, sourcenatipaddress: ipAddress }: CreateArguments,
): PublicIpRow | undefined {
  if (ipAddress === undefined) return undefined;
  assertWithinLimits(world, owner, { public_ip: 1 });
  const publicIp = freePublicIp(world, zone.id, owner.id, ipAddress);
  if (publicIp === undefined) {
    throw new CloudException('InsufficientCapacityException', 'Insufficient address capacity');
  }
  if (vpc !== undefined) throw invalidParameter(NO_ADDRESS_OF_TIER);
  return publicIp;
}

function mtusOfNew(
  world: World,
  { publicmtu: publicMtu = 1_500, privatemtu: privateMtu = 1_500, vpcid: vpc }: CreateArguments,
): ReturnType<typeof allowedMtus> {
  const allowed = allowedMtus(world, { publicMtu, privateMtu });
  return vpc === undefined ? allowed : { ...allowed, publicMtu: vpc.publicMtu };
}

function detailsOf({ hideipaddressusage, routerip }: CreateArguments): NetworkRow['details'] {
  return {
    ...(hideipaddressusage === true && { hideIpAddressUsage: 'true' }),
    ...(routerip !== undefined && { routerIp: routerip }),
  };
}

/** Ids of what is removed still pass as parameters. */
function assertExist(offering: NetworkOfferingRow, zone: ZoneRow): void {
  if (offering.removedMs !== null) {
    throw invalidParameter(`Unable to find network offering by ID ${offering.internalId}`);
  }
  if (zone.removedMs !== null) throw invalidParameter('Specified zone id was not found');
}

function assertZoneEnabled({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) return;
  throw new CloudException(
    'PermissionDeniedException',
    'Cannot perform this operation since specified Zone is currently disabled',
    { uuidList: [{ uuid: zone.id, description: 'zoneId' }] },
  );
}

function assertNameFree(world: World, owner: AccountRow, name: string): void {
  if (accountSetting(world, owner, 'allow.duplicate.networkname')) return;
  const isTaken = world.networks
    .all()
    .some((network) => network.accountId === owner.id && network.name === name);
  if (!isTaken) return;
  throw invalidParameter(
    `Another network with same name already exists within account: ${owner.name}`,
  );
}

/** Networks whose VLAN somebody must choose are for root admins. */
function assertMayUse(
  { caller }: CommandContext,
  { guestIpType, specifyVlan }: NetworkOfferingRow,
  { vlan }: CreateArguments,
): void {
  if (!isRootAdmin(caller) && guestIpType === 'Shared' && specifyVlan) {
    throw invalidParameter(
      'This user can only create an Isolated network, a L2 network or a Shared network with ' +
        'specifyVlan=false.',
    );
  }
  if (guestIpType === 'Shared' && !specifyVlan && vlan !== undefined) {
    throw invalidParameter(
      'Cannot specify vlanId when create a network from network offering with specifyvlan=false',
    );
  }
  if (isRootAdmin(caller) || !specifyVlan) return;
  throw invalidParameter(
    'Only ROOT admin is allowed to specify vlanId or bypass vlan overlap check',
  );
}

function assertSize({ world, caller }: CommandContext, asked: AskedSubnet | undefined): void {
  const limit = world.settings.get('network.guest.cidr.limit');
  if (isRootAdmin(caller) || asked === undefined || asked.prefixLength >= limit) return;
  throw invalidParameter(`Cidr size can't be less than ${limit}`);
}

function assertTakesRange(offering: NetworkOfferingRow, { startip, endip }: CreateArguments): void {
  if (startip === undefined || endip === undefined) return;
  if (!takesRange(offering) || offering.specifyIpRanges) return;
  throw invalidParameter(
    "Network offering with specified id doesn't support adding multiple ip ranges",
    [{ uuid: offering.id, description: 'networkOfferingId' }],
  );
}

/** Offerings are for the tiers of VPCs or for other networks. */
function assertInPlace(
  context: CommandContext,
  {
    vpcid: vpc,
    aclid: aclList,
    networkdomain: networkDomain,
    zoneid: zone,
    networkofferingid: offering,
  }: CreateArguments,
  owner: AccountRow,
  subnet: AskedSubnet | undefined,
): void {
  if (vpc !== undefined) {
    assertTier(context, { vpc, aclList, owner, offering, zone, subnet, networkDomain });
    return;
  }
  if (!offering.forVpc) return;
  throw invalidParameter('Network offering can be used for VPC networks only');
}

function assertEnabled(offering: NetworkOfferingRow): void {
  if (offering.enabled) return;
  throw invalidParameter("Can't use specified network offering id as its state is not Enabled", [
    { uuid: offering.id, description: 'networkOfferingId' },
  ]);
}

function networkDomainOfNew(
  { services }: NetworkOfferingRow,
  owner: AccountRow,
  asked: string | undefined,
): string | null {
  if (!services.includes('Dns')) return asked ?? null;
  if (asked === undefined) return defaultNetworkDomain(owner);
  assertNetworkDomain(asked);
  return asked;
}

/** Without a router that translates addresses they are those of the outside, which nobody can guess. */
function assertSubnetFits(
  { guestIpType, services }: NetworkOfferingRow,
  asked: AskedSubnet | undefined,
): void {
  if (asked === undefined) {
    if (guestIpType === 'Shared') {
      throw invalidParameter('Gateway/netmask are required when creating Shared networks.');
    }
    const isTranslated = services.includes('SourceNat') || services.includes('Gateway');
    if (guestIpType === 'L2' || isTranslated) return;
    throw invalidParameter(
      'gateway/netmask are required when create network of type Isolated with service SourceNat ' +
        'disabled',
    );
  }
  if (guestIpType !== 'Isolated' || isPrivate(asked.cidr)) return;
  throw invalidParameter(`Virtual Guest Cidr ${asked.cidr} is not RFC 1918 or 6598 compliant`);
}
