import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow, VmRow, ZoneRow } from '../../world/entities.js';
import { isBefore } from '../../world/settings/release.js';
import { templateText } from '../../world/storage/templates.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';
import { assertIsKind, assertMayChangeTemplate } from './template-access.js';
import { assertNotAwaited, removeImages } from './template-removal.js';

/** Deletes a template; all that it checks is part of the job (TemplateManagerImpl.deleteTemplate). */
export const deleteTemplate = asyncCommand({
  name: 'deleteTemplate',
  summary: 'Deletes a template; virtual machines made from it go on.',
  roles: everyRole,
  javaClass: { user: 'user.template.DeleteTemplateCmd' },
  parameters: {
    id: entity('template', { required: true }),
    zoneid: entity('zone'),
    forced: flag(),
    issystem: flag({ since: '4.20.0' }),
  },
  response: success,
  subject: ({ id }) => ({ type: 'Template', id: id.id }),
  steps: [
    (context, { id: template, zoneid: zone, forced, issystem }) => {
      const { world } = context;
      if (template.removedMs !== null) {
        throw invalidParameter(`unable to find template with id ${template.internalId}`);
      }
      if (forced !== true) assertUnused(world, template, zone);
      assertMayChangeTemplate(context, template);
      assertIsKind(template, 'template', 'Please specify a valid', '.');
      assertNotAwaited(template, 'template');
      if (template.type === 'SYSTEM' && issystem !== true) {
        throw invalidParameter(
          'Could not delete template as it is a SYSTEM template and isSystem is set to false.',
        );
      }
      removeImages(world, template, zone);
      return succeeded;
    },
  ],
});

/** A destroyed VM uses its template until it is expunged. */
function assertUnused(world: World, template: TemplateRow, zone: ZoneRow | undefined): void {
  const users: VmRow[] = world.vms
    .where('templateId', template.id)
    .filter((vm) => vm.state !== 'Expunging' && (zone === undefined || vm.zoneId === zone.id));
  if (users.length === 0) return;
  // Before 4.20 it was named by its number.
  const what = isBefore(world, '4.20')
    ? ` with id: ${template.internalId}`
    : `: ${templateText(template)}`;
  throw invalidParameter(
    `Unable to delete template${what} because VM instances: [${users.map(vmText).join(',')}] are using it.`,
  );
}
