import { isAdmin } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow, TemplateType } from '../../world/entities.js';
import { isUsersType, readFormat, readTemplateType, type AskedType } from './template-names.js';
import { assertMayUpdate, updateRow, updateParameters } from './template-update.js';
import { updatedTemplateResponse } from './updated-template-response.js';

/** Changes what a template says of itself (TemplateManagerImpl.updateTemplate). */
export const updateTemplate = syncCommand({
  name: 'updateTemplate',
  summary: 'Changes the attributes of a template.',
  roles: everyRole,
  parameters: {
    ...updateParameters,
    format: text(),
    requireshvm: flag(),
    templatetype: text(),
    templatetag: text({ since: '4.20.0' }),
  },
  response: objectOf(updatedTemplateResponse),
  run: (context, args): TemplateRow => {
    const { id: template } = args;
    assertMayUpdate(context, args);
    const type = typeAskedFor(context, template, args);
    const { templatetag, format, requireshvm } = args;
    return updateRow(context, args, {
      ...(type === undefined ? {} : { type }),
      ...(templatetag === undefined ? {} : { templateTag: nullIfBlank(templatetag) }),
      ...(format === undefined ? {} : { format: readFormat(format) }),
      ...(requireshvm === undefined ? {} : { requiresHvm: requireshvm }),
    });
  },
});

/** `isrouting` alone makes one for routers, or again one of users'. */
function typeAskedFor(
  { caller }: CommandContext,
  template: TemplateRow,
  asked: AskedType,
): TemplateType | undefined {
  const type = readTemplateType(asked, template.isCrossZones);
  if (type !== undefined && !isAdmin(caller) && !isUsersType(type)) {
    throw invalidParameter(`Users can not update template to template type ${type}.`);
  }
  if (asked.isrouting === undefined) return type;
  return asked.isrouting ? 'ROUTING' : (type ?? 'USER');
}

function nullIfBlank(value: string): string | null {
  return value.trim() === '' ? null : value.trim();
}
