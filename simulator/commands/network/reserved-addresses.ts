import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkRow } from '../../world/entities.js';
import { ipv4Text, parseCidr, parseIpv4, type Subnet } from '../../world/network/ipv4.js';
import type { World } from '../../world/world.js';
import { isCidr } from '../firewall/port-validation.js';
import { isPrivate } from './network-address-rules.js';

/**
 * What of a network changes when its VMs are to get addresses of a part of it only; the rest is kept
 * for what CloudStack does not know (NetworkServiceImpl.updateGuestNetwork).
 */
export function reservation(
  world: World,
  network: NetworkRow,
  guestCidr: string,
): Pick<NetworkRow, 'cidr' | 'networkCidr'> {
  if (network.state !== 'Implemented' && network.state !== 'Allocated') {
    throw invalidParameter(
      'The network must be in Implemented or Allocated state. IP Reservation cannot be applied in ' +
        `${network.state} state`,
    );
  }
  if (!isCidr(guestCidr)) throw invalidParameter('Invalid format of Guest VM CIDR.');
  if (!isPrivate(guestCidr)) {
    throw invalidParameter('Invalid format of Guest VM CIDR. Make sure it is RFC1918 compliant. ');
  }
  const whole = network.networkCidr ?? network.cidr ?? '';
  const [part, all] = [parseCidr(guestCidr), parseCidr(whole)];
  if (part.first < all.first || part.last > all.last) {
    throw invalidParameter(
      'Invalid value of Guest VM CIDR. For IP Reservation, Guest VM CIDR  should be a subset of ' +
        `network CIDR :${network.networkCidr === null ? '  ' : ' '}${whole}`,
    );
  }
  assertHoldsAll(world, network, part);
  const isWhole = part.first === all.first && part.last === all.last;
  if (isWhole && guestCidr !== whole) throw sameRange(network, guestCidr, whole);
  return { cidr: guestCidr, networkCidr: isWhole ? null : whole };
}

/** The addresses that VMs do not get, as texts of ranges; null if they get all. */
export function reservedRange({ cidr, networkCidr }: NetworkRow): string | null {
  if (cidr === null || networkCidr === null) return null;
  const [part, all] = [hostsOf(cidr), hostsOf(networkCidr)];
  const below = `${ipv4Text(all.first)}-${ipv4Text(part.first - 1)}`;
  const above = `${ipv4Text(part.last + 1)}-${ipv4Text(all.last)}`;
  if (part.first === all.first && part.last < all.last - 1) return above;
  if (part.last === all.last && part.first > all.first + 1) return below;
  if (part.first > all.first + 1 && part.last < all.last - 1) return `${below} ,  ${above}`;
  return null;
}

function assertHoldsAll(world: World, network: NetworkRow, part: Subnet): void {
  const outside = world.nics.where('networkId', network.id).find(({ ipAddress }) => {
    const address = ipAddress === null ? undefined : parseIpv4(ipAddress);
    return address !== undefined && (address <= part.first || address >= part.last);
  });
  if (outside === undefined) return;
  throw invalidParameter(
    `Active IPs like ${outside.ipAddress ?? ''} exist outside the Guest VM CIDR. Cannot apply ` +
      'reservation ',
  );
}

function sameRange({ networkCidr }: NetworkRow, guestCidr: string, whole: string): Error {
  const what = networkCidr === null ? 'CIDR' : 'Network CIDR';
  const start =
    `The Start IP and End IP of guestvmcidr: ${guestCidr} and ${what}: ${whole} are same, even ` +
    'though both the cidrs appear to be different. As a precaution ';
  return invalidParameter(
    networkCidr === null
      ? `${start}no IP Reservation will be applied.`
      : `${start}IP Reservation will not be affected. If you want to reset IP Reservation, specify ` +
          `guestVmCidr to be: ${whole}`,
  );
}

/** The addresses of hosts in a subnet (NetUtils.getIpRangeFromCidr). */
function hostsOf(cidr: string): Subnet {
  const { first, last } = parseCidr(cidr);
  return { ...parseCidr(cidr), first: first + 1, last: last - 1 };
}
