import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { accountText } from '../../world/accounts.js';
import { permissionDenied, type CloudException } from '../../world/cloud-exception.js';
import type { TemplateRow } from '../../world/entities.js';
import { mayUseTemplate, templateText } from '../../world/templates.js';

/** Throws unless the caller may make VMs from a template (DomainChecker.checkAccess). */
export function assertMayUseTemplate(context: CommandContext, template: TemplateRow): void {
  const { caller } = context;
  if (isRootAdmin(caller) || mayUseTemplate(template, caller.account.id)) return;
  throw mayNotUse(context, template);
}

/** Throws unless the caller may change a template: its owner, or a root admin (DomainChecker.checkAccess). */
export function assertMayChangeTemplate(context: CommandContext, template: TemplateRow): void {
  const { caller } = context;
  if (isRootAdmin(caller) || template.accountId === caller.account.id) return;
  if (!template.isPublic) throw mayNotUse(context, template);
  throw permissionDenied(
    'Domain Admin and regular users can modify only their own Public templates',
  );
}

/** Somebody else's private template. */
export function mayNotUse({ caller }: CommandContext, template: TemplateRow): CloudException {
  return permissionDenied(
    `Account ${accountText(caller.account)} does not have permission ` +
      `to launch instances from template ${templateText(template)}`,
  );
}
