import { isAdmin } from '../../declare/caller.js';
import type { Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList, flag, text, textList } from '../../declare/parameter.js';
import { mayActFor } from '../../declare/access.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { accountText } from '../../world/identity/accounts.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { accountSetting } from '../../world/settings/configurations.js';
import type { AccountRow, ProjectRow, TemplateRow } from '../../world/entities.js';
import { permissionOf, permissionsOf } from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';
import { assertIsKind, assertMayChangeTemplate } from './template-access.js';

type Operation = 'add' | 'remove' | 'reset';

export const permissionParameters = {
  id: entity('template', { required: true }),
  ispublic: flag(),
  isfeatured: flag(),
  isextractable: flag(),
  op: text(),
  accounts: textList(),
  projectids: entityList('project'),
} as const;

/**
 * Makes a template, or an ISO, public or private, featured or extractable, and shares it with single
 * accounts of its owner's domain (TemplateManagerImpl.updateTemplateOrIsoPermissions).
 */
export function updatePermissions(
  context: CommandContext,
  kind: 'template' | 'iso',
  { id: template, op, ...asked }: Arguments<typeof permissionParameters>,
): void {
  const { world } = context;
  if (template.removedMs !== null) {
    throw invalidParameter(`unable to find  with id ${template.internalId}`);
  }
  assertIsKind(template, kind, 'Please provide a valid');
  const names = namesOf(context, asked);
  assertMayChangeTemplate(context, template);
  const owner = world.accounts.require(template.accountId);
  assertMayBePublic(context, owner, kind, asked.ispublic);
  const operation = readOperation(op, names);
  assertMayGrant(context, owner);
  if ((operation === 'add' || operation === 'remove') && names === undefined) {
    throw invalidParameter(`Operation ${op ?? ''} requires accounts or projectIds to be passed in`);
  }
  const permitted = operation === 'add' ? accountsNamed(world, owner, names ?? []) : [];
  world.templates.change(template, {
    isPublic: asked.ispublic ?? template.isPublic,
    isFeatured: asked.isfeatured ?? template.isFeatured,
    isExtractable: asked.isextractable ?? template.isExtractable,
  });
  if (operation === 'add') permit(context, template, permitted);
  if (operation === 'remove') forbid(world, template, owner, names ?? []);
  if (operation === 'reset') reset(world, template);
}

function namesOf(
  context: CommandContext,
  { accounts, projectids }: Pick<Arguments<typeof permissionParameters>, 'accounts' | 'projectids'>,
): readonly string[] | undefined {
  const projects = (projectids ?? []).map((project) => projectAccount(context, project));
  if (accounts === undefined && projectids === undefined) return undefined;
  return [...(accounts ?? []), ...projects.map(({ name }) => name)];
}

function assertMayBePublic(
  { world, caller }: CommandContext,
  owner: AccountRow,
  kind: 'template' | 'iso',
  isPublic: boolean | undefined,
): void {
  const mayBePublic =
    isAdmin(caller) || accountSetting(world, owner, 'allow.public.user.templates');
  if (isPublic === true && !mayBePublic) {
    throw invalidParameter(`Only private ${kind}s can be created.`);
  }
}

function assertMayGrant({ caller }: CommandContext, owner: AccountRow): void {
  if (caller.account.id === owner.id || isAdmin(caller)) return;
  throw invalidParameter(
    `Unable to grant permission to account ${caller.account.name} as it is neither admin nor owner or the template`,
  );
}

function readOperation(
  text: string | undefined,
  names: readonly string[] | undefined,
): Operation | undefined {
  const operations: readonly Operation[] = ['add', 'remove', 'reset'];
  const operation = operations.find((known) => known === text?.toLowerCase());
  if (names === undefined || operation !== undefined) return operation;
  throw invalidParameter(
    `Invalid operation on accounts, the operation must be either 'add' or 'remove' in order to modify launch permissions.  Given operation is: '${text ?? 'null'}'`,
  );
}

function projectAccount({ world, caller }: CommandContext, project: ProjectRow): AccountRow {
  if (project.removedMs !== null) {
    throw invalidParameter(`Unable to find project by id ${project.internalId}`);
  }
  const account = world.accounts.require(project.accountId);
  if (mayActFor(world, caller, account)) return account;
  throw invalidParameter(
    `Account ${accountText(caller.account)} can't access project id=${project.id}`,
  );
}

/** All of them are there, or nobody gets anything. */
function accountsNamed(world: World, owner: AccountRow, names: readonly string[]): AccountRow[] {
  return names.map((name) => {
    const account = accountNamed(world, name, owner.domainId);
    if (account !== undefined) return account;
    throw invalidParameter(
      `Unable to grant a launch permission to account ${name} in domain id=${owner.domainId}, account not found.  No permissions updated, please verify the account names and retry.`,
    );
  });
}

/** The caller needs no permission. */
function permit(
  { world, caller }: CommandContext,
  template: TemplateRow,
  accounts: readonly AccountRow[],
): void {
  for (const { id: accountId } of accounts) {
    if (accountId === caller.account.id) continue;
    if (permissionOf(world, template, accountId) !== undefined) continue;
    world.launchPermissions.insert({ templateId: template.id, accountId });
  }
}

/** Names that nobody has are nobody's affair. */
function forbid(
  world: World,
  template: TemplateRow,
  owner: AccountRow,
  names: readonly string[],
): void {
  for (const name of names) {
    const account = accountNamed(world, name, owner.domainId);
    const permission = account && permissionOf(world, template, account.id);
    if (permission !== undefined) world.launchPermissions.purge(permission);
  }
}

function reset(world: World, template: TemplateRow): void {
  world.templates.change(template, { isPublic: false, isFeatured: false });
  for (const permission of permissionsOf(world, template)) {
    world.launchPermissions.purge(permission);
  }
}
