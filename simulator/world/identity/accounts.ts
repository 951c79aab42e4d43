import type { AccountRow, RoleType, UserRow } from '../entities.js';
import type { World } from '../world.js';

/** The account of a domain by its name; names are compared without regard to case. */
export function accountNamed(world: World, name: string, domainId: string): AccountRow | undefined {
  return world.accounts
    .where('domainId', domainId)
    .find((account) => account.name.toLowerCase() === name.toLowerCase());
}

/** The users of an account. */
export function usersOf(world: World, accountId: string): UserRow[] {
  return world.users.where('accountId', accountId);
}

/** An account as CloudStack's texts show it (AccountVO.toString). */
export function accountText({ name, internalId, id }: AccountRow): string {
  return `Account [${JSON.stringify({ accountName: name, id: internalId, uuid: id })}]`;
}

/** A user who can call the API. */
export type UserWithKeys = UserRow & { readonly apiKey: string; readonly secretKey: string };

/** The first user with keys whose account is of a type. */
export function firstUserOfType(world: World, type: RoleType): UserWithKeys | undefined {
  return world.accounts
    .all()
    .filter((account) => account.type === type)
    .flatMap((account) => usersOf(world, account.id))
    .find(hasKeys);
}

/** Whether a user has registered for keys. */
export function hasKeys(user: UserRow): user is UserWithKeys {
  return user.apiKey !== null && user.secretKey !== null;
}
