import { isAdmin } from '../../declare/caller.js';
import { everyRole, success, syncCommand } from '../../declare/command.js';
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
import { assertMayChangeTemplate } from './template-access.js';

type Operation = 'add' | 'remove' | 'reset';

/**
 * Makes a template public or private, featured or extractable, and shares it with single accounts of
 * its owner's domain (TemplateManagerImpl.updateTemplateOrIsoPermissions).
 */
export const updateTemplatePermissions = syncCommand({
  name: 'updateTemplatePermissions',
  summary: 'Says who may make VMs from a template.',
  roles: everyRole,
  parameters: {
    id: entity('template', { required: true }),
    ispublic: flag(),
    isfeatured: flag(),
    isextractable: flag(),
    op: text(),
    accounts: textList(),
    projectids: entityList('project'),
  },
  response: success,
  run: (context, { id: template, ispublic, isfeatured, isextractable, op, ...asked }) => {
    const { world, caller } = context;
    if (template.removedMs !== null) {
      throw invalidParameter(`unable to find  with id ${template.internalId}`);
    }
    const projects = (asked.projectids ?? []).map((project) => projectAccount(context, project));
    const names =
      asked.accounts === undefined && asked.projectids === undefined
        ? undefined
        : [...(asked.accounts ?? []), ...projects.map(({ name }) => name)];
    assertMayChangeTemplate(context, template);
    const owner = world.accounts.require(template.accountId);
    const mayBePublic =
      isAdmin(caller) || accountSetting(world, owner, 'allow.public.user.templates');
    if (ispublic === true && !mayBePublic) {
      throw invalidParameter('Only private templates can be created.');
    }
    const operation = readOperation(op);
    if (names !== undefined && operation === undefined) {
      throw invalidParameter(
        `Invalid operation on accounts, the operation must be either 'add' or 'remove' in order to modify launch permissions.  Given operation is: '${op ?? 'null'}'`,
      );
    }
    if (caller.account.id !== owner.id && !isAdmin(caller)) {
      throw invalidParameter(
        `Unable to grant permission to account ${caller.account.name} as it is neither admin nor owner or the template`,
      );
    }
    if ((operation === 'add' || operation === 'remove') && names === undefined) {
      throw invalidParameter(
        `Operation ${op ?? ''} requires accounts or projectIds to be passed in`,
      );
    }
    const permitted = operation === 'add' ? accountsNamed(world, owner, names ?? []) : [];
    world.templates.change(template, {
      isPublic: ispublic ?? template.isPublic,
      isFeatured: isfeatured ?? template.isFeatured,
      isExtractable: isextractable ?? template.isExtractable,
    });
    if (operation === 'add') permit(context, template, permitted);
    if (operation === 'remove') forbid(world, template, owner, names ?? []);
    if (operation === 'reset') reset(world, template);
    return undefined;
  },
});

function readOperation(text: string | undefined): Operation | undefined {
  const operations: readonly Operation[] = ['add', 'remove', 'reset'];
  return operations.find((operation) => operation === text?.toLowerCase());
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
