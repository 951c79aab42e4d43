import { limitFields } from '../../declare/limit-fields.js';
import {
  booleanField,
  dateField,
  emptyListField,
  integerField,
  listField,
  longField,
  mapField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
  type ResponseObject,
  type View,
} from '../../declare/response.js';
import { usersOf } from '../../world/identity/accounts.js';
import type { AccountRow, DomainRow, RoleRow, VmRow } from '../../world/entities.js';
import { countOfAccount } from '../../world/identity/resource-counts.js';
import { limitOfAccount } from '../../world/identity/resource-limits.js';
import { accountTypeNumbers } from './account-type-numbers.js';
import { userResponse } from '../user/user-response.js';

const minimalFields: ResponseObject<AccountRow>['fields'] = {
  id: stringField((account) => account.id),
  name: stringField((account) => account.name),
  accounttype: integerField((account) => accountTypeNumbers[account.type]),
  roleid: stringField((account) => account.roleId),
  roletype: stringField((account, view) => roleOf(account, view)?.type),
  rolename: stringField((account, view) => roleOf(account, view)?.name),
  domainid: stringField((account) => account.domainId),
  domain: stringField((account, view) => domainOf(account, view).name),
  domainpath: stringField((account, view) => domainOf(account, view).path),
  state: stringField((account) => account.state),
  created: dateField((account) => account.createdMs),
  iscleanuprequired: booleanField((account) => account.needsCleanup),
  networkdomain: stringField((account) => account.networkDomain),
  isdefault: booleanField((account) => account.isDefault),
  apikeyaccess: rootOnly(stringField((account) => account.apiKeyAccess)),
  user: listField(userResponse, (account, { world }) => usersOf(world, account.id)),
  accountdetails: mapField(({ details }) => (Object.keys(details).length === 0 ? null : details)),
  groups: emptyListField(),
};

export const minimalAccountResponse = responseObject<AccountRow>('account', minimalFields);

/** AccountResponse (AccountJoinDaoImpl.newAccountResponse). */
export const accountResponse = responseObject<AccountRow>('account', {
  ...minimalFields,
  ...limitFields<AccountRow>({ limit: limitOfAccount, count: countOfAccount }),
  vmstopped: vmCount((vm) => vm.state === 'Stopped'),
  vmrunning: vmCount((vm) => vm.state === 'Running'),
});

function vmCount(isCounted: (vm: VmRow) => boolean): Field<AccountRow> {
  return longField(
    (account, { world }) => world.vms.where('accountId', account.id).filter(isCounted).length,
  );
}

function roleOf({ roleId }: AccountRow, { world }: View): RoleRow | undefined {
  return roleId === null ? undefined : world.roles.get(roleId);
}

function domainOf(account: AccountRow, { world }: View): DomainRow {
  return world.domains.require(account.domainId);
}
