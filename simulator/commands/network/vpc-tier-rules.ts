import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type {
  AccountRow,
  NetworkAclListRow,
  NetworkOfferingRow,
  NetworkRow,
  VpcRow,
  ZoneRow,
} from '../../world/entities.js';
import { isInSubtree } from '../../world/identity/domains.js';
import { isMemberOfProjectOf } from '../../world/identity/projects.js';
import { parseCidr } from '../../world/network/ipv4.js';
import { aclListText } from '../../world/network/network-acls.js';
import { networkText, offeringOf } from '../../world/network/networks.js';
import { isActiveVpc, tiersOf, vpcText } from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';
import type { AskedSubnet } from './network-address-rules.js';

/** A tier has the public addresses of its VPC only. */
export const NO_ADDRESS_OF_TIER =
  "Can't assign ip to the network directly when network belongs to VPC.Specify vpcId to associate " +
  'ip address to VPC';

/** A network that is to be a tier of a VPC. */
export interface NewTier {
  readonly vpc: VpcRow;
  readonly aclList: NetworkAclListRow | undefined;
  readonly owner: AccountRow;
  readonly offering: NetworkOfferingRow;
  readonly zone: ZoneRow;
  readonly subnet: AskedSubnet | undefined;
  readonly networkDomain: string | undefined;
}

/**
 * Throws unless the tier may be, in the order of NetworkServiceImpl.commitNetwork,
 * VpcManagerImpl.createVpcGuestNetwork and validateNtwkOffForNtwkInVpc.
 */
export function assertTier(context: CommandContext, tier: NewTier): void {
  const { vpc, aclList, offering, zone } = tier;
  if (!offering.forVpc) {
    throw invalidParameter("Network offering can't be used for VPC networks");
  }
  if (aclList !== undefined) assertOfVpc(context.world, aclList, vpc);
  if (!isActiveVpc(vpc)) {
    throw invalidParameter('Unable to find Enabled VPC ', [
      { uuid: String(vpc.internalId), description: 'VPC' },
    ]);
  }
  assertMayOperate(context, 'vpc', vpc);
  if (vpc.zoneId !== zone.id) throw invalidParameter("New network doesn't belong to vpc zone");
  assertFits(context.world, tier);
  assertServices(context.world, tier);
}

/** Throws unless a tier may have another offering, which it has for its VPC and list of rules. */
export function assertTierOffering(
  world: World,
  tier: NetworkRow,
  offering: NetworkOfferingRow,
): void {
  if (tier.vpcId === null) return;
  if (offering.removedMs !== null) {
    throw invalidParameter("Can't find network offering by id specified");
  }
  const vpc = world.vpcs.require(tier.vpcId);
  const aclList =
    tier.aclListId === null ? undefined : world.networkAclLists.require(tier.aclListId);
  assertServices(world, { vpc, aclList, offering }, tier);
}

function assertOfVpc(world: World, aclList: NetworkAclListRow, vpc: VpcRow): void {
  if (aclList.vpcId === null || aclList.vpcId === vpc.id) return;
  const { internalId } = world.vpcs.require(aclList.vpcId);
  throw invalidParameter(
    `ACL [${aclListText(world, aclList)}] does not belong to the VPC [${internalId}].`,
  );
}

/** VpcManagerImpl.validateNewVpcGuestNetwork. */
function assertFits(world: World, { vpc, owner, subnet, networkDomain }: NewTier): void {
  const tiers = tiersOf(world, vpc.id);
  const most = world.settings.get('vpc.max.networks');
  if (tiers.length >= most) {
    throw cloudRuntime(`Number of networks per VPC cannot surpass [${most}].`);
  }
  if (subnet === undefined) {
    throw invalidParameter('Gateway/netmask are required when create network for VPC');
  }
  const { cidr } = subnet;
  if (!isWithin(cidr, vpc.cidr)) {
    throw invalidParameter(`Network cidr ${cidr} is not within vpc ${vpcText(vpc)} cidr`);
  }
  const crossed = tiers.find(
    (other) => other.cidr !== null && (isWithin(cidr, other.cidr) || isWithin(other.cidr, cidr)),
  );
  if (crossed !== undefined) {
    throw invalidParameter(
      `Network cidr ${cidr} crosses other network cidr ${networkText(world, crossed)} belonging to ` +
        `the same vpc ${vpcText(vpc)}`,
    );
  }
  if (!mayServe(world, vpc, owner)) {
    throw invalidParameter(`VPC owner does not have access to account [${owner.name}].`);
  }
  if (
    networkDomain === undefined ||
    networkDomain.toLowerCase() === vpc.networkDomain.toLowerCase()
  ) {
    return;
  }
  throw invalidParameter(
    `Network domain of the new network should match network domain of vpc ${vpcText(vpc)}`,
  );
}

/** Whether the account of a VPC may act for that of a new tier (VpcManagerImpl.CheckAccountsAccess). */
function mayServe(world: World, vpc: VpcRow, owner: AccountRow): boolean {
  const account = world.accounts.require(vpc.accountId);
  if (account.id === owner.id || account.type === 'Admin') return true;
  const isAbove = account.type === 'DomainAdmin' || account.type === 'ResourceAdmin';
  if (isAbove && isInSubtree(world, owner.domainId, account.domainId)) return true;
  return isMemberOfProjectOf(world, account, owner);
}

function isWithin(inner: string, outer: string): boolean {
  const [a, b] = [parseCidr(inner), parseCidr(outer)];
  return a.first >= b.first && a.last <= b.last;
}

function assertServices(
  world: World,
  { vpc, aclList, offering }: Pick<NewTier, 'vpc' | 'aclList' | 'offering'>,
  tier?: NetworkRow,
): void {
  // The router of a VPC has lists of rules instead of a firewall: that is the plain router's.
  if (offering.services.includes('Firewall')) {
    throw invalidParameter(
      'Provider of type VirtualRouter is not supported for network offerings that can be used in VPC',
    );
  }
  const isTranslated =
    offering.services.includes('SourceNat') || offering.services.includes('Gateway');
  if (offering.guestIpType !== 'Isolated' || !isTranslated) {
    throw invalidParameter(
      'Only network offerings of type Isolated with service SourceNat are valid for vpc ',
    );
  }
  if (offering.services.includes('Lb')) assertOnlyBalancer(world, vpc, offering, tier);
  if (aclList === undefined || offering.services.includes('NetworkACL')) return;
  throw invalidParameter(
    'Cannot apply NetworkACL. Network Offering does not support NetworkACL service',
  );
}

/** Load balancers are for the tiers of one offering. */
function assertOnlyBalancer(
  world: World,
  vpc: VpcRow,
  offering: NetworkOfferingRow,
  tier: NetworkRow | undefined,
): void {
  const other = tiersOf(world, vpc.id).find((row) => {
    const { id, services } = offeringOf(world, row);
    return row !== tier && id !== offering.id && services.includes('Lb');
  });
  if (other === undefined) return;
  throw invalidParameter(
    `Public LB service is already supported by network ${networkText(world, other)} in VPC ${vpcText(vpc)}`,
  );
}
