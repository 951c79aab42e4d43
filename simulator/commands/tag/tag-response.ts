import { ownerFields } from '../../declare/owner-fields.js';
import { responseObject, stringField } from '../../declare/response.js';
import type { TagRow } from '../../world/entities.js';

/** ResourceTagResponse, in listTags and inside the resources themselves. */
export const tagResponse = responseObject<TagRow>('tag', {
  key: stringField((tag) => tag.key),
  value: stringField((tag) => tag.value),
  resourcetype: stringField((tag) => tag.resourceType),
  resourceid: stringField((tag) => tag.resourceId),
  ...ownerFields<TagRow>((tag) => tag.accountId),
  customer: stringField((tag) => tag.customer),
});
