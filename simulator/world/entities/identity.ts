import type { DomainState } from '../states/domain.js';
import type { ProjectState } from '../states/project.js';
import type { StandingState } from '../states/standing.js';
import type { BaseRow } from '../base-row.js';

/** Who may do what: roles, domains, accounts with their users, and projects. */

/** CloudStack's four types of role. */
export type RoleType = 'Admin' | 'DomainAdmin' | 'ResourceAdmin' | 'User';

export interface RoleRow extends BaseRow {
  readonly name: string;
  readonly type: RoleType;
  readonly description: string | null;
  /** The rules of a default role are those that the commands declare; nobody edits them. */
  readonly isDefault: boolean;
  /** Private roles are shown to root admins only. */
  readonly isPublic: boolean;
}

/** One rule of a role; of several that match a command, the one with the lowest order decides. */
export interface RolePermissionRow extends BaseRow {
  readonly roleId: string;
  /** The name of a command, in which `*` stands for any part. */
  readonly rule: string;
  readonly permission: 'allow' | 'deny';
  readonly description: string | null;
  readonly order: number;
}

export interface DomainRow extends BaseRow {
  readonly name: string;
  /** The names from the root on: `ROOT/a/b`. */
  readonly path: string;
  readonly parentId: string | null;
  readonly state: DomainState;
  readonly networkDomain: string | null;
}

/** What an account is: the type of its role when it got it, or the purse of a project. */
export type AccountType = RoleType | 'Project';

export interface AccountRow extends BaseRow {
  readonly name: string;
  readonly domainId: string;
  readonly type: AccountType;
  /** Null for the account of a project, which has no users. */
  readonly roleId: string | null;
  readonly state: StandingState;
  readonly networkDomain: string | null;
  readonly details: Readonly<Record<string, string>>;
  /** Something of it is still to be stopped or removed. */
  readonly needsCleanup: boolean;
  /** The first root admin, whom nobody can delete. */
  readonly isDefault: boolean;
  readonly apiKeyAccess: ApiKeyAccess;
}

export interface UserRow extends BaseRow {
  readonly username: string;
  readonly accountId: string;
  readonly state: StandingState;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly timezone: string | null;
  /** Null until the user registers for keys. */
  readonly apiKey: string | null;
  readonly secretKey: string | null;
  /** A digest of the password; null for users that came with the world. */
  readonly passwordDigest: string | null;
  readonly apiKeyAccess: ApiKeyAccess;
}

/** Whether requests may be signed with keys; what inherits asks the account, and that the domain. */
export type ApiKeyAccess = 'ENABLED' | 'DISABLED' | 'INHERIT';

export interface ProjectRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly domainId: string;
  /** The account that owns what belongs to the project. */
  readonly accountId: string;
  readonly state: ProjectState;
}

/** An account's part in a project. */
export interface ProjectMemberRow extends BaseRow {
  readonly projectId: string;
  readonly accountId: string;
  readonly role: 'Admin' | 'Regular';
}
