import {
  booleanField,
  emptyListField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { ZoneRow } from '../../world/entities.js';

/** ZoneResponse: callers other than root admins do not see the zone's inner addresses. */
export const zoneResponse = responseObject<ZoneRow>('zone', {
  id: stringField((zone) => zone.id),
  name: stringField((zone) => zone.name),
  dns1: rootOnly(stringField((zone) => zone.dns1)),
  internaldns1: rootOnly(stringField((zone) => zone.internalDns1)),
  guestcidraddress: rootOnly(stringField((zone) => zone.guestCidr)),
  networktype: stringField((zone) => zone.networkType),
  securitygroupsenabled: booleanField(() => false),
  allocationstate: stringField((zone) => zone.allocationState),
  dhcpprovider: stringField(() => 'VirtualRouter'),
  localstorageenabled: booleanField((zone) => zone.localStorageEnabled),
  tags: emptyListField(),
});
