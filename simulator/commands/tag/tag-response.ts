import { responseObject, stringField } from '../../declare/response.js';
import type { TagRow } from '../../world/entities.js';

/** ResourceTagResponse, in listTags and inside the resources themselves. */
export const tagResponse = responseObject<TagRow>('tag', {
  key: stringField((tag) => tag.key),
  value: stringField((tag) => tag.value),
  resourcetype: stringField((tag) => tag.resourceType),
  resourceid: stringField((tag) => tag.resourceId),
  account: stringField((tag, { world }) => world.accounts.require(tag.accountId).name),
  domainid: stringField((tag, { world }) => world.accounts.require(tag.accountId).domainId),
  domain: stringField((tag, { world }) => {
    const account = world.accounts.require(tag.accountId);
    return world.domains.require(account.domainId).name;
  }),
  domainpath: stringField((tag, { world }) => {
    const account = world.accounts.require(tag.accountId);
    return world.domains.require(account.domainId).path;
  }),
  customer: stringField((tag) => tag.customer),
});
