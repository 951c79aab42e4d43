import {
  booleanField,
  dateField,
  integerField,
  responseObject,
  rootOnly,
  stringField,
  type View,
} from '../../declare/response.js';
import { usersOf } from '../../world/identity/accounts.js';
import type { AccountRow, RoleRow, UserRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { accountTypeNumbers } from '../account/account-type-numbers.js';

/** UserResponse (UserAccountJoinDaoImpl.newUserResponse): the API key, but never the secret one. */
export const userResponse = responseObject<UserRow>('user', {
  id: stringField((user) => user.id),
  username: stringField((user) => user.username),
  firstname: stringField((user) => user.firstName),
  lastname: stringField((user) => user.lastName),
  email: stringField((user) => user.email),
  created: dateField((user) => user.createdMs),
  state: stringField((user) => user.state),
  account: stringField((user, view) => accountOf(user, view).name),
  accounttype: integerField((user, view) => accountTypeNumbers[accountOf(user, view).type]),
  usersource: stringField(() => 'native'),
  roleid: stringField((user, view) => accountOf(user, view).roleId),
  roletype: stringField((user, view) => roleOf(user, view)?.type),
  rolename: stringField((user, view) => roleOf(user, view)?.name),
  domainid: stringField((user, view) => accountOf(user, view).domainId),
  domain: stringField(
    (user, view) => view.world.domains.require(accountOf(user, view).domainId).name,
  ),
  timezone: stringField((user) => user.timezone),
  apikey: stringField((user) => user.apiKey),
  accountid: stringField((user) => user.accountId),
  iscallerchilddomain: booleanField(() => false),
  isdefault: booleanField((user, { world }) => isDefaultUser(world, user)),
  is2faenabled: booleanField(() => false),
  is2famandated: booleanField(() => false),
  apikeyaccess: rootOnly(stringField((user) => user.apiKeyAccess)),
});

/** The first user of the first root admin, whom nobody can delete. */
export function isDefaultUser(world: World, user: UserRow): boolean {
  const account = world.accounts.require(user.accountId);
  return account.isDefault && usersOf(world, account.id)[0]?.id === user.id;
}

function accountOf(user: UserRow, { world }: View): AccountRow {
  return world.accounts.require(user.accountId);
}

function roleOf(user: UserRow, view: View): RoleRow | undefined {
  const { roleId } = accountOf(user, view);
  return roleId === null ? undefined : view.world.roles.get(roleId);
}
