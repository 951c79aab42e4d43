import type { Kernel } from '../kernel/kernel.js';
import { buildIdentity, describedAccount } from './build-identity.js';
import { buildVms } from './build-vms.js';
import { describedRow } from './described-row.js';
import type { ZoneRow } from './entities.js';
import { ipv4Text, netmaskOf, parseCidr, parseIpv4 } from './ipv4.js';
import { defaultNetworkOfferings, networkOfferingRow } from './network-offerings.js';
import { defaultNetworkDomain, nextVlan } from './networks.js';
import { Settings } from './settings.js';
import type { WorldDescription } from './world-description.js';
import { World } from './world.js';

const GIB = 1024 ** 3;

type ZoneDescription = WorldDescription['zones'][number];
type ClusterDescription = ZoneDescription['pods'][number]['clusters'][number];
type NetworkDescription = ZoneDescription['networks'][number];

/** Makes a world from its description; ids and keys that it leaves open come from the seed. */
export function buildWorld(kernel: Kernel, description: WorldDescription): World {
  const world = new World(kernel, new Settings(description.settings));
  buildIdentity(world, description);
  for (const osType of description.osTypes) {
    world.osTypes.insert({ description: osType, category: osType.split(' ')[0] ?? osType });
  }
  addOfferings(world, description);
  for (const zone of description.zones) addZone(world, zone);
  for (const template of description.templates) addTemplate(world, template);
  buildVms(world, description.virtualMachines);
  return world;
}

function addOfferings(world: World, description: WorldDescription): void {
  for (const offering of description.serviceOfferings) {
    world.serviceOfferings.insert({
      name: offering.name,
      displayText: offering.displayText ?? offering.name,
      cpuNumber: offering.cpuNumber ?? null,
      cpuMhz: offering.cpuMhz ?? null,
      memoryMib: offering.memoryMib ?? null,
      constraints: offering.constraints ?? null,
      storageType: offering.storageType,
      rootDiskSizeGib: offering.rootDiskSizeGib ?? null,
      hostTags: offering.hostTags,
      storageTags: offering.storageTags,
      active: true,
    });
  }
  for (const offering of description.diskOfferings) {
    world.diskOfferings.insert({
      name: offering.name,
      displayText: offering.displayText ?? offering.name,
      sizeGib: offering.sizeGib ?? 0,
      sizeStrictness: offering.sizeStrictness,
      storageType: offering.storageType,
      storageTags: offering.storageTags,
      active: true,
    });
  }
  for (const offering of defaultNetworkOfferings) {
    world.networkOfferings.insert(networkOfferingRow(offering, true));
  }
  for (const offering of description.networkOfferings) {
    world.networkOfferings.insert(networkOfferingRow(offering, false));
  }
}

function addZone(world: World, description: ZoneDescription): void {
  const zone = world.zones.insert({
    name: description.name,
    networkType: 'Advanced',
    localStorageEnabled: description.localStorage,
    allocationState: 'Enabled',
    dns1: description.dns1,
    internalDns1: description.internalDns1,
    guestCidr: description.guestCidr,
    secondaryStorageVmUp: true,
    uploadKey: world.kernel.random.hex('upload-keys', 32),
  });
  for (const pool of description.pools) {
    addPool(world, { zoneId: zone.id, clusterId: null, scope: 'ZONE', ...pool });
  }
  for (const podDescription of description.pods) {
    const pod = world.pods.insert({ name: podDescription.name, zoneId: zone.id });
    for (const cluster of podDescription.clusters) addCluster(world, zone.id, pod.id, cluster);
  }
  addPublicIps(world, zone, description);
  for (const network of description.networks) addNetwork(world, zone, network);
}

function addCluster(
  world: World,
  zoneId: string,
  podId: string,
  description: ClusterDescription,
): void {
  const { name, hypervisor } = description;
  const cluster = world.clusters.insert({ name, zoneId, podId, hypervisor });
  for (const pool of description.pools) {
    addPool(world, { zoneId, clusterId: cluster.id, scope: 'CLUSTER', ...pool });
  }
  for (const { localStorageGib, ...hostDescription } of description.hosts) {
    const host = world.hosts.insert({
      ...hostDescription,
      zoneId,
      podId,
      clusterId: cluster.id,
      up: true,
      enabled: true,
      full: false,
    });
    if (localStorageGib === undefined) continue;
    const id = world.kernel.ids.uuid();
    world.storagePools.insert({
      id,
      name: `${host.name}-local-${id.slice(0, 8)}`,
      scope: 'HOST',
      zoneId,
      clusterId: cluster.id,
      hostId: host.id,
      sizeBytes: localStorageGib * GIB,
      tags: [],
      up: true,
      full: false,
    });
  }
}

function addPool(
  world: World,
  pool: {
    name: string;
    scope: 'ZONE' | 'CLUSTER';
    zoneId: string;
    clusterId: string | null;
    sizeGib: number;
    tags: readonly string[];
  },
): void {
  const { sizeGib, ...rest } = pool;
  world.storagePools.insert({
    ...rest,
    hostId: null,
    sizeBytes: sizeGib * GIB,
    up: true,
    full: false,
  });
}

function addPublicIps(world: World, zone: ZoneRow, description: ZoneDescription): void {
  for (const { startIp, endIp, gateway, netmask } of description.publicRanges) {
    const [first, last] = [parseIpv4(startIp) ?? 0, parseIpv4(endIp) ?? 0];
    for (let address = first; address <= last; address += 1) {
      world.publicIps.insert({
        ipAddress: ipv4Text(address),
        zoneId: zone.id,
        gateway,
        netmask,
        vlan: 'vlan://untagged',
        state: 'Free',
        allocatedMs: null,
        accountId: null,
        networkId: null,
        isSourceNat: false,
        vmId: null,
        vmIpAddress: null,
      });
    }
  }
}

function addNetwork(world: World, zone: ZoneRow, description: NetworkDescription): void {
  const owner = describedAccount(world, description.account);
  const cidr = description.type === 'L2' ? null : (description.cidr ?? zone.guestCidr);
  const subnet = cidr === null ? null : parseCidr(cidr);
  const offering = describedRow('network offering', world.networkOfferings.all(), (row) =>
    description.offering === undefined
      ? row.guestIpType === description.type
      : row.name === description.offering,
  );
  world.networks.insert({
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
  });
}

function addTemplate(world: World, description: WorldDescription['templates'][number]): void {
  const owner = describedAccount(world, description.account);
  const zone = describedRow('zone', world.zones.all(), (row) => row.name === description.zone);
  const osType = describedRow(
    'OS type',
    world.osTypes.all(),
    (row) => row.description === description.osType,
  );
  const template = world.templates.insert({
    name: description.name,
    displayText: description.name,
    accountId: owner.id,
    state: 'Active',
    format: description.format,
    hypervisor: description.hypervisor,
    osTypeId: osType.id,
    isPublic: description.isPublic,
    isFeatured: description.isPublic,
    isExtractable: false,
    passwordEnabled: false,
    sshKeyEnabled: false,
    isDynamicallyScalable: false,
    requiresHvm: true,
    bits: 64,
    details: {},
  });
  world.templateZones.insert({
    templateId: template.id,
    zoneId: zone.id,
    ready: true,
    downloadState: 'DOWNLOADED',
    percent: 100,
    errorText: '',
    sizeBytes: description.sizeGib * GIB,
    physicalSizeBytes: description.sizeGib * GIB,
    checksum: null,
    upload: null,
  });
}
