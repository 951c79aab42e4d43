import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { assertMayListPermissions, permissionsResponse } from './listed-permissions.js';

/** Tells with whom a template is shared (TemplateManagerImpl.listTemplatePermissions). */
export const listTemplatePermissions = syncCommand({
  name: 'listTemplatePermissions',
  summary: 'Tells who may make VMs from a template.',
  roles: everyRole,
  parameters: { id: entity('template', { required: true }) },
  response: objectOf(permissionsResponse),
  run: (context, { id: template }) => {
    assertMayListPermissions(context, template, 'template');
    return template;
  },
});
