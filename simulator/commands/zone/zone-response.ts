import {
  booleanField,
  emptyListField,
  integerField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { ZoneRow } from '../../world/entities.js';
import { innerCapacityResponse } from '../capacity/capacity-response.js';
import { capacitiesIn } from '../capacity/summed-capacities.js';

/** One zone, and whether it shows its capacities. */
export interface ShownZone {
  readonly zone: ZoneRow;
  readonly withCapacities: boolean;
}

/** ZoneResponse: callers other than root admins do not see the zone's inner addresses. */
export const zoneResponse = responseObject<ShownZone>('zone', {
  id: stringField(({ zone }) => zone.id),
  name: stringField(({ zone }) => zone.name),
  dns1: rootOnly(stringField(({ zone }) => zone.dns1)),
  internaldns1: rootOnly(stringField(({ zone }) => zone.internalDns1)),
  guestcidraddress: rootOnly(stringField(({ zone }) => zone.guestCidr)),
  domainid: stringField(({ zone }) => zone.domainId),
  domainname: stringField(({ zone }, { world }) =>
    zone.domainId === null ? null : world.domains.require(zone.domainId).name,
  ),
  networktype: stringField(({ zone }) => zone.networkType),
  securitygroupsenabled: booleanField(() => false),
  allocationstate: stringField(({ zone }) => zone.allocationState),
  dhcpprovider: stringField(() => 'VirtualRouter'),
  capacity: rootOnly(
    listField(innerCapacityResponse, ({ zone, withCapacities }, { world }) =>
      withCapacities ? capacitiesIn(world, { zone }) : undefined,
    ),
  ),
  localstorageenabled: booleanField(({ zone }) => zone.localStorageEnabled),
  tags: emptyListField(),
  allowuserspecifyvrmtu: booleanField(() => false),
  routerprivateinterfacemaxmtu: integerField(() => 1_500),
  routerpublicinterfacemaxmtu: integerField(() => 1_500),
  type: stringField(() => 'Core'),
  ismultiarch: booleanField(() => false),
  asnrange: stringField(() => ''),
  routedmodeenabled: booleanField(() => false),
});
