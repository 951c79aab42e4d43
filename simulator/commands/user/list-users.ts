import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import { accountListParameters, contains, sameName } from '../../declare/list-parameters.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import type { UserRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { accountTypeNumbers } from '../account/account-type-numbers.js';
import { apiKeyAccessOf, apiKeyAccessParameter } from './api-key-access.js';
import { userResponse } from './user-response.js';

const parameters = {
  accounttype: integer(),
  id: entity('user'),
  state: text(),
  username: text(),
  apikeyaccess: apiKeyAccessParameter,
  ...accountListParameters,
} as const;

/** Ordinary users see themselves alone (QueryManagerImpl.searchForUsersInternal). */
export const listUsers = syncCommand({
  name: 'listUsers',
  summary: 'Lists users.',
  roles: everyRole,
  parameters,
  response: listOf(userResponse),
  run: (context, args) => {
    const { world, caller } = context;
    const { id } = args;
    const isAlone = caller.role === 'User';
    if (isAlone && id !== undefined && id.id !== caller.user.id) {
      throw permissionDenied('Calling user is not authorized to see the user requested by id');
    }
    const access = apiKeyAccessOf(args.apikeyaccess);
    const asked = isAlone ? caller.user : id;
    const isShown = ownerFilter(context, args, asked !== undefined);
    return world.users
      .all()
      .filter((user) => asked === undefined || user.id === asked.id)
      .filter((user) => isShown(user.accountId))
      .filter((user) => access === undefined || user.apiKeyAccess === access)
      .filter((user) => isChosen(world, user, args));
  },
});

function isChosen(world: World, user: UserRow, args: Arguments<typeof parameters>): boolean {
  const { username, state, accounttype, keyword } = args;
  const { type, name } = world.accounts.require(user.accountId);
  const texts = [user.username, user.firstName, user.lastName, user.email, user.state, name];
  return (
    (username === undefined || sameName(user.username, username)) &&
    (state === undefined || sameName(user.state, state)) &&
    (accounttype === undefined || accountTypeNumbers[type] === accounttype) &&
    (keyword === undefined || texts.some((value) => contains(value, keyword)))
  );
}
