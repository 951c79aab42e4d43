import type { AccountRow, RoleType, UserRow } from '../world/entities.js';

/** Who sends a request. */
export interface Caller {
  readonly user: UserRow;
  readonly account: AccountRow;
  readonly role: RoleType;
}

/** Root admins see every field and every text (ResponseView.Full). */
export function isRootAdmin(caller: Caller): boolean {
  return caller.role === 'Admin';
}

/** Root, domain and resource admins. */
export function isAdmin(caller: Caller): boolean {
  return caller.role !== 'User';
}
