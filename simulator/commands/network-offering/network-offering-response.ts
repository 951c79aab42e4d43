import {
  booleanField,
  dateField,
  integerField,
  listField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { NetworkOfferingRow, NetworkService } from '../../world/entities.js';
import { databasePath } from '../../world/identity/offering-access.js';
import {
  offeredServiceResponse,
  shownServices,
  type ShownService,
} from '../offering/offered-service-response.js';
import { capabilitiesInOffering } from '../offering/service-capabilities.js';
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
    shownServices(offering.services.map((service) => shown(offering, service))),
  ),
  forvpc: booleanField((offering) => offering.forVpc),
  ispersistent: booleanField((offering) => offering.isPersistent),
  networkrate: integerField(
    (offering, { world }) => offering.networkRate ?? world.settings.get('network.throttling.rate'),
  ),
  maxconnections: integerField((offering) => offering.maxConnections),
  tags: stringField(({ tags }) => (tags.length === 0 ? null : tags.join())),
  details: mapField(({ details }) => (Object.keys(details).length === 0 ? null : details)),
  egressdefaultpolicy: booleanField((offering) => offering.allowsEgress),
  supportsstrechedl2subnet: booleanField(() => false),
  supportspublicaccess: booleanField(() => false),
  ...scopeFields<NetworkOfferingRow>(databasePath),
});

function shown(offering: NetworkOfferingRow, service: NetworkService): ShownService {
  const capabilities = capabilitiesInOffering(offering, service);
  return {
    service,
    providers: [providerOf(offering)],
    ...(capabilities.length > 0 && { capabilities }),
  };
}

function providerOf({ guestIpType, forVpc }: NetworkOfferingRow): string {
  if (guestIpType === 'L2') return 'ConfigDrive';
  return forVpc ? 'VpcVirtualRouter' : 'VirtualRouter';
}
