import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkOfferingRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { accountText } from '../../world/identity/accounts.js';
import { networkOfferingText } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  defaultNetworkDomain,
  nextVlan,
  usualNetworkValues,
} from '../../world/network/networks.js';
import type { World } from '../../world/world.js';
import { addressesOf } from '../network/network-address-rules.js';

/**
 * The network of a VM for which none is named: the only isolated one of its owner, which is made if
 * there is none and stays, whatever becomes of the VM (UserVmManagerImpl.getDefaultNetwork).
 */
export function defaultNetwork(world: World, owner: AccountRow, zone: ZoneRow): NetworkRow {
  requiredOffering(world);
  const own = isolatedNetworks(world, owner, zone.id);
  if (own.length > 1) {
    throw invalidParameter(
      `More than 1 default Isolated networks are found for account ${accountText(owner)}; ` +
        'please specify networkIds',
    );
  }
  return own[0] ?? newNetwork(world, owner, zone);
}

export function isolatedNetworks(
  world: World,
  owner: AccountRow,
  zoneId: string,
): readonly NetworkRow[] {
  return world.networks
    .all()
    .filter((row) => row.type === 'Isolated' && row.zoneId === zoneId)
    .filter((row) => row.accountId === owner.id);
}

/** A network that an account has for a VM's sake (UserVmManagerImpl.createDefaultNetworkForAccount). */
export function newNetwork(world: World, owner: AccountRow, zone: ZoneRow): NetworkRow {
  const offering = requiredOffering(world);
  assertWithinLimits(world, owner, { network: 1 });
  const name = `${owner.name}-network`;
  return world.networks.insert({
    name,
    displayText: name,
    type: 'Isolated',
    zoneId: zone.id,
    networkOfferingId: offering.id,
    accountId: owner.id,
    domainId: owner.domainId,
    aclType: 'Account',
    ...addressesOf(offering, zone, undefined, {}),
    vlan: nextVlan(world),
    networkDomain: defaultNetworkDomain(owner),
    state: 'Allocated',
    routerIpAddress: null,
    ...usualNetworkValues(world),
    vpcId: null,
    aclListId: null,
  });
}

function requiredOffering(world: World): NetworkOfferingRow {
  const offering = world.networkOfferings.all().find((row) => row.availability === 'Required');
  if (offering === undefined) {
    throw invalidParameter(
      'Unable to find network offering with availability=Required to automatically create the ' +
        'network as a part of vm creation',
    );
  }
  if (offering.enabled) return offering;
  throw invalidParameter(
    `Required network offering ${networkOfferingText(offering)} is not in Enabled`,
  );
}
