import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { assertIsKind, assertMayChangeTemplate } from '../template/template-access.js';
import { assertNotAwaited, removeImages } from '../template/template-removal.js';

/** Deletes an ISO that is in no VM; all that it checks is part of the job (TemplateManagerImpl.deleteIso). */
export const deleteIso = asyncCommand({
  name: 'deleteIso',
  summary: 'Deletes an ISO that is attached to no virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.iso.DeleteIsoCmd' },
  parameters: {
    id: entity('template', { required: true }),
    zoneid: entity('zone'),
  },
  response: success,
  subject: ({ id }) => ({ type: 'Iso', id: id.id }),
  steps: [
    (context, { id: iso, zoneid: zone }) => {
      const { world } = context;
      if (iso.removedMs !== null) {
        throw invalidParameter(`unable to find iso with id ${iso.internalId}`);
      }
      assertMayChangeTemplate(context, iso);
      assertIsKind(iso, 'iso', 'Please specify a valid', '.');
      if (world.vms.all().some(({ isoId }) => isoId === iso.id)) {
        throw invalidParameter("Unable to delete iso, as it's used by other vms");
      }
      assertNotAwaited(iso, 'iso');
      removeImages(world, iso, zone);
      return succeeded;
    },
  ],
});
