import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { userResponse } from './user-response.js';

/** GetUserCmd. */
export const getUser = syncCommand({
  name: 'getUser',
  summary: 'Finds a user by an API key.',
  roles: rootOnlyRole,
  parameters: { userapikey: text({ required: true }) },
  response: objectOf(userResponse),
  run: ({ world }, { userapikey }) => {
    const [user] = world.users.where('apiKey', userapikey);
    if (user !== undefined) return user;
    throw invalidParameter('User with specified API key does not exist');
  },
});
