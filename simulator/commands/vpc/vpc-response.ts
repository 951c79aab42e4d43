import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { VpcRow } from '../../world/entities.js';
import { tiersOf } from '../../world/network/vpcs.js';
import { tagsOf } from '../../world/tags.js';
import { networkResponse } from '../network/network-response.js';
import { offeredServiceResponse, shownServices } from '../offering/offered-service-response.js';
import { tagResponse } from '../tag/tag-response.js';

/** VpcResponse (ApiResponseHelper.createVpcResponse). */
export const vpcResponse = responseObject<VpcRow>('vpc', {
  id: stringField((vpc) => vpc.id),
  name: stringField((vpc) => vpc.name),
  displaytext: stringField((vpc) => vpc.displayText),
  state: stringField((vpc) => vpc.state),
  zoneid: stringField((vpc) => vpc.zoneId),
  zonename: stringField((vpc, { world }) => world.zones.require(vpc.zoneId).name),
  service: listField(offeredServiceResponse, (vpc, { world }) =>
    shownServices(world.vpcOfferings.require(vpc.vpcOfferingId).services),
  ),
  cidr: stringField((vpc) => vpc.cidr),
  vpcofferingid: stringField((vpc) => vpc.vpcOfferingId),
  vpcofferingname: stringField(
    (vpc, { world }) => world.vpcOfferings.require(vpc.vpcOfferingId).name,
  ),
  created: dateField((vpc) => vpc.createdMs),
  ...ownerFields<VpcRow>((vpc) => vpc.accountId),
  network: listField(networkResponse, (vpc, { world }) => tiersOf(world, vpc.id)),
  restartrequired: booleanField((vpc) => vpc.restartRequired),
  networkdomain: stringField((vpc) => vpc.networkDomain),
  tags: listField(tagResponse, (vpc, { world }) => tagsOf(world, vpc.id)),
  fordisplay: rootOnly(booleanField((vpc) => vpc.isDisplayed)),
  distributedvpcrouter: booleanField(() => false),
  regionlevelvpc: booleanField(() => false),
  redundantvpcrouter: booleanField((vpc) => vpc.isRedundant),
  publicmtu: integerField((vpc) => vpc.publicMtu),
  dns1: stringField((vpc) => vpc.dns1),
  dns2: stringField((vpc) => vpc.dns2),
});
