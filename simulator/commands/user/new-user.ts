import type { CommandContext } from '../../declare/context.js';
import { text } from '../../declare/parameter.js';
import type { AccountRow, DomainRow, UserRow } from '../../world/entities.js';
import { usersOf } from '../../world/identity/accounts.js';
import { passwordDigest } from '../../world/identity/passwords.js';
import type { World } from '../../world/world.js';

/** What is told of a new user, by createUser and by createAccount for the first one. */
export const userParameters = {
  email: text({ required: true }),
  firstname: text({ required: true }),
  lastname: text({ required: true }),
  password: text({ required: true }),
  timezone: text(),
  username: text({ required: true }),
} as const;

export interface NewUser {
  readonly email: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly password: string;
  readonly timezone?: string | undefined;
  readonly username: string;
}

/** Whether some user of the domain has the name already; case does not count. */
export function isUsernameTaken(
  world: World,
  username: string,
  domain: DomainRow,
  except?: UserRow,
): boolean {
  return world.accounts
    .where('domainId', domain.id)
    .flatMap((account) => usersOf(world, account.id))
    .some(
      (user) => user.id !== except?.id && user.username.toLowerCase() === username.toLowerCase(),
    );
}

/** Enters a user, who gets keys by registerUserKeys only. */
export function addUser({ world }: CommandContext, account: AccountRow, user: NewUser): UserRow {
  return world.users.insert({
    username: user.username,
    accountId: account.id,
    state: 'enabled',
    firstName: user.firstname,
    lastName: user.lastname,
    email: user.email,
    timezone: user.timezone ?? null,
    apiKey: null,
    secretKey: null,
    passwordDigest: passwordDigest(user.password),
    apiKeyAccess: 'INHERIT',
  });
}
