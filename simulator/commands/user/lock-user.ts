import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { usersOf } from '../../world/identity/accounts.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { userResponse } from './user-response.js';
import { managedAccount, userText } from './user-rules.js';

/** An account whose last enabled user is locked is locked with it (AccountManagerImpl.lockUser). */
export const lockUser = syncCommand({
  name: 'lockUser',
  summary: 'Locks a user, and its account if no other user of it is enabled.',
  roles: everyAdmin,
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(userResponse),
  run: (context, { id: user }) => {
    const { world } = context;
    const account = managedAccount(context, user, 'Unable to find user by id');
    if (user.state === 'locked') return user;
    if (user.state === 'disabled') throw cloudRuntime(`Unable to lock user ${userText(user)}`);
    world.users.move(user, 'Lock');
    const isLast = usersOf(world, account.id).every(({ state }) => state !== 'enabled');
    if (!isLast) return user;
    if (!world.accounts.allows(account, 'Lock')) {
      throw cloudRuntime(`Unable to lock user ${userText(user)}`);
    }
    world.accounts.move(account, 'Lock');
    return user;
  },
});
