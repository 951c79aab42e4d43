import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, UserRow } from '../../world/entities.js';
import { assertMayManage } from '../account/account-rules.js';

/** The account of a user whom the caller may change. */
export function managedAccount(
  context: CommandContext,
  user: UserRow,
  goneText: string,
): AccountRow {
  if (user.removedMs !== null) throw invalidParameter(goneText);
  const account = context.world.accounts.require(user.accountId);
  assertMayManage(context, account);
  return account;
}

/** With which disableUser and enableUser tell that a user is gone. */
export function notActive(user: UserRow): string {
  return `Unable to find active user by id ${user.internalId}`;
}

/** A user as CloudStack's texts show it (UserVO.toString). */
export function userText({ username, internalId, id }: UserRow): string {
  return `User ${JSON.stringify({ username, id: internalId, uuid: id })}`;
}
