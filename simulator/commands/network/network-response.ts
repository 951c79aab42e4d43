import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { NetworkOfferingRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { canUseForDeploy, servicesOf, type NetworkService } from '../../world/networks.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { tagResponse } from '../tag/tag-response.js';

/** ServiceResponse inside a network: names only. */
const serviceResponse = responseObject<NetworkService>('service', {
  name: stringField((service) => service),
});

const owner = ownerFields<NetworkRow>((network) => network.accountId);

/** NetworkResponse (ApiResponseHelper.createNetworkResponse). */
export const networkResponse = responseObject<NetworkRow>('network', {
  id: stringField((network) => network.id),
  name: stringField((network) => network.name),
  displaytext: stringField((network) => network.displayText),
  broadcastdomaintype: stringField(() => 'Vlan'),
  traffictype: stringField(() => 'Guest'),
  gateway: stringField((network) => network.gateway),
  netmask: stringField((network) => network.netmask),
  cidr: stringField((network) => network.cidr),
  zoneid: stringField((network) => network.zoneId),
  zonename: stringField((network, { world }) => zoneOf(network, world).name),
  networkofferingid: stringField((network) => network.networkOfferingId),
  networkofferingname: stringField((network, { world }) => offeringOf(network, world).name),
  networkofferingdisplaytext: stringField(
    (network, { world }) => offeringOf(network, world).displayText,
  ),
  networkofferingconservemode: booleanField(() => true),
  networkofferingavailability: stringField((network) =>
    network.type === 'Isolated' ? 'Required' : 'Optional',
  ),
  issystem: booleanField(() => false),
  state: stringField((network) => network.state),
  related: stringField((network) => network.id),
  broadcasturi: rootOnly(stringField((network) => vlanUri(network))),
  dns1: stringField((network, { world }) =>
    servicesOf(network).includes('Dns') ? zoneOf(network, world).dns1 : null,
  ),
  type: stringField((network) => network.type),
  vlan: rootOnly(stringField((network) => String(network.vlan))),
  acltype: stringField(aclTypeOf),
  subdomainaccess: booleanField((network) => (network.type === 'Shared' ? true : null)),
  account: owner.account,
  projectid: owner.projectid,
  project: owner.project,
  domainid: stringField((network) => network.domainId),
  domain: stringField((network, { world }) => world.domains.require(network.domainId).name),
  domainpath: stringField((network, { world }) => world.domains.require(network.domainId).path),
  service: listField(serviceResponse, (network) => servicesOf(network)),
  networkdomain: stringField((network) => network.networkDomain),
  restartrequired: booleanField(() => false),
  specifyvlan: booleanField(specifiesIpRanges),
  specifyipranges: booleanField(specifiesIpRanges),
  canusefordeploy: booleanField((network, { world }) => canUseForDeploy(world, network)),
  ispersistent: booleanField(() => false),
  tags: listField(tagResponse, (network, { world }) => tagsOf(world, network.id)),
  displaynetwork: rootOnly(booleanField(() => true)),
  strechedl2subnet: booleanField(() => false),
  redundantrouter: booleanField(() => false),
  created: dateField((network) => network.createdMs),
});

/** Shared networks belong to a domain, the others to an account (ControlledEntity.ACLType). */
export function aclTypeOf(network: NetworkRow): 'Account' | 'Domain' {
  return network.type === 'Shared' ? 'Domain' : 'Account';
}

/** Shared networks have a VLAN and addresses that an administrator chose. */
export function specifiesIpRanges(network: NetworkRow): boolean {
  return network.type === 'Shared';
}

function vlanUri(network: NetworkRow): string | null {
  return network.state === 'Allocated' ? null : `vlan://${network.vlan}`;
}

function zoneOf(network: NetworkRow, world: World): ZoneRow {
  return world.zones.require(network.zoneId);
}

function offeringOf(network: NetworkRow, world: World): NetworkOfferingRow {
  return world.networkOfferings.require(network.networkOfferingId);
}
