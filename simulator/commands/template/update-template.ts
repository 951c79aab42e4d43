import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { assertMayChangeTemplate } from './template-access.js';
import { firstDetails } from './template-registration.js';
import { templateResponse } from './template-response.js';

/** Changes what a template says of itself (TemplateManagerImpl.updateTemplateOrIso). */
export const updateTemplate = syncCommand({
  name: 'updateTemplate',
  summary: 'Changes the attributes of a template.',
  roles: everyRole,
  parameters: {
    id: entity('template', { required: true }),
    name: text(),
    displaytext: text({ maxLength: 4_096 }),
    ostypeid: entity('ostype'),
    passwordenabled: flag(),
    sshkeyenabled: flag(),
    requireshvm: flag(),
    isdynamicallyscalable: flag(),
    details: firstDetails(),
    cleanupdetails: flag(),
  },
  response: objectOf(templateResponse),
  run: (context, { id: template, ...asked }) => {
    const { world } = context;
    if (template.removedMs !== null) {
      throw invalidParameter('unable to find template/iso with specified id', [
        { uuid: String(template.internalId), description: 'templateId' },
      ]);
    }
    assertMayChangeTemplate(context, template);
    world.templates.change(template, changes(template, asked));
    if (asked.ostypeid !== undefined) changeGuests(world, template);
    const [inZone] = world.templateZones.where('templateId', template.id);
    if (inZone === undefined) throw new Error(`template ${template.id} is in no zone`);
    return { template, inZone };
  },
});

function changes(
  template: TemplateRow,
  asked: {
    readonly name?: string | undefined;
    readonly displaytext?: string | undefined;
    readonly ostypeid?: { readonly id: string } | undefined;
    readonly passwordenabled?: boolean | undefined;
    readonly sshkeyenabled?: boolean | undefined;
    readonly requireshvm?: boolean | undefined;
    readonly isdynamicallyscalable?: boolean | undefined;
    readonly details?: Readonly<Record<string, string>> | undefined;
    readonly cleanupdetails?: boolean | undefined;
  },
): Partial<Omit<TemplateRow, 'id' | 'internalId' | 'createdMs' | 'removedMs' | 'state'>> {
  return {
    name: asked.name ?? template.name,
    displayText: asked.displaytext ?? template.displayText,
    osTypeId: asked.ostypeid?.id ?? template.osTypeId,
    passwordEnabled: asked.passwordenabled ?? template.passwordEnabled,
    sshKeyEnabled: asked.sshkeyenabled ?? template.sshKeyEnabled,
    requiresHvm: asked.requireshvm ?? template.requiresHvm,
    isDynamicallyScalable: asked.isdynamicallyscalable ?? template.isDynamicallyScalable,
    details: asked.cleanupdetails === true ? {} : { ...(asked.details ?? template.details) },
  };
}

/** VMs follow the OS type of their template. */
function changeGuests(world: World, { id, osTypeId }: TemplateRow): void {
  for (const vm of world.vms.where('templateId', id)) {
    if (vm.state !== 'Expunging') world.vms.change(vm, { osTypeId });
  }
}
