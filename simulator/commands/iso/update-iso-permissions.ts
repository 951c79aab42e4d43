import { everyRole, success, syncCommand } from '../../declare/command.js';
import { permissionParameters, updatePermissions } from '../template/permission-update.js';

/** UpdateIsoPermissionsCmd. */
export const updateIsoPermissions = syncCommand({
  name: 'updateIsoPermissions',
  summary: 'Says who may attach an ISO, or make VMs from it.',
  roles: everyRole,
  parameters: permissionParameters,
  response: success,
  run: (context, args) => {
    updatePermissions(context, 'iso', args);
    return undefined;
  },
});
