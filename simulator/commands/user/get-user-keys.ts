import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { booleanField, responseObject } from '../../declare/response.js';
import type { UserRow } from '../../world/entities.js';
import { mayUseKeys } from '../../world/identity/api-key-access.js';
import { managedAccount } from './user-rules.js';
import { userKeysResponse } from './user-keys-response.js';

const keysAndAccess = responseObject<UserRow>(userKeysResponse.name, {
  ...userKeysResponse.fields,
  apikeyaccess: booleanField((user, { world }) =>
    mayUseKeys(world, user, world.accounts.require(user.accountId)),
  ),
});

/** AccountManagerImpl.getKeys. */
export const getUserKeys = syncCommand({
  name: 'getUserKeys',
  summary: 'Tells the API key and the secret key of a user.',
  roles: everyRole,
  grantedByType: true,
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(keysAndAccess),
  run: (context, { id: user }) => {
    managedAccount(context, user, 'Unable to find user by id');
    return user;
  },
});
