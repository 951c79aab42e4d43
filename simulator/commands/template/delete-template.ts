import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow, VmRow, ZoneRow } from '../../world/entities.js';
import { removeFromZone, templateText } from '../../world/storage/templates.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';
import { assertMayChangeTemplate } from './template-access.js';

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
  },
  response: success,
  subject: ({ id }) => ({ type: 'Template', id: id.id }),
  steps: [
    (context, { id: template, zoneid: zone, forced }) => {
      const { world } = context;
      if (template.removedMs !== null) {
        throw invalidParameter(`unable to find template with id ${template.internalId}`);
      }
      if (forced !== true) assertUnused(world, template, zone);
      assertMayChangeTemplate(context, template);
      if (template.state === 'NotUploaded' || template.state === 'UploadInProgress') {
        throw invalidParameter(
          'The template is either getting uploaded or it may be initiated shortly, please wait for it to be completed',
        );
      }
      const zones = world.templateZones
        .where('templateId', template.id)
        .filter((inZone) => zone === undefined || inZone.zoneId === zone.id);
      if (zones.length === 0) {
        throw cloudRuntime(`Unable to find image store to delete template ${template.name}`);
      }
      if (zones.some(({ downloadState }) => downloadState === 'DOWNLOAD_IN_PROGRESS')) {
        throw cloudRuntime('Please specify a template that is not currently being downloaded.');
      }
      for (const inZone of zones) removeFromZone(world, { template, inZone });
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
  throw invalidParameter(
    `Unable to delete template: ${templateText(template)} because VM instances: [${users.map(vmText).join(',')}] are using it.`,
  );
}
