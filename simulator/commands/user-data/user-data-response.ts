import { ownerFields } from '../../declare/owner-fields.js';
import { responseObject, stringField } from '../../declare/response.js';
import type { UserDataRow } from '../../world/entities.js';

const owner = ownerFields<UserDataRow>((userData) => userData.accountId);

/** UserDataResponse. */
export const userDataResponse = responseObject<UserDataRow>('userdata', {
  id: stringField((userData) => userData.id),
  name: stringField((userData) => userData.name),
  accountid: stringField((userData) => userData.accountId),
  account: owner.account,
  projectid: owner.projectid,
  project: owner.project,
  domainid: owner.domainid,
  domain: owner.domain,
  domainpath: owner.domainpath,
  userdata: stringField((userData) => userData.content),
  params: stringField((userData) => userData.params),
});
