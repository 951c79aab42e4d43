import type { Kernel } from '../../kernel/kernel.js';
import type {
  AccountRow,
  DomainRow,
  LimitRow,
  ProjectMemberRow,
  ProjectRow,
  RolePermissionRow,
  RoleRow,
  UserRow,
} from '../entities.js';
import { countedOfMember } from './resource-counts.js';
import { domainStates, type DomainEvent } from '../states/domain.js';
import { projectStates, type ProjectEvent } from '../states/project.js';
import { standingStates, type StandingEvent } from '../states/standing.js';
import { Table } from '../table.js';

/** Who may do what, and how much of it. */
export interface IdentityTables {
  readonly roles: Table<RoleRow>;
  readonly rolePermissions: Table<RolePermissionRow>;
  readonly domains: Table<DomainRow, DomainEvent>;
  readonly accounts: Table<AccountRow, StandingEvent>;
  readonly users: Table<UserRow, StandingEvent>;
  readonly projects: Table<ProjectRow, ProjectEvent>;
  readonly projectMembers: Table<ProjectMemberRow>;
  readonly limits: Table<LimitRow>;
}

export function identityTables(kernel: Kernel): IdentityTables {
  return {
    roles: new Table(kernel, { entity: 'role' }),
    rolePermissions: new Table(kernel, { entity: 'rolepermission', indexes: ['roleId'] }),
    domains: new Table(kernel, { entity: 'domain', states: domainStates }),
    accounts: new Table(kernel, {
      entity: 'account',
      states: standingStates,
      indexes: ['domainId', 'roleId'],
    }),
    users: new Table(kernel, {
      entity: 'user',
      states: standingStates,
      indexes: ['apiKey', 'accountId'],
      secrets: ['apiKey', 'secretKey', 'passwordDigest'],
    }),
    projects: new Table(kernel, {
      entity: 'project',
      states: projectStates,
      indexes: ['accountId'],
    }),
    projectMembers: new Table(kernel, {
      entity: 'projectmember',
      indexes: ['projectId', 'accountId'],
      totals: [{ by: 'accountId', of: countedOfMember }],
    }),
    limits: new Table(kernel, { entity: 'limit', indexes: ['ownerId'] }),
  };
}
