import { everyAdmin, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { assertMayManage } from '../account/account-rules.js';
import { isDefaultUser } from './user-response.js';

/** AccountManagerImpl.deleteUser. */
export const deleteUser = syncCommand({
  name: 'deleteUser',
  summary: 'Deletes a user; its account stays, even without users.',
  roles: everyAdmin,
  parameters: { id: entity('user', { required: true }) },
  response: success,
  run: (context, { id: user }) => {
    const { world, caller } = context;
    if (user.removedMs !== null) {
      throw invalidParameter("The specified user doesn't exist in the system");
    }
    if (isDefaultUser(world, user)) {
      throw invalidParameter("The user is default and can't be (re)moved");
    }
    if (user.id === caller.user.id) {
      const { domainId } = caller.account;
      throw invalidParameter(
        'The caller is requesting to delete itself. As a security measure, ACS will not allow this ' +
          `operation. To delete user ${user.username} (ID: ${user.id}, Domain: ${domainId}), request to ` +
          'another user with permission to execute the operation.',
      );
    }
    assertMayManage(context, world.accounts.require(user.accountId));
    world.users.remove(user);
    return undefined;
  },
});
