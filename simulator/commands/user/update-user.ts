import { everyRole, objectOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { UserRow } from '../../world/entities.js';
import { hasPassword, passwordDigest } from '../../world/identity/passwords.js';
import { apiKeyAccessOf, apiKeyAccessParameter } from './api-key-access.js';
import { isUsernameTaken } from './new-user.js';
import { userResponse } from './user-response.js';
import { managedAccount } from './user-rules.js';

const parameters = {
  id: entity('user', { required: true }),
  email: text(),
  firstname: text(),
  lastname: text(),
  timezone: text(),
  username: text(),
  userapikey: text(),
  usersecretkey: text(),
  password: text(),
  currentpassword: text(),
  apikeyaccess: apiKeyAccessParameter,
} as const;

type UpdateArguments = Arguments<typeof parameters>;

/** Keys are given in pairs, and no two users have the same (AccountManagerImpl.updateUser). */
export const updateUser = syncCommand({
  name: 'updateUser',
  summary: 'Changes the names, the address or the keys of a user.',
  roles: everyRole,
  parameters,
  response: objectOf(userResponse),
  run: (context, args) => {
    const { world } = context;
    const { id: user, firstname, lastname, username, email, timezone } = args;
    managedAccount(context, user, `Unable to find user with id: ${user.internalId}`);
    const keys = newKeys(context, user, args);
    if (firstname !== undefined && isBlank(firstname)) throw empty('Firstname');
    if (lastname !== undefined && isBlank(lastname)) throw empty('Lastname');
    if (username !== undefined) assertUsername(context, user, username);
    const password = newPassword(context, user, args);
    const apiKeyAccess = apiKeyAccessOf(args.apikeyaccess);
    world.users.change(user, {
      ...keys,
      ...password,
      ...(apiKeyAccess !== undefined && { apiKeyAccess }),
      ...(firstname !== undefined && { firstName: firstname }),
      ...(lastname !== undefined && { lastName: lastname }),
      ...(username !== undefined && { username }),
      ...(email !== undefined && !isBlank(email) && { email }),
      ...(timezone !== undefined && !isBlank(timezone) && { timezone }),
    });
    return user;
  },
});

/** Admins need not know the old password (validateUserPasswordAndUpdateIfNeeded). */
function newPassword(
  { caller }: CommandContext,
  user: UserRow,
  { password, currentpassword = '' }: UpdateArguments,
): Partial<Pick<UserRow, 'passwordDigest'>> {
  if (password === undefined) return {};
  if (isBlank(password)) throw invalidParameter('Password cannot be empty or blank.');
  if (caller.role !== 'Admin' && caller.role !== 'DomainAdmin') {
    if (isBlank(currentpassword)) {
      throw invalidParameter('To set a new password the current password must be provided.');
    }
    if (!hasPassword(user, currentpassword)) {
      throw invalidParameter('Current password is incorrect.');
    }
  }
  return { passwordDigest: passwordDigest(password) };
}

function newKeys(
  { world }: CommandContext,
  user: UserRow,
  { userapikey = '', usersecretkey = '' }: UpdateArguments,
): Partial<Pick<UserRow, 'apiKey' | 'secretKey'>> {
  if (isBlank(userapikey) !== isBlank(usersecretkey)) {
    throw invalidParameter('Please provide a userApiKey/userSecretKey pair');
  }
  if (isBlank(userapikey)) return {};
  const [holder] = world.users.where('apiKey', userapikey);
  if (holder !== undefined && holder.id !== user.id) {
    throw invalidParameter(
      `The API key [${userapikey}] already exists in the system. Please provide a unique key.`,
    );
  }
  return { apiKey: userapikey, secretKey: usersecretkey };
}

function assertUsername({ world }: CommandContext, user: UserRow, username: string): void {
  if (isBlank(username)) throw empty('Username');
  const domain = world.domains.require(world.accounts.require(user.accountId).domainId);
  if (!isUsernameTaken(world, username, domain, user)) return;
  throw invalidParameter(
    `Username [${username}] already exists in domain [id=${domain.internalId},name=${domain.name}]`,
  );
}

function isBlank(value: string): boolean {
  return value.trim() === '';
}

function empty(what: string): Error {
  return invalidParameter(`${what} cannot be empty.`);
}
