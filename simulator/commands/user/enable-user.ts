import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { userResponse } from './user-response.js';
import { managedAccount, notActive } from './user-rules.js';

/** Its account is enabled with it (AccountManagerImpl.enableUser). */
export const enableUser = syncCommand({
  name: 'enableUser',
  summary: 'Enables a user that was disabled or locked, and its account.',
  roles: everyAdmin,
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(userResponse),
  run: (context, { id: user }) => {
    const { world } = context;
    const account = managedAccount(context, user, notActive(user));
    world.users.move(user, 'Enable');
    world.accounts.move(account, 'Enable');
    return user;
  },
});
