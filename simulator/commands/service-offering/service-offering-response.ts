import {
  booleanField,
  dateField,
  integerField,
  longField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { DiskOfferingRow, ServiceOfferingRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { diskQualityFields, scopeFields } from '../offering/offering-parameters.js';
import { isCustomOffering } from '../virtual-machine/compute-size.js';

const disk = diskQualityFields<ServiceOfferingRow>();
const scope = scopeFields<ServiceOfferingRow>((_path, name) => name);

/** ServiceOfferingResponse (ServiceOfferingJoinDaoImpl). Memory is in MiB, the root disk in GiB. */
export const serviceOfferingResponse = responseObject<ServiceOfferingRow>('serviceoffering', {
  id: stringField((offering) => offering.id),
  name: stringField((offering) => offering.name),
  state: stringField((offering) => (offering.active ? 'Active' : 'Inactive')),
  displaytext: stringField((offering) => offering.displayText),
  cpunumber: integerField((offering) => offering.cpuNumber),
  cpuspeed: integerField((offering) => offering.cpuMhz),
  memory: integerField((offering) => offering.memoryMib),
  created: dateField((offering) => offering.createdMs),
  storagetype: stringField((offering) => offering.storageType),
  offerha: booleanField(() => false),
  limitcpuuse: booleanField((offering) => offering.limitsCpuUse),
  isvolatile: booleanField(() => false),
  storagetags: stringField((offering) => tagList(offering.storageTags)),
  ...scope,
  hosttags: stringField((offering) => tagList(offering.hostTags)),
  issystem: booleanField(() => false),
  defaultuse: booleanField(() => false),
  networkrate: integerField((offering) => offering.networkRate),
  ...disk,
  serviceofferingdetails: mapField(detailsOf),
  iscustomized: booleanField(isCustomOffering),
  rootdisksize: longField((offering) => offering.rootDiskSizeGib ?? 0),
  dynamicscalingenabled: booleanField((offering) => offering.dynamicScaling),
  diskofferingstrictness: booleanField((offering) => offering.diskOfferingStrictness),
  diskofferingid: stringField((offering) => offering.diskOfferingId),
  diskofferingname: stringField((offering, { world }) => linked(world, offering)?.name),
  diskofferingdisplaytext: stringField(
    (offering, { world }) => linked(world, offering)?.displayText,
  ),
  encryptroot: booleanField((offering) => offering.encrypts),
});

/** The disk offering of its root disks, as long as that is there (ApiDBUtils.findDiskOfferingById). */
function linked(
  { diskOfferings }: World,
  { diskOfferingId }: ServiceOfferingRow,
): DiskOfferingRow | undefined {
  return diskOfferingId === null ? undefined : diskOfferings.require(diskOfferingId);
}

function tagList(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : tags.join(',');
}

/** Its details, among them the ranges of a constrained custom offering. */
function detailsOf({ constraints, details }: ServiceOfferingRow): Record<string, string> | null {
  const all = {
    ...details,
    ...(constraints !== null && {
      mincpunumber: String(constraints.minCpuNumber),
      maxcpunumber: String(constraints.maxCpuNumber),
      minmemory: String(constraints.minMemoryMib),
      maxmemory: String(constraints.maxMemoryMib),
    }),
  };
  return Object.keys(all).length === 0 ? null : all;
}
