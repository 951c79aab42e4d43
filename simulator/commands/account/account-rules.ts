import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { accountNamed, accountText } from '../../world/identity/accounts.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AccountRow, DomainRow, RoleRow, RoleType } from '../../world/entities.js';
import { roleMayCall } from '../../world/identity/roles.js';

/** How commands name the account that they are about: by its id, or by its name and domain. */
export interface NamedAccount {
  readonly id?: AccountRow | undefined;
  readonly account?: string | undefined;
  readonly domainid?: DomainRow | undefined;
}

/** The account that is meant; the accounts of projects count as none (AccountManagerImpl.enableAccount). */
export function meantAccount(
  { world }: CommandContext,
  { id, account, domainid }: NamedAccount,
): AccountRow {
  const named =
    account === undefined || domainid === undefined
      ? undefined
      : accountNamed(world, account, domainid.id);
  const found = id ?? named;
  if (found?.removedMs === null && found.type !== 'Project') return found;
  throw invalidParameter(
    `Unable to find account by accountId: ${id?.internalId ?? 'null'} OR by name: ${account ?? 'null'} ` +
      `in domain ${domainid?.id ?? 'null'}`,
  );
}

/** The types of role from the mightiest on. */
const ranks: readonly RoleType[] = ['Admin', 'ResourceAdmin', 'DomainAdmin', 'User'];

/** Whether a type of role stands above another. */
export function isHigher(type: RoleType, other: RoleType): boolean {
  return ranks.indexOf(type) < ranks.indexOf(other);
}

/**
 * Throws 531 unless the caller may change an account and its users: it must own or administrate
 * it, its role must be no lower, and it must be able to call all that the other may
 * (AccountManagerImpl.verifyCallerPrivilegeForUserOrAccountOperations).
 */
export function assertMayManage(context: CommandContext, account: AccountRow): void {
  assertMayOperate(context, 'account', account);
  assertRankHolds(context, account);
}

/** The same for an account that is only about to be. */
export function assertRankHolds(
  context: CommandContext,
  account: Pick<AccountRow, 'id' | 'name' | 'type' | 'roleId'>,
): void {
  if (account.type === 'Project') return;
  assertRank(context, account, account.type);
  const role = account.roleId === null ? undefined : context.world.roles.get(account.roleId);
  if (role !== undefined) assertNoEscalation(context, role);
}

function assertRank(
  { caller }: CommandContext,
  target: Pick<AccountRow, 'id' | 'name'>,
  type: RoleType,
): void {
  if (caller.account.isDefault) return;
  const whose = `The calling account [${caller.account.name}, ${caller.account.id}]`;
  if (isHigher(type, caller.role)) {
    throw permissionDenied(
      `${whose} has a lower role type than the user account [${target.name}, ${target.id}]`,
    );
  }
  // Admins may change others of their kind, ordinary users may not.
  if (caller.role !== type || caller.role !== 'User' || caller.account.id === target.id) return;
  throw permissionDenied(
    `${whose} is not allowed to perform this operation on users from other accounts of the same role ` +
      'type within the domain',
  );
}

/** Nobody gives others more than it has itself (AccountManagerImpl.checkRoleEscalation). */
export function assertNoEscalation(context: CommandContext, role: RoleRow): void {
  const { world, caller, commands } = context;
  const own = caller.account.roleId === null ? undefined : world.roles.get(caller.account.roleId);
  if (caller.role === 'Admin' || own === undefined || own.id === role.id) return;
  const isMore = commands.some(
    (command) => roleMayCall(world, role, command) && !roleMayCall(world, own, command),
  );
  if (!isMore) return;
  throw permissionDenied(
    `User of Account ${accountText(caller.account)} and domain ${caller.account.domainId} can not ` +
      'create an account with access to more privileges they have themself.',
  );
}
