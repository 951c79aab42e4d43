import {
  integerField,
  booleanField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { SnapshotPolicyRow, ZoneRow } from '../../world/entities.js';
import { policyIntervals } from '../../world/storage/snapshot-schedule.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';

const zoneOfPolicy = responseObject<ZoneRow>('zone', {
  id: stringField((zone) => zone.id),
  name: stringField((zone) => zone.name),
});

/** SnapshotPolicyResponse (ApiResponseHelper.createSnapshotPolicyResponse). */
export const snapshotPolicyResponse = responseObject<SnapshotPolicyRow>('snapshotpolicy', {
  id: stringField((policy) => policy.id),
  volumeid: stringField((policy) => policy.volumeId),
  schedule: stringField((policy) => policy.schedule),
  intervaltype: integerField((policy) => policyIntervals.indexOf(policy.interval)),
  maxsnaps: integerField((policy) => policy.maxSnaps),
  timezone: stringField((policy) => policy.timezone),
  fordisplay: rootOnly(booleanField((policy) => policy.isDisplayed)),
  zone: listField(zoneOfPolicy, ({ volumeId, zoneIds }, { world }) => {
    const own = world.volumes.require(volumeId).zoneId;
    return [own, ...zoneIds.filter((id) => id !== own)].map((id) => world.zones.require(id));
  }),
  tags: listField(tagResponse, (policy, { world }) => tagsOf(world, policy.id)),
});
