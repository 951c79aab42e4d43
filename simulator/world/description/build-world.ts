import type { Kernel } from '../../kernel/kernel.js';
import { buildIdentity, describedAccount } from './build-identity.js';
import { buildOsTypes } from '../compute/os-types.js';
import { buildVms } from './build-vms.js';
import { buildZones } from './build-zones.js';
import { buildManagementServer } from '../management-servers.js';
import { EMPTY_DISK } from '../storage/disk-content.js';
import { describedRow } from './described-row.js';
import type { DiskQuality, OfferingScope } from '../entities.js';
import { addDefaultAcls } from '../network/network-acls.js';
import { defaultNetworkOfferings, networkOfferingRow } from '../network/network-offerings.js';
import { ORDINARY_TEMPLATE } from '../storage/templates.js';
import { defaultVpcOfferings } from '../network/vpc-offerings.js';
import { Settings } from '../settings/settings.js';
import type { WorldDescription } from './world-description.js';
import { createWorld, type World } from '../world.js';

const GIB = 1024 ** 3;

/** Makes a world from its description; ids and keys that it leaves open come from the seed. */
export function buildWorld(kernel: Kernel, description: WorldDescription): World {
  const world = createWorld(kernel, new Settings(description.settings));
  buildIdentity(world, description);
  buildOsTypes(world, description.osTypes);
  addOfferings(world, description);
  addNetworkOfferings(world, description);
  buildZones(world, description.zones);
  bindOfferingsToZones(world, description);
  for (const template of description.templates) addTemplate(world, template);
  buildVms(world, description.virtualMachines);
  buildManagementServer(world);
  for (const offering of defaultVpcOfferings) world.vpcOfferings.insert(offering);
  addDefaultAcls(world);
  return world;
}

function addNetworkOfferings(world: World, description: WorldDescription): void {
  for (const offering of defaultNetworkOfferings) {
    world.networkOfferings.insert(networkOfferingRow(offering, true));
  }
  for (const offering of description.networkOfferings) {
    world.networkOfferings.insert(networkOfferingRow(offering, false));
  }
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
      networkRate: null,
      limitsCpuUse: false,
      diskOfferingId: null,
      diskOfferingStrictness: false,
      encrypts: false,
      dynamicScaling: true,
      details: {},
      disk: plainDisk,
      ...scopeOf(world, offering),
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
      encrypts: false,
      display: true,
      details: {},
      disk: plainDisk,
      ...scopeOf(world, offering),
    });
  }
}

/** Disks of which nobody asked anything. */
const plainDisk: DiskQuality = {
  provisioningType: 'thin',
  customizedIops: null,
  minIops: null,
  maxIops: null,
  hypervisorSnapshotReserve: null,
  cacheMode: null,
  rates: {},
};

function scopeOf(
  world: World,
  { domains }: { readonly domains: readonly string[] },
): OfferingScope {
  return {
    domainIds: domains.map(
      (path) => describedRow('domain', world.domains.all(), (row) => row.path === path).id,
    ),
    zoneIds: [],
    sortKey: 0,
    active: true,
  };
}

/** Offerings come before the zones: only now it is known which those are. */
function bindOfferingsToZones(
  world: World,
  { serviceOfferings, diskOfferings }: WorldDescription,
): void {
  const idsOf = (names: readonly string[]): string[] =>
    names.map((name) => describedRow('zone', world.zones.all(), (row) => row.name === name).id);
  for (const { name, zones } of serviceOfferings.filter((offering) => offering.zones.length > 0)) {
    const row = world.serviceOfferings.all().find((offering) => offering.name === name);
    if (row !== undefined) world.serviceOfferings.change(row, { zoneIds: idsOf(zones) });
  }
  for (const { name, zones } of diskOfferings.filter((offering) => offering.zones.length > 0)) {
    const row = world.diskOfferings.all().find((offering) => offering.name === name);
    if (row !== undefined) world.diskOfferings.change(row, { zoneIds: idsOf(zones) });
  }
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
    ...ORDINARY_TEMPLATE,
    type: description.type,
    url: null,
    sourceTemplateId: null,
    ...EMPTY_DISK,
  });
  world.templateZones.insert({
    templateId: template.id,
    zoneId: zone.id,
    state: 'Ready',
    downloadState: 'DOWNLOADED',
    percent: 100,
    errorText: null,
    sizeBytes: description.sizeGib * GIB,
    physicalSizeBytes: description.sizeGib * GIB,
    checksum: null,
    upload: null,
    download: null,
  });
}
