import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyAdmin, succeeded, success } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { deleteAccount as remove } from '../../world/identity/account-cleanup.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow } from '../../world/entities.js';
import { assertRankHolds } from './account-rules.js';

/** Its resources go with it; deleting what is gone already succeeds (AccountManagerImpl.deleteUserAccount). */
export const deleteAccount = asyncCommand({
  name: 'deleteAccount',
  summary: 'Deletes an account, its users and all that it owns.',
  roles: everyAdmin,
  javaClass: { user: 'admin.account.DeleteAccountCmd' },
  parameters: { id: entity('account', { required: true, access: 'operate' }) },
  response: success,
  subject: ({ id }) => ({ type: 'Account', id: id.id }),
  steps: [
    (context, { id: account }, { jobId }) => {
      const { world, caller } = context;
      if (caller.account.id === account.id) throw ownAccount(account);
      if (account.removedMs !== null) return succeeded;
      assertMayBeDeleted(context, account);
      remove(world, account, jobId);
      return succeeded;
    },
  ],
});

function ownAccount({ name, id, domainId }: AccountRow): Error {
  return invalidParameter(
    `Deletion of your own account is not allowed. To delete account ${name} (ID: ${id}, Domain: ` +
      `${domainId}), request to another user with permissions to perform the operation.`,
  );
}

function assertMayBeDeleted(context: CommandContext, account: AccountRow): void {
  const { world } = context;
  if (account.type === 'Project') {
    throw invalidParameter('The specified account does not exist in the system');
  }
  assertMayOperate(context, 'account', account);
  if (account.isDefault) throw invalidParameter("The account is default and can't be removed");
  const managed = world.projectMembers
    .where('accountId', account.id)
    .filter((member) => member.role === 'Admin')
    .map((member) => world.projects.require(member.projectId).internalId);
  if (managed.length > 0) {
    throw invalidParameter(
      `Unable to delete account [${account.internalId}], because it manages the following project(s): ` +
        `[${managed.join(', ')}]. Please, remove the account from these projects or demote it to a ` +
        'regular project role first.',
    );
  }
  assertRankHolds(context, account);
}
