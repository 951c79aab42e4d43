import { asyncCommand, done, everyAdmin, objectOf } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { userResponse } from './user-response.js';
import { managedAccount, notActive } from './user-rules.js';

/** AccountManagerImpl.disableUser. */
export const disableUser = asyncCommand({
  name: 'disableUser',
  summary: 'Disables a user: its keys are worth nothing until it is enabled again.',
  roles: everyAdmin,
  javaClass: { user: 'admin.user.DisableUserCmd' },
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(userResponse),
  steps: [
    (context, { id: user }) => {
      managedAccount(context, user, notActive(user));
      context.world.users.move(user, 'Disable');
      return done(user);
    },
  ],
});
