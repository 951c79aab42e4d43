import { assertMayUseNetworkOffering } from '../../world/identity/offering-access.js';
import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner, finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import { CloudException, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkOfferingRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { defaultNetworkDomain, nextVlan } from '../../world/network/networks.js';
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
import { assertNetworkDomain } from './network-domain-rules.js';
import { networkResponse } from './network-response.js';
import { chosenVlan } from './network-vlan-rules.js';
import { assertTier } from './vpc-tier-rules.js';

const parameters = {
  name: text({ required: true }),
  displaytext: text(),
  networkofferingid: entity('networkoffering', { required: true }),
  zoneid: entity('zone', { required: true }),
  gateway: text(),
  netmask: text(),
  startip: text(),
  endip: text(),
  networkdomain: text(),
  acltype: text(),
  vpcid: entity('vpc'),
  aclid: entity('networkacllist'),
  vlan: text({ rootOnly: true }),
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
    assertExist(offering, zone);
    const owner = finalizeOwner(context, args);
    assertMayUseNetworkOffering(world, owner, offering, zone);
    assertZoneEnabled(context, zone);
    const aclType = aclTypeOfNew(context, offering, args.acltype);
    assertNameFree(world, owner, args.name);
    const asked = askedSubnet(offering, args, args.vpcid !== undefined);
    assertMayUse(context, offering, args);
    assertSize(context, asked);
    assertTakesRange(offering, args);
    assertInPlace(context, args, owner, asked);
    assertEnabled(offering);
    if (offering.guestIpType === 'Isolated') assertWithinLimits(world, owner, { network: 1 });
    const vlan = chosenVlan(world, zone, offering, args.vlan);
    const networkDomain = networkDomainOfNew(
      offering,
      owner,
      args.networkdomain ?? args.vpcid?.networkDomain,
    );
    assertSubnetFits(offering, asked);
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
      routerIpAddress: null,
      vpcId: args.vpcid?.id ?? null,
      aclListId: args.vpcid === undefined ? null : (args.aclid?.id ?? null),
    });
    addRangeOf(world, network);
    return network;
  },
});

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

function aclTypeOfNew(
  context: CommandContext,
  offering: NetworkOfferingRow,
  asked: string | undefined,
): NetworkRow['aclType'] {
  const isShared = offering.guestIpType === 'Shared';
  const aclType = asked === undefined ? usualAclType(context, isShared) : aclTypeNamed(asked);
  if (asked !== undefined && offering.guestIpType === 'Isolated' && aclType !== 'Account') {
    throw invalidParameter('AclType should be Account for network of type Isolated');
  }
  if (aclType === 'Account') return aclType;
  if (!isAdmin(context.caller)) {
    throw permissionDenied('Only admin can create networks with aclType=Domain');
  }
  if (isShared) return aclType;
  throw invalidParameter('Only Shared networks can have aclType=Domain');
}

function usualAclType({ caller }: CommandContext, isShared: boolean): NetworkRow['aclType'] {
  if (!isShared || caller.role === 'User') return 'Account';
  if (isRootAdmin(caller)) return 'Domain';
  throw invalidParameter('AclType must be specified for shared network created by domain admin');
}

function aclTypeNamed(asked: string): NetworkRow['aclType'] {
  const aclType = (['Account', 'Domain'] as const).find(
    (known) => known.toLowerCase() === asked.toLowerCase(),
  );
  if (aclType !== undefined) return aclType;
  throw invalidParameter(
    'Incorrect aclType specified. Check the API documentation for supported types',
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
