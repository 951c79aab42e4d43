import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  listField,
  longField,
  mapField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
} from '../../declare/response.js';
import type {
  NetworkAclListRow,
  NetworkOfferingRow,
  NetworkRow,
  NetworkService,
  VpcRow,
  ZoneRow,
} from '../../world/entities.js';
import { canUseForDeploy, offeringOf, servicesOf } from '../../world/network/networks.js';
import { tagsOf } from '../../world/tags.js';
import { physicalNetworkOf } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { capabilitiesInNetwork, capabilityResponse } from '../offering/service-capabilities.js';
import { tagResponse } from '../tag/tag-response.js';
import { vpcFields } from '../vpc/vpc-fields.js';
import { reservedRange } from './reserved-addresses.js';

/** ServiceResponse inside a network, without who provides the service, and without the gateway. */
const serviceResponse = responseObject<ShownService>('service', {
  name: stringField(({ service }) => service),
  capability: listField(capabilityResponse, ({ service, offering }) =>
    capabilitiesInNetwork(offering, service),
  ),
});

interface ShownService {
  readonly service: NetworkService;
  readonly offering: NetworkOfferingRow;
}

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
  ip6gateway: stringField((network) => network.ipv6?.gateway),
  ip6cidr: stringField((network) => network.ipv6?.cidr),
  networkcidr: stringField((network) => network.networkCidr),
  reservediprange: stringField(reservedRange),
  zoneid: stringField((network) => network.zoneId),
  zonename: stringField((network, { world }) => zoneOf(network, world).name),
  networkofferingid: stringField((network) => network.networkOfferingId),
  networkofferingname: stringField((network, { world }) => offeringOf(world, network).name),
  networkofferingdisplaytext: stringField(
    (network, { world }) => offeringOf(world, network).displayText,
  ),
  networkofferingconservemode: booleanField(
    (network, { world }) => offeringOf(world, network).conserveMode,
  ),
  networkofferingavailability: stringField(
    (network, { world }) => offeringOf(world, network).availability,
  ),
  issystem: booleanField(() => false),
  state: stringField((network) => network.state),
  related: stringField((network) => network.id),
  broadcasturi: rootOnly(
    stringField((network) => (hasVlan(network) ? `vlan://${network.vlan}` : null)),
  ),
  dns1: stringField((network, { world }) =>
    servicesOf(world, network).includes('Dns')
      ? (network.dns1 ?? vpcOf(network, world)?.dns1 ?? zoneOf(network, world).dns1)
      : null,
  ),
  dns2: stringField((network, { world }) => network.dns2 ?? vpcOf(network, world)?.dns2),
  type: stringField((network) => network.type),
  vlan: rootOnly(stringField((network) => (hasVlan(network) ? String(network.vlan) : null))),
  acltype: stringField((network) => network.aclType),
  subdomainaccess: booleanField((network) => (network.aclType === 'Domain' ? true : null)),
  account: ofAccountNetwork(owner.account),
  projectid: ofAccountNetwork(owner.projectid),
  project: ofAccountNetwork(owner.project),
  domainid: stringField((network) => network.domainId),
  domain: stringField((network, { world }) => world.domains.require(network.domainId).name),
  domainpath: stringField((network, { world }) => world.domains.require(network.domainId).path),
  service: listField(serviceResponse, (network, { world }) => {
    const offering = offeringOf(world, network);
    const services = offering.services.filter((service) => service !== 'Gateway');
    return services.map((service) => ({ service, offering }));
  }),
  networkdomain: stringField((network) => network.networkDomain),
  physicalnetworkid: stringField(
    (network, { world }) => physicalNetworkOf(world, network.zoneId).id,
  ),
  ...vpcFields<NetworkRow>((network) => network.vpcId),
  aclid: stringField((network) => network.aclListId),
  aclname: stringField((network, { world }) => aclOf(network, world)?.name),
  restartrequired: booleanField(() => false),
  specifyvlan: booleanField((network, { world }) => offeringOf(world, network).specifyVlan),
  specifyipranges: booleanField((network, { world }) => offeringOf(world, network).specifyIpRanges),
  canusefordeploy: booleanField((network, { world }) => canUseForDeploy(world, network)),
  ispersistent: booleanField(() => false),
  tags: listField(tagResponse, (network, { world }) => tagsOf(world, network.id)),
  displaynetwork: rootOnly(booleanField((network) => network.isDisplayed)),
  publicmtu: integerField((network) => network.publicMtu),
  privatemtu: integerField((network) => network.privateMtu),
  details: rootOnly(mapField((network) => network.details)),
  egressdefaultpolicy: booleanField((network, { world }) =>
    network.type === 'Isolated' && network.vpcId === null
      ? offeringOf(world, network).allowsEgress
      : null,
  ),
  receivedbytes: longField(() => 0),
  sentbytes: longField(() => 0),
  strechedl2subnet: booleanField(() => false),
  redundantrouter: booleanField(() => false),
  created: dateField((network) => network.createdMs),
});

/** A network for which nobody chose a VLAN gets one only when it comes to life. */
function hasVlan(network: NetworkRow): boolean {
  return network.state !== 'Allocated';
}

function zoneOf(network: NetworkRow, world: World): ZoneRow {
  return world.zones.require(network.zoneId);
}

function vpcOf({ vpcId }: NetworkRow, world: World): VpcRow | undefined {
  return vpcId === null ? undefined : world.vpcs.require(vpcId);
}

function aclOf({ aclListId }: NetworkRow, world: World): NetworkAclListRow | undefined {
  return aclListId === null ? undefined : world.networkAclLists.get(aclListId);
}

/** A network of a whole domain belongs to no account that callers could see. */
function ofAccountNetwork(field: Field<NetworkRow>): Field<NetworkRow> {
  return {
    ...field,
    value: (network, view) =>
      network.aclType === 'Domain' ? undefined : field.value(network, view),
  };
}
