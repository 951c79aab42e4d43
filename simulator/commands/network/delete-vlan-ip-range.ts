import { rootOnlyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PublicIpRow, VlanRangeRow } from '../../world/entities.js';
import { heldAddressesIn } from '../../world/network/addresses.js';
import { hasAnyRule } from '../../world/network/port-rules.js';
import { publicIpText, takeBackPublicIp } from '../../world/network/public-ips.js';
import { removeRange } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { rangeText } from './vlan-range-rules.js';

/**
 * A range that is dedicated to an account goes with the addresses that it has of it, unless
 * something depends on one (ConfigurationManagerImpl.deleteVlanAndPublicIpRange).
 */
export const deleteVlanIpRange = syncCommand({
  name: 'deleteVlanIpRange',
  summary: 'Takes addresses from the public ones of a zone, or from those of a shared network.',
  roles: rootOnlyRole,
  parameters: { id: entity('vlan', { required: true }) },
  response: success,
  run: ({ world }, { id: range }) => {
    if (range.removedMs !== null) throw invalidParameter('Please specify a valid IP range id.');
    const addresses = world.publicIps.where('vlanRangeId', range.id);
    if (range.dedicatedAccountId === null) assertUnused(world, range, addresses);
    else for (const publicIp of addresses) assertLoose(world, range, publicIp);
    for (const publicIp of addresses) takeBackPublicIp(world, publicIp);
    removeRange(world, range);
    return undefined;
  },
});

function assertUnused(world: World, range: VlanRangeRow, addresses: readonly PublicIpRow[]): void {
  const used =
    range.networkId === null
      ? addresses.filter(({ allocatedMs }) => allocatedMs !== null).length
      : heldAddressesIn(world, world.networks.require(range.networkId), range).length;
  if (used > 0) throw invalidParameter(`${used}  Ips are in use. Cannot delete this vlan`);
}

function assertLoose(world: World, range: VlanRangeRow, publicIp: PublicIpRow): void {
  const what =
    `Can't delete account specific vlan ${rangeText(range)} as ip ` + publicIpText(world, publicIp);
  if (publicIp.vmId !== null) {
    throw invalidParameter(
      `${what} belonging to the range is used for static nat purposes. Cleanup the rules first`,
    );
  }
  if (publicIp.isSourceNat) {
    const network = world.networks.require(publicIp.networkId ?? '');
    throw invalidParameter(
      `${what} belonging to the range is a source nat ip for the network id=${network.internalId}. ` +
        'IP range with the source nat ip address can be removed either as a part of Network, or ' +
        'account removal',
    );
  }
  if (!hasAnyRule(world, publicIp)) return;
  throw invalidParameter(
    `${what} belonging to the range has firewall rules applied. Cleanup the rules first`,
  );
}
