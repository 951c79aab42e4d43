import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { managedAccount } from './user-rules.js';
import { userKeysResponse } from './user-keys-response.js';

/** Each time anew: the keys that the user had are worth nothing then (createApiKeyAndSecretKey). */
export const registerUserKeys = syncCommand({
  name: 'registerUserKeys',
  summary: 'Gives a user new keys in place of those that it had.',
  roles: everyRole,
  parameters: { id: entity('user', { required: true }) },
  response: objectOf(userKeysResponse),
  run: (context, { id: user }) => {
    const { world } = context;
    managedAccount(context, user, 'unable to find user by id');
    const newKey = (): string =>
      Buffer.from(world.kernel.random.hex('keys', 64), 'hex').toString('base64url');
    world.users.change(user, { apiKey: newKey(), secretKey: newKey() });
    return user;
  },
});
