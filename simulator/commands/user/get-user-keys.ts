import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { managedAccount } from './user-rules.js';
import { userKeysResponse } from './user-keys-response.js';

/** AccountManagerImpl.getKeys. */
export const getUserKeys = syncCommand({
  name: 'getUserKeys',
  summary: 'Tells the API key and the secret key of a user.',
  roles: everyRole,
  grantedByType: true,
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(userKeysResponse),
  run: (context, { id: user }) => {
    managedAccount(context, user, 'Unable to find user by id');
    return user;
  },
});
