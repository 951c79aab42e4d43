import { ownerFields } from '../../declare/owner-fields.js';
import { dateField, responseObject, stringField } from '../../declare/response.js';
import type { InstanceGroupRow } from '../../world/entities.js';

const owner = ownerFields<InstanceGroupRow>((group) => group.accountId);

/** InstanceGroupResponse. */
export const instanceGroupResponse = responseObject<InstanceGroupRow>('instancegroup', {
  id: stringField((group) => group.id),
  name: stringField((group) => group.name),
  created: dateField((group) => group.createdMs),
  account: owner.account,
  projectid: owner.projectid,
  project: owner.project,
  domainid: owner.domainid,
  domain: owner.domain,
  domainpath: owner.domainpath,
});
