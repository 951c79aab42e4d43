import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import type {
  NetworkRow,
  PublicIpRow,
  RouterGuestNic,
  RouterNic,
  RouterRow,
  ZoneRow,
} from '../../world/entities.js';
import { physicalNetworkOf } from '../../world/network/vlan-ranges.js';
import { sourceNatOfVpc } from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';
import { HOST_ARCHITECTURE } from '../host/architecture.js';
import { hostControlState } from '../host/host-control-state.js';
import { vpcFields } from '../vpc/vpc-fields.js';

type Fields = Readonly<Record<string, Field<RouterRow>>>;

/** A NIC of a router, with all that stands in it. */
interface ListedNic {
  readonly nic: RouterNic;
  readonly trafficType: 'Guest' | 'Control' | 'Public';
  readonly networkId: string;
  readonly networkName: string | null;
  readonly ipAddress: string | null;
  readonly netmask: string | null;
  readonly gateway: string | null;
  readonly type: string | null;
  readonly isDefault: boolean;
}

/** NicResponse as it stands inside a router. */
const routerNicResponse = responseObject<ListedNic>('nic', {
  id: stringField(({ nic }) => nic.id),
  networkid: stringField(({ networkId }) => networkId),
  networkname: stringField(({ networkName }) => networkName),
  netmask: stringField(({ netmask }) => netmask),
  gateway: stringField(({ gateway }) => gateway),
  ipaddress: stringField(({ ipAddress }) => ipAddress),
  traffictype: stringField(({ trafficType }) => trafficType),
  type: stringField(({ type }) => type),
  isdefault: booleanField(({ isDefault }) => isDefault),
  macaddress: stringField(({ nic }) => nic.macAddress),
});

/** Where it is, and by which addresses: for root and resource admins alone. */
const placeFields: Fields = {
  podid: stringField((router) => router.podId),
  podname: stringField((router, { world }) => world.pods.require(router.podId).name),
  hostid: stringField((router) => router.hostId),
  hostname: stringField(({ hostId }, { world }) =>
    hostId === null ? null : world.hosts.require(hostId).name,
  ),
  hostcontrolstate: stringField(({ hostId }, { world }) => hostControlState(world, hostId)),
  ...nicFields('Control', {
    ipAddress: 'linklocalip',
    macAddress: 'linklocalmacaddress',
    netmask: 'linklocalnetmask',
    networkId: 'linklocalnetworkid',
  }),
  ...nicFields('Public', {
    ipAddress: 'publicip',
    macAddress: 'publicmacaddress',
    netmask: 'publicnetmask',
    networkId: 'publicnetworkid',
    gateway: 'gateway',
  }),
  ...nicFields('Guest', {
    ipAddress: 'guestipaddress',
    macAddress: 'guestmacaddress',
    netmask: 'guestnetmask',
    networkId: 'guestnetworkid',
    networkName: 'guestnetworkname',
  }),
  networkdomain: stringField((router, { world }) => networkOf(router, world)?.networkDomain),
  nic: listField(routerNicResponse, (router, { world }) => nicsOf(router, world)),
};

const owner = ownerFields<RouterRow>((router) => router.accountId);

/** Whose a router is that is no account's. */
const SYSTEM_FIELDS: ReadonlyMap<string, (world: World) => string | undefined> = new Map([
  ['account', () => 'system'],
  ['domainid', (world: World) => world.domains.oldest()?.id],
  ['domain', (world: World) => world.domains.oldest()?.name],
  ['domainpath', (world: World) => world.domains.oldest()?.path],
]);

/** DomainRouterResponse (DomainRouterJoinDaoImpl.newDomainRouterResponse). */
export const routerResponse = responseObject<RouterRow>('router', {
  id: stringField((router) => router.id),
  zoneid: stringField((router) => router.zoneId),
  zonename: stringField((router, { world }) => zoneOf(router, world).name),
  dns1: stringField((router, { world }) => zoneOf(router, world).dns1),
  name: stringField((router) => router.name),
  ...Object.fromEntries(
    Object.entries(placeFields).map(([name, field]) => [name, seenWhereHostsAre(field)]),
  ),
  hypervisor: stringField(({ podId }, { world }) => hypervisorOf(podId, world)),
  arch: stringField(() => HOST_ARCHITECTURE),
  created: dateField((router) => router.createdMs),
  state: stringField((router) => router.state),
  ...Object.fromEntries(
    Object.entries(owner).map(([name, field]) => [name, orSystem(name, field)]),
  ),
  ...vpcFields<RouterRow>((router) => router.vpcId),
  version: stringField((_, { world }) => routerVersion(world)),
  softwareversion: stringField((_, { world }) => world.settings.get('cloudstack.version')),
  requiresupgrade: booleanField(() => false),
  isredundantrouter: booleanField(() => false),
  redundantstate: stringField(() => 'UNKNOWN'),
  role: stringField(() => 'VIRTUAL_ROUTER'),
  healthchecksfailed: booleanField(() => false),
});

/** The version of the image that routers run: that of the cloud, without its last part. */
export function routerVersion(world: World): string {
  return world.settings.get('cloudstack.version').split('.').slice(0, 3).join('.');
}

function seenWhereHostsAre(field: Field<RouterRow>): Field<RouterRow> {
  return {
    ...field,
    value: (router, view) =>
      ['Admin', 'ResourceAdmin'].includes(view.caller.role) ? field.value(router, view) : undefined,
  };
}

/** The fields of a router itself that tell of its NIC for one kind of traffic. */
function nicFields(
  trafficType: ListedNic['trafficType'],
  names: Partial<
    Record<'ipAddress' | 'netmask' | 'gateway' | 'networkId' | 'networkName', string>
  > & {
    readonly macAddress: string;
  },
): Fields {
  const { macAddress, ...others } = names;
  const nicFor = (router: RouterRow, { world }: View): ListedNic | undefined =>
    nicsOf(router, world).find((nic) => nic.trafficType === trafficType);
  return {
    [macAddress]: stringField((router, view) => nicFor(router, view)?.nic.macAddress),
    ...Object.fromEntries(
      Object.entries(others).map(([column, name]) => [
        name,
        stringField<RouterRow>(
          (router, view) => nicFor(router, view)?.[column as keyof typeof others],
        ),
      ]),
    ),
  };
}

function nicsOf(router: RouterRow, world: World): ListedNic[] {
  const guests = router.guestNics.map((nic) => inGuestNetwork(router, nic, world));
  const control = inControlNetwork(router, world);
  const { publicNic } = router;
  if (publicNic === null) return [...guests, control];
  const outside = inPublicNetwork(router, publicNic, world);
  return router.vpcId === null ? [...guests, control, outside] : [control, outside, ...guests];
}

function inGuestNetwork({ publicNic }: RouterRow, nic: RouterGuestNic, world: World): ListedNic {
  const network = world.networks.require(nic.networkId);
  return {
    nic,
    trafficType: 'Guest',
    networkId: network.id,
    networkName: network.name,
    ipAddress: network.type === 'Shared' ? network.routerIpAddress : network.gateway,
    netmask: network.netmask,
    gateway: network.type === 'Shared' ? network.gateway : null,
    type: network.type,
    isDefault: publicNic === null,
  };
}

function inControlNetwork({ controlNic, zoneId, linkLocalIp }: RouterRow, world: World): ListedNic {
  return {
    nic: controlNic,
    trafficType: 'Control',
    networkId: physicalNetworkOf(world, zoneId).controlNetworkId,
    networkName: null,
    ipAddress: linkLocalIp,
    netmask: linkLocalIp === null ? null : '255.255.0.0',
    gateway: linkLocalIp === null ? null : '169.254.0.1',
    type: null,
    isDefault: false,
  };
}

function inPublicNetwork(router: RouterRow, nic: RouterNic, world: World): ListedNic {
  const { ipAddress = null, netmask = null, gateway = null } = sourceNatOf(router, world) ?? {};
  return {
    nic,
    trafficType: 'Public',
    networkId: physicalNetworkOf(world, router.zoneId).publicNetworkId,
    networkName: null,
    ipAddress,
    netmask,
    gateway,
    type: null,
    isDefault: true,
  };
}

function sourceNatOf({ networkId, vpcId }: RouterRow, world: World): PublicIpRow | undefined {
  if (vpcId !== null) return sourceNatOfVpc(world, vpcId);
  if (networkId === null) return undefined;
  return world.publicIps.where('networkId', networkId).find(({ isSourceNat }) => isSourceNat);
}

function hypervisorOf(podId: string, world: World): string | undefined {
  return world.clusters.all().find((cluster) => cluster.podId === podId)?.hypervisor;
}

/** The system's account is in the first domain. */
function orSystem(name: string, field: Field<RouterRow>): Field<RouterRow> {
  const systemField = SYSTEM_FIELDS.get(name);
  return {
    ...field,
    value: (router, view) =>
      router.accountId === null ? systemField?.(view.world) : field.value(router, view),
  };
}

/** The first tier of a VPC, if there is one. */
function networkOf({ guestNics: [nic] }: RouterRow, world: World): NetworkRow | undefined {
  return nic === undefined ? undefined : world.networks.require(nic.networkId);
}

function zoneOf({ zoneId }: RouterRow, world: World): ZoneRow {
  return world.zones.require(zoneId);
}
