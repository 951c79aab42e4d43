import {
  booleanField,
  dateField,
  longField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { DiskOfferingRow } from '../../world/entities.js';

/** DiskOfferingResponse (DiskOfferingJoinDaoImpl). The size is in GiB, 0 in a custom offering. */
export const diskOfferingResponse = responseObject<DiskOfferingRow>('diskoffering', {
  id: stringField((offering) => offering.id),
  name: stringField((offering) => offering.name),
  state: stringField((offering) => (offering.active ? 'Active' : 'Inactive')),
  displaytext: stringField((offering) => offering.displayText),
  disksize: longField((offering) => offering.sizeGib),
  created: dateField((offering) => offering.createdMs),
  iscustomized: booleanField((offering) => offering.sizeGib === 0),
  iscustomizediops: booleanField(() => false),
  tags: stringField((offering) =>
    offering.storageTags.length === 0 ? null : offering.storageTags.join(','),
  ),
  storagetype: stringField((offering) => offering.storageType),
  provisioningtype: stringField(() => 'thin'),
  displayoffering: booleanField(() => true),
  disksizestrictness: booleanField((offering) => offering.sizeStrictness),
  encrypt: booleanField(() => false),
});
