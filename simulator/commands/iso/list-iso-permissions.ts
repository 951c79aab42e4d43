import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { assertMayListPermissions, permissionsResponse } from '../template/listed-permissions.js';

/** Tells with whom an ISO is shared (TemplateManagerImpl.listTemplatePermissions). */
export const listIsoPermissions = syncCommand({
  name: 'listIsoPermissions',
  wrapper: 'listtemplatepermissionsresponse',
  summary: 'Tells who may attach an ISO, or make VMs from it.',
  roles: everyRole,
  parameters: { id: entity('template', { required: true }) },
  response: objectOf(permissionsResponse),
  run: (context, { id: iso }) => {
    assertMayListPermissions(context, iso, 'iso');
    return iso;
  },
});
