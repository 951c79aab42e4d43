import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { accountText } from '../../world/identity/accounts.js';
import {
  invalidParameter,
  permissionDenied,
  type CloudException,
} from '../../world/cloud-exception.js';
import type { AccountRow, TemplateRow } from '../../world/entities.js';
import { isMemberOfProjectOf } from '../../world/identity/projects.js';
import { mayUseTemplate, templateText } from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';

/** Throws unless VMs of an account may be made from a template (DomainChecker.checkAccess). */
export function assertMayUseTemplate(world: World, owner: AccountRow, template: TemplateRow): void {
  if (owner.type === 'Admin' || mayUseTemplate(world, template, owner.id)) return;
  throw mayNotUse(owner, template);
}

/** Throws unless the caller may change a template: its owner, or a root admin (DomainChecker.checkAccess). */
export function assertMayChangeTemplate(context: CommandContext, template: TemplateRow): void {
  const { world, caller } = context;
  const owner = world.accounts.require(template.accountId);
  if (isRootAdmin(caller) || owner.id === caller.account.id) return;
  if (isMemberOfProjectOf(world, caller.account, owner)) return;
  if (!template.isPublic) throw mayNotUse(caller.account, template);
  throw permissionDenied(
    'Domain Admin and regular users can modify only their own Public templates',
  );
}

/** Throws for an ISO where a template is meant, or the other way round; `beginning` is that of the text. */
export function assertIsKind(
  { format }: TemplateRow,
  kind: 'template' | 'iso',
  beginning: string,
  end = '',
): void {
  if ((format === 'ISO') === (kind === 'iso')) return;
  throw invalidParameter(`${beginning} ${kind}${end}`);
}

/** Somebody else's private template. */
export function mayNotUse(account: AccountRow, template: TemplateRow): CloudException {
  return permissionDenied(
    `Account ${accountText(account)} does not have permission ` +
      `to launch instances from template ${templateText(template)}`,
  );
}
