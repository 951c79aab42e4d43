import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import {
  booleanField,
  responseObject,
  stringField,
  textListField,
} from '../../declare/response.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, TemplateRow } from '../../world/entities.js';
import { permissionsOf } from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';
import { assertIsKind } from './template-access.js';

/** ApiResponseHelper.createTemplatePermissionsResponse. */
export const permissionsResponse = responseObject<TemplateRow>('templatepermission', {
  id: stringField(({ id }) => id),
  ispublic: booleanField(({ isPublic }) => isPublic),
  domainid: stringField((template, { world, caller }) =>
    isRootAdmin(caller) ? world.accounts.require(template.accountId).domainId : undefined,
  ),
  account: textListField((template, { world }) =>
    accountsOf(world, template)
      .filter(({ type }) => type !== 'Project')
      .map(({ name }) => name),
  ),
  projectids: textListField((template, { world }) => {
    const ids = new Set(accountsOf(world, template).map(({ id }) => id));
    const projects = world.projects.all().filter(({ accountId }) => ids.has(accountId));
    return projects.length === 0 ? undefined : projects.map(({ id }) => id);
  }),
});

/**
 * Throws unless the caller may know with whom a template, or an ISO, is shared
 * (TemplateManagerImpl.listTemplatePermissions).
 */
export function assertMayListPermissions(
  context: CommandContext,
  template: TemplateRow,
  kind: 'template' | 'iso',
): void {
  if (template.removedMs !== null) {
    throw invalidParameter(`unable to find ${kind} with id ${template.internalId}`);
  }
  assertIsKind(template, kind, 'Please provide a valid');
  if (!template.isPublic) assertMayOperate(context, 'template', template);
}

/** Of a private template, its owner may, too. */
function accountsOf(world: World, template: TemplateRow): AccountRow[] {
  const shared = permissionsOf(world, template).map(({ accountId }) => accountId);
  const ids = template.isPublic ? shared : [...shared, template.accountId];
  return ids.map((id) => world.accounts.require(id));
}
