import { everyRole, success, syncCommand } from '../../declare/command.js';
import { permissionParameters, updatePermissions } from './permission-update.js';

/** UpdateTemplatePermissionsCmd. */
export const updateTemplatePermissions = syncCommand({
  name: 'updateTemplatePermissions',
  summary: 'Says who may make VMs from a template.',
  roles: everyRole,
  parameters: permissionParameters,
  response: success,
  run: (context, args) => {
    updatePermissions(context, 'template', args);
    return undefined;
  },
});
