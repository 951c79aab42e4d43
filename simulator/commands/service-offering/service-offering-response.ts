import {
  booleanField,
  dateField,
  integerField,
  longField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { ServiceOfferingRow } from '../../world/entities.js';
import { isCustomOffering } from '../virtual-machine/compute-size.js';

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
  provisioningtype: stringField(() => 'thin'),
  offerha: booleanField(() => false),
  limitcpuuse: booleanField(() => false),
  isvolatile: booleanField(() => false),
  storagetags: stringField((offering) => tagList(offering.storageTags)),
  hosttags: stringField((offering) => tagList(offering.hostTags)),
  issystem: booleanField(() => false),
  defaultuse: booleanField(() => false),
  iscustomizediops: booleanField(() => false),
  serviceofferingdetails: mapField(constraintsOf),
  iscustomized: booleanField(isCustomOffering),
  rootdisksize: longField((offering) => offering.rootDiskSizeGib ?? 0),
  dynamicscalingenabled: booleanField(() => true),
  diskofferingstrictness: booleanField(() => false),
  encryptroot: booleanField(() => false),
});

function tagList(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : tags.join(',');
}

/** The ranges of a constrained custom offering, as its details have them. */
function constraintsOf({ constraints }: ServiceOfferingRow): Record<string, string> | null {
  if (constraints === null) return null;
  return {
    mincpunumber: String(constraints.minCpuNumber),
    maxcpunumber: String(constraints.maxCpuNumber),
    minmemory: String(constraints.minMemoryMib),
    maxmemory: String(constraints.maxMemoryMib),
  };
}
