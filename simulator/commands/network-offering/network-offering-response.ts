import {
  booleanField,
  dateField,
  listField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { NetworkOfferingRow } from '../../world/entities.js';
import { databasePath } from '../../world/identity/offering-access.js';
import { offeredServiceResponse, shownServices } from '../offering/offered-service-response.js';
import { scopeFields } from '../offering/offering-parameters.js';

/** NetworkOfferingResponse (ApiResponseHelper.createNetworkOfferingResponse). */
export const networkOfferingResponse = responseObject<NetworkOfferingRow>('networkoffering', {
  id: stringField((offering) => offering.id),
  name: stringField((offering) => offering.name),
  displaytext: stringField((offering) => offering.displayText),
  created: dateField((offering) => offering.createdMs),
  traffictype: stringField(() => 'Guest'),
  isdefault: booleanField((offering) => offering.isDefault),
  specifyvlan: booleanField((offering) => offering.specifyVlan),
  conservemode: booleanField((offering) => offering.conserveMode),
  specifyipranges: booleanField((offering) => offering.specifyIpRanges),
  availability: stringField((offering) => offering.availability),
  state: stringField((offering) => (offering.enabled ? 'Enabled' : 'Disabled')),
  guestiptype: stringField((offering) => offering.guestIpType),
  service: listField(offeredServiceResponse, (offering) =>
    shownServices(
      offering.services.map((service) => ({ service, providers: [providerOf(offering)] })),
    ),
  ),
  forvpc: booleanField((offering) => offering.forVpc),
  ispersistent: booleanField(() => false),
  egressdefaultpolicy: booleanField((offering) => offering.allowsEgress),
  supportsstrechedl2subnet: booleanField(() => false),
  supportspublicaccess: booleanField(() => false),
  ...scopeFields<NetworkOfferingRow>(databasePath),
});

function providerOf({ guestIpType, forVpc }: NetworkOfferingRow): string {
  if (guestIpType === 'L2') return 'ConfigDrive';
  return forVpc ? 'VpcVirtualRouter' : 'VirtualRouter';
}
