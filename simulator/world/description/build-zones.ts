import { describedAccount } from './build-identity.js';
import { describedRow } from './described-row.js';
import type {
  ClusterRow,
  DomainRow,
  HostRow,
  Hypervisor,
  PodRow,
  StoragePoolRow,
  ZoneRow,
} from '../entities.js';
import { ipv4Text, netmaskOf, parseCidr, parseIpv4 } from '../network/ipv4.js';
import { defaultNetworkDomain, nextVlan, usualNetworkValues } from '../network/networks.js';
import { usualVersions } from '../compute/hypervisor-capabilities.js';
import { privateRange } from '../compute/pods.js';
import { UNTAGGED, addRange, addRangeOf, physicalNetworkOf } from '../network/vlan-ranges.js';
import { clusterFactors } from '../settings/configurations.js';
import { settingDeclarations } from '../settings/settings.js';
import type { WorldDescription } from './world-description.js';
import type { World } from '../world.js';

const GIB = 1024 ** 3;

type Zone = WorldDescription['zones'][number];
type Pod = Zone['pods'][number];
type Cluster = Pod['clusters'][number];
type Network = Zone['networks'][number];

/** Enters the zones of a description with all that is in them, from pods to networks. */
export function buildZones(world: World, zones: readonly Zone[]): void {
  for (const zone of zones) addZone(world, zone);
}

function domainAt(world: World, path: string): DomainRow {
  return describedRow('domain', world.domains.all(), (row) => row.path === path);
}

function addZone(world: World, description: Zone): void {
  const zone = world.zones.insert({
    name: description.name,
    domainId: description.domain === undefined ? null : domainAt(world, description.domain).id,
    networkType: 'Advanced',
    localStorageEnabled: description.localStorage,
    allocationState: 'Enabled',
    dns1: description.dns1,
    internalDns1: description.internalDns1,
    guestCidr: description.guestCidr,
    secondaryStorageBytes: description.secondaryStorageGib * GIB,
    secondaryStorageVmUp: true,
    uploadKey: world.kernel.random.hex('upload-keys', 32),
  });
  const [{ hypervisor }] = description.pods.flatMap(({ clusters }) => clusters) as [Cluster];
  for (const pool of description.pools) {
    addPool(world, { zoneId: zone.id, clusterId: null, scope: 'ZONE', hypervisor, ...pool });
  }
  for (const pod of description.pods) addPod(world, zone, pod);
  world.physicalNetworks.insert({
    name: 'Physical Network 1',
    zoneId: zone.id,
    publicNetworkId: world.kernel.ids.uuid(),
    controlNetworkId: world.kernel.ids.uuid(),
  });
  addPublicIps(world, zone, description);
  for (const network of description.networks) addNetwork(world, zone, network);
}

function addPod(world: World, zone: ZoneRow, description: Pod): void {
  const pod = world.pods.insert({
    name: description.name,
    zoneId: zone.id,
    cidr: description.cidr ?? managementNetwork(world),
  });
  const nextHostAddress = hostAddresses(pod);
  for (const cluster of description.clusters) addCluster(world, pod, cluster, nextHostAddress);
}

/** The next of the 256 subnets /20 in 172.16.0.0/12. */
function managementNetwork(world: World): string {
  const { first } = parseCidr('172.16.0.0/12');
  return `${ipv4Text(first + (world.pods.everyRow().length % 256) * 2 ** 12)}/20`;
}

/** Each call answers the next address of the pod's hosts. */
function hostAddresses(pod: PodRow): () => string {
  let address = parseIpv4(privateRange(pod).endIp) ?? 0;
  return () => {
    address += 1;
    return ipv4Text(address);
  };
}

/** What is for everything when a cluster is made is the cluster's own from then on. */
function keepFactors(world: World, { id: resourceId }: ClusterRow): void {
  for (const name of clusterFactors) {
    const value = world.settings.get(name);
    if (value === settingDeclarations[name].default) continue;
    world.configurations.insert({ name, scope: 'Cluster', resourceId, value });
  }
}

function addCluster(
  world: World,
  { id: podId, zoneId }: PodRow,
  description: Cluster,
  nextHostAddress: () => string,
): void {
  const { name, hypervisor } = description;
  const hypervisorVersion = description.hypervisorVersion ?? usualVersions[hypervisor];
  const cluster = world.clusters.insert({ name, zoneId, podId, hypervisor });
  keepFactors(world, cluster);
  for (const pool of description.pools) {
    addPool(world, { zoneId, clusterId: cluster.id, scope: 'CLUSTER', hypervisor, ...pool });
  }
  for (const { localStorageGib, ...hostDescription } of description.hosts) {
    const host = world.hosts.insert({
      ...hostDescription,
      zoneId,
      podId,
      clusterId: cluster.id,
      hypervisorVersion,
      ipAddress: nextHostAddress(),
      up: true,
      state: 'Enabled',
      evacuees: {},
      full: false,
    });
    if (localStorageGib !== undefined) addLocalPool(world, host, hypervisor, localStorageGib);
  }
}

/** What hosts call their own disks, by hypervisor (the agents' StartupStorageCommand). */
const localStorage: Readonly<Record<Hypervisor, Pick<StoragePoolRow, 'type' | 'path'>>> = {
  KVM: { type: 'Filesystem', path: '/var/lib/libvirt/images' },
  XenServer: { type: 'EXT', path: '/run/sr-mount' },
  VMware: { type: 'VMFS', path: '/vmfs/volumes/datastore1' },
};

function addLocalPool(
  world: World,
  host: HostRow,
  hypervisor: Hypervisor,
  localStorageGib: number,
): void {
  const id = world.kernel.ids.uuid();
  world.storagePools.insert({
    id,
    name: `${host.name}-local-${id.slice(0, 8)}`,
    ...localStorage[hypervisor],
    scope: 'HOST',
    hypervisor,
    server: host.ipAddress,
    zoneId: host.zoneId,
    clusterId: host.clusterId,
    hostId: host.id,
    sizeBytes: localStorageGib * GIB,
    capacityIops: null,
    tags: [],
    state: 'Up',
    stoppedVmIds: [],
    full: false,
  });
}

function addPool(
  world: World,
  pool: Cluster['pools'][number] &
    Pick<StoragePoolRow, 'scope' | 'zoneId' | 'clusterId' | 'hypervisor'>,
): void {
  const { sizeGib, path, ...rest } = pool;
  world.storagePools.insert({
    ...rest,
    type: 'NetworkFilesystem',
    path: path ?? `/export/${pool.name}`,
    hostId: null,
    sizeBytes: sizeGib * GIB,
    capacityIops: null,
    state: 'Up',
    stoppedVmIds: [],
    full: false,
  });
}

function addPublicIps(world: World, zone: ZoneRow, { publicRanges }: Zone): void {
  for (const range of publicRanges) {
    addRange(world, {
      zoneId: zone.id,
      physicalNetworkId: physicalNetworkOf(world, zone.id).id,
      networkId: null,
      vlan: UNTAGGED,
      ...range,
    });
  }
}

function addNetwork(world: World, zone: ZoneRow, description: Network): void {
  const owner = describedAccount(world, description.account);
  const cidr = description.type === 'L2' ? null : (description.cidr ?? zone.guestCidr);
  const subnet = cidr === null ? null : parseCidr(cidr);
  const offering = describedRow('network offering', world.networkOfferings.all(), (row) =>
    description.offering === undefined
      ? row.guestIpType === description.type
      : row.name === description.offering,
  );
  const network = world.networks.insert({
    name: description.name,
    displayText: description.name,
    type: description.type,
    zoneId: zone.id,
    networkOfferingId: offering.id,
    accountId: owner.id,
    domainId: owner.domainId,
    aclType: description.type === 'Shared' ? 'Domain' : 'Account',
    cidr,
    gateway: subnet === null ? null : (description.gateway ?? ipv4Text(subnet.first + 1)),
    netmask: subnet === null ? null : netmaskOf(subnet),
    startIp: description.startIp ?? null,
    endIp: description.endIp ?? null,
    vlan: nextVlan(world),
    networkDomain: offering.services.includes('Dns') ? defaultNetworkDomain(owner) : null,
    state: description.type === 'Shared' ? 'Setup' : 'Allocated',
    routerIpAddress: null,
    ...usualNetworkValues(world),
    vpcId: null,
    aclListId: null,
  });
  addRangeOf(world, network);
}
