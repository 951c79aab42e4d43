import type { AccountRow, DomainRow, RoleRow } from '../entities.js';
import { createProject, joinProject } from '../identity/projects.js';
import { defaultRole, defaultRoles } from '../identity/roles.js';
import { UNLIMITED, limitInUnits, setLimit } from '../identity/resource-limits.js';
import { resourceTypes } from '../identity/resource-types.js';
import type { WorldDescription } from './world-description.js';
import type { World } from '../world.js';

/** Enters who there is: the domains, the roles, the accounts with their users, the projects. */
export function buildIdentity(world: World, description: WorldDescription): void {
  addDomain(world, 'ROOT', null);
  for (const role of defaultRoles) {
    world.roles.insert({ ...role, isDefault: true, isPublic: true });
  }
  for (const role of description.roles) addRole(world, role);
  for (const { path, networkDomain = null, limits } of description.domains) {
    setLimits(world, addDomain(world, path, networkDomain).id, limits);
  }
  for (const account of description.accounts) addAccount(world, account);
  for (const project of description.projects) addProject(world, project);
}

/** The account that a description means by a name. */
export function describedAccount(world: World, name: string): AccountRow {
  const account = world.accounts.all().find((row) => row.name === name);
  if (account === undefined) throw new Error(`the description names no account ${name}`);
  return account;
}

function addRole(world: World, description: WorldDescription['roles'][number]): void {
  const { name, type, rules } = description;
  const role = world.roles.insert({
    name,
    type,
    description: description.description ?? null,
    isDefault: false,
    isPublic: true,
  });
  for (const [order, { rule, permission, description: text = null }] of rules.entries()) {
    world.rolePermissions.insert({ roleId: role.id, rule, permission, description: text, order });
  }
}

function addDomain(world: World, path: string, networkDomain: string | null): DomainRow {
  const slash = path.lastIndexOf('/');
  return world.domains.insert({
    name: path.slice(slash + 1),
    path,
    parentId: slash < 0 ? null : domainAt(world, path.slice(0, slash)).id,
    state: 'Active',
    networkDomain,
  });
}

function domainAt(world: World, path: string): DomainRow {
  const domain = world.domains.all().find((row) => row.path === path);
  if (domain === undefined) throw new Error(`the description names no domain ${path}`);
  return domain;
}

function addAccount(world: World, description: WorldDescription['accounts'][number]): void {
  const { random } = world.kernel;
  const role = describedRole(world, description.role);
  const isFirstAdmin = !world.accounts.all().some((account) => account.type === 'Admin');
  const account = world.accounts.insert({
    name: description.name,
    domainId: domainAt(world, description.domain).id,
    type: role.type,
    roleId: role.id,
    state: 'enabled',
    networkDomain: null,
    details: {},
    needsCleanup: false,
    isDefault: role.type === 'Admin' && isFirstAdmin,
    apiKeyAccess: 'INHERIT',
  });
  const username = description.username ?? description.name;
  world.users.insert({
    username,
    accountId: account.id,
    state: 'enabled',
    firstName: username,
    lastName: 'cloud',
    email: `${username}@cloud.invalid`,
    timezone: null,
    apiKey: description.apiKey ?? random.hex('keys', 32),
    secretKey: description.secretKey ?? random.hex('keys', 32),
    passwordDigest: null,
    apiKeyAccess: 'INHERIT',
  });
  setLimits(world, account.id, description.limits);
}

function describedRole(world: World, name: string): RoleRow {
  const own = world.roles.all().find((role) => !role.isDefault && role.name === name);
  if (own !== undefined) return own;
  const standard = defaultRoles.find((role) => role.type === name);
  if (standard === undefined) throw new Error(`the description names no role ${name}`);
  return defaultRole(world, standard.type);
}

function addProject(world: World, description: WorldDescription['projects'][number]): void {
  const { name, displayText = name, members } = description;
  const owner = describedAccount(world, description.account);
  const project = createProject(world, { name, displayText, owner, state: 'Active' });
  for (const member of members) {
    joinProject(world, project, describedAccount(world, member), 'Regular');
  }
  setLimits(world, project.accountId, description.limits);
}

type Limits = WorldDescription['accounts'][number]['limits'];

function setLimits(world: World, ownerId: string, limits: Limits): void {
  for (const type of resourceTypes) {
    const limit = limits === 'unlimited' ? UNLIMITED : limits[type];
    if (limit !== undefined) setLimit(world, ownerId, type, limitInUnits(type, limit));
  }
}
