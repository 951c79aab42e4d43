import {
  booleanField,
  dateField,
  listField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { VpcOfferingRow } from '../../world/entities.js';
import { databasePath } from '../../world/identity/offering-access.js';
import { offeredServiceResponse, shownServices } from '../offering/offered-service-response.js';
import { scopeFields } from '../offering/offering-parameters.js';

/** VpcOfferingResponse (VpcOfferingJoinDaoImpl.newVpcOfferingResponse). */
export const vpcOfferingResponse = responseObject<VpcOfferingRow>('vpcoffering', {
  id: stringField((offering) => offering.id),
  name: stringField((offering) => offering.name),
  displaytext: stringField((offering) => offering.displayText),
  created: dateField((offering) => offering.createdMs),
  isdefault: booleanField((offering) => offering.isDefault),
  state: stringField((offering) => (offering.enabled ? 'Enabled' : 'Disabled')),
  service: listField(offeredServiceResponse, (offering) => shownServices(offering.services)),
  distributedvpcrouter: booleanField(() => false),
  supportsregionLevelvpc: booleanField(() => false),
  ...scopeFields<VpcOfferingRow>(databasePath),
  fornsx: booleanField((offering) =>
    offering.services.some(({ providers }) => providers.includes('Nsx')),
  ),
  networkmode: stringField((offering) => offering.networkMode),
  internetprotocol: stringField(() => 'IPv4'),
});
