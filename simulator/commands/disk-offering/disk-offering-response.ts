import {
  booleanField,
  dateField,
  longField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { DiskOfferingRow } from '../../world/entities.js';
import { databasePath } from '../../world/identity/offering-access.js';
import { diskQualityFields, scopeFields } from '../offering/offering-parameters.js';

const disk = diskQualityFields<DiskOfferingRow>();
/** Here a domain is shown by its path as the database has it, such as `/sub/`. */
const scope = scopeFields<DiskOfferingRow>(databasePath);

/** An offering, and whether a disk of it would find a place beside a VM that was asked about. */
export type ShownDiskOffering = DiskOfferingRow & { readonly suitsVm?: boolean };

/** DiskOfferingResponse (DiskOfferingJoinDaoImpl). The size is in GiB, 0 in a custom offering. */
export const diskOfferingResponse = responseObject<ShownDiskOffering>('diskoffering', {
  id: stringField((offering) => offering.id),
  ...scope,
  name: stringField((offering) => offering.name),
  state: stringField((offering) => (offering.active ? 'Active' : 'Inactive')),
  displaytext: stringField((offering) => offering.displayText),
  disksize: longField((offering) => offering.sizeGib),
  created: dateField((offering) => offering.createdMs),
  iscustomized: booleanField((offering) => offering.sizeGib === 0),
  ...disk,
  tags: stringField((offering) =>
    offering.storageTags.length === 0 ? null : offering.storageTags.join(','),
  ),
  storagetype: stringField((offering) => offering.storageType),
  displayoffering: booleanField((offering) => offering.display),
  disksizestrictness: booleanField((offering) => offering.sizeStrictness),
  encrypt: booleanField((offering) => offering.encrypts),
  suitableforvirtualmachine: booleanField(({ suitsVm }) => suitsVm),
  details: mapField((offering) =>
    Object.keys(offering.details).length === 0 ? null : offering.details,
  ),
});
