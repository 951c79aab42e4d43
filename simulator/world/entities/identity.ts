import type { BaseRow } from '../table.js';

/** Who may do what: domains, accounts, users. */

/** CloudStack's four types of role. */
export type Role = 'Admin' | 'DomainAdmin' | 'ResourceAdmin' | 'User';

export interface DomainRow extends BaseRow {
  readonly name: string;
  readonly path: string;
  readonly parentId: string | null;
}

export interface AccountRow extends BaseRow {
  readonly name: string;
  readonly domainId: string;
  readonly role: Role;
  readonly enabled: boolean;
}

export interface UserRow extends BaseRow {
  readonly username: string;
  readonly accountId: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly enabled: boolean;
}
