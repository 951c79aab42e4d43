import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { CloudException, invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, VpcOfferingRow, ZoneRow } from '../../world/entities.js';
import { assertMayUseVpcOffering } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import type { World } from '../../world/world.js';
import { isCidr } from '../firewall/port-validation.js';
import { isPrivate } from '../network/network-address-rules.js';
import { assertNetworkDomain } from '../network/network-domain-rules.js';

/** What createVPC was asked for. */
export interface VpcArguments {
  readonly zoneid: ZoneRow;
  readonly vpcofferingid: VpcOfferingRow;
  readonly cidr?: string | undefined;
  readonly cidrsize?: number | undefined;
  readonly networkdomain?: string | undefined;
  readonly dns1?: string | undefined;
  readonly dns2?: string | undefined;
}

/** The subnet of a new VPC. Throws unless the VPC may be, in the order of VpcManagerImpl.createVpc. */
export function checkedCidr(
  context: CommandContext,
  owner: AccountRow,
  args: VpcArguments,
): string {
  const { zoneid: zone, vpcofferingid: offering } = args;
  assertWithinLimits(context.world, owner, { vpc: 1 });
  if (zone.removedMs !== null) throw invalidParameter("Can't find zone by id specified");
  assertUsable(context, owner, offering, zone);
  const cidr = askedCidr(args);
  assertZoneEnabled(context, zone);
  assertDns(args);
  if (args.networkdomain !== undefined) assertNetworkDomain(args.networkdomain);
  assertCidr(cidr);
  assertProviders(offering);
  return cidr;
}

function assertUsable(
  { world }: CommandContext,
  owner: AccountRow,
  offering: VpcOfferingRow,
  zone: ZoneRow,
): void {
  assertMayUseVpcOffering(world, owner, offering, zone);
  if (offering.removedMs === null && offering.enabled) return;
  throw invalidParameter('Unable to find vpc offering in Enabled state by specified id', [
    { uuid: offering.id, description: 'vpcOfferingId' },
  ]);
}

/** Only where addresses are not translated CloudStack may choose them (VpcManagerImpl.validateVpcCidrSize). */
function askedCidr({ cidr, cidrsize }: VpcArguments): string {
  if (cidrsize !== undefined) {
    throw invalidParameter(
      cidr === undefined
        ? 'VPC cidr size is only applicable on VPC with Routed mode'
        : 'VPC cidr and cidr size are mutually exclusive',
    );
  }
  if (cidr === undefined) throw invalidParameter('VPC cidr or cidr size must be specified');
  return cidr;
}

function assertZoneEnabled({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) return;
  throw new CloudException(
    'PermissionDeniedException',
    'Cannot perform this operation since specified Zone is currently disabled',
    { uuidList: [{ uuid: zone.id, description: 'zoneId' }] },
  );
}

/** NetworkModelImpl.verifyIp4DnsPair. */
function assertDns({ dns1 = '', dns2 = '' }: VpcArguments): void {
  if (dns1 === '' && dns2 !== '') {
    throw invalidParameter('Second IPv4 DNS can be specified only with the first IPv4 DNS');
  }
  if (dns1 !== '' && parseIpv4(dns1) === undefined) throw invalidParameter('Invalid IPv4 for DNS1');
  if (dns2 !== '' && parseIpv4(dns2) === undefined) throw invalidParameter('Invalid IPv4 for DNS2');
}

function assertCidr(cidr: string): void {
  if (!isCidr(cidr)) throw invalidParameter(`Invalid CIDR specified ${cidr}`);
  if (isPrivate(cidr)) return;
  throw invalidParameter(`Guest Cidr ${cidr} is not RFC1918 compliant`);
}

/** The zones of this world have no more than the router of VPCs, and that for load balancers inside them. */
function assertProviders({ services }: VpcOfferingRow): void {
  const missing = services
    .flatMap(({ providers }) => providers)
    .find((provider) => provider !== 'VpcVirtualRouter' && provider !== 'InternalLbVm');
  if (missing === undefined) return;
  throw invalidParameter(
    `Provider ${missing} should be enabled in at least one physical network of the zone specified`,
  );
}

const LEAST_MTU = 68;
const DEFAULT_MTU = 1_500;

/** The bytes of a packet to the outside: what is out of reach becomes the nearest that is not. */
export function publicMtuOf(world: World, asked = DEFAULT_MTU): number {
  const most = world.settings.get('vr.public.interface.max.mtu');
  return asked > most ? most : Math.max(asked, LEAST_MTU);
}
