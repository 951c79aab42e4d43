import type { AccountType, RoleType } from '../../world/entities.js';

/** The numbers by which the API knows the types of accounts (com.cloud.user.Account.Type). */
export const accountTypeNumbers: Readonly<Record<AccountType, number>> = {
  User: 0,
  Admin: 1,
  DomainAdmin: 2,
  ResourceAdmin: 3,
  Project: 5,
};

const roleTypes: readonly RoleType[] = ['User', 'Admin', 'DomainAdmin', 'ResourceAdmin'];

/** The type of role behind a number; undefined for a number that stands for none. */
export function roleTypeOfNumber(number: number): RoleType | undefined {
  return roleTypes.find((type) => accountTypeNumbers[type] === number);
}
