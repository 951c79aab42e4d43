import { listField, responseObject, stringField, textListField } from '../../declare/response.js';
import { privateRange } from '../../world/compute/pods.js';
import type { PodRow } from '../../world/entities.js';
import { innerCapacityResponse } from '../capacity/capacity-response.js';
import { capacitiesIn } from '../capacity/summed-capacities.js';

/** System VMs may have these addresses, and so may others. */
const NOT_FOR_SYSTEM_VMS_ALONE = '0';
const UNTAGGED = 'vlan://untagged';

const ipRangeResponse = responseObject<PodRow>('iprange', {
  startip: stringField((pod) => privateRange(pod).startIp),
  endip: stringField((pod) => privateRange(pod).endIp),
  forsystemvms: stringField(() => NOT_FOR_SYSTEM_VMS_ALONE),
  vlanid: stringField(() => UNTAGGED),
});

/** One pod, and whether it shows its capacities. */
export interface ShownPod {
  readonly pod: PodRow;
  readonly withCapacities: boolean;
}

/** PodResponse (ApiResponseHelper.createPodResponse). */
export const podResponse = responseObject<ShownPod>('pod', {
  id: stringField(({ pod }) => pod.id),
  name: stringField(({ pod }) => pod.name),
  zoneid: stringField(({ pod }) => pod.zoneId),
  zonename: stringField(({ pod }, { world }) => world.zones.require(pod.zoneId).name),
  gateway: stringField(({ pod }) => privateRange(pod).gateway),
  netmask: stringField(({ pod }) => privateRange(pod).netmask),
  ipranges: listField(ipRangeResponse, ({ pod }) => [pod]),
  startip: textListField(({ pod }) => [privateRange(pod).startIp]),
  endip: textListField(({ pod }) => [privateRange(pod).endIp]),
  forsystemvms: textListField(() => [NOT_FOR_SYSTEM_VMS_ALONE]),
  vlanid: textListField(() => [UNTAGGED]),
  allocationstate: stringField(() => 'Enabled'),
  capacity: listField(innerCapacityResponse, ({ pod, withCapacities }, { world }) =>
    withCapacities ? capacitiesIn(world, { pod }) : undefined,
  ),
});
