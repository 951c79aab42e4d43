import type { TemplateRow, TemplateZoneRow } from '../world/entities.js';
import { templateStatus } from '../world/storage/templates.js';
import { uploadTimeoutMs } from '../world/storage/image-uploads.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { vmName } from './vm.js';

/** Why templates are ready or not, and what keeps them from being deleted. @throws NothingToExplain */
export function explainTemplate(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.templates, idOrName).map((template) => {
    const zones = world.templateZones.where('templateId', template.id);
    return {
      about: `template ${template.name} (${template.id})`,
      because: [
        ...stateOf(world, template, zones),
        ...zones.map((inZone) => inZoneText(world, template, inZone)),
        ...usersOf(world, template),
      ],
      rowIds: [template.id, ...zones.map(({ id }) => id)],
    };
  });
}

function stateOf(
  world: World,
  { state, removedMs }: TemplateRow,
  [inZone]: readonly TemplateZoneRow[],
): string[] {
  if (removedMs !== null) return [`It was deleted at ${timeText(removedMs)}.`];
  if (state !== 'NotUploaded' && state !== 'UploadInProgress') return [`It is ${state}.`];
  const what =
    state === 'NotUploaded'
      ? 'nobody has sent its image yet, or the next look at uploads has not come'
      : 'its image is on its way, or waits for the next look at uploads';
  const until =
    inZone === undefined
      ? ''
      : ` CloudStack gives up on it after ${timeText(inZone.createdMs + uploadTimeoutMs(world))} ` +
        `(upload.operation.timeout), and refuses to delete it before.`;
  return [
    `It is ${state}: ${what}; CloudStack looks every upload.monitoring.interval ` +
      `(${world.settings.get('upload.monitoring.interval')} s).${until}`,
  ];
}

function inZoneText(world: World, template: TemplateRow, inZone: TemplateZoneRow): string {
  const zone = world.zones.require(inZone.zoneId).name;
  if (inZone.ready) return `In zone ${zone} it is ready.`;
  return `In zone ${zone} it is not ready: clients see the status "${templateStatus({ template, inZone })}".`;
}

/** What deleteTemplate counts as using it, unless it is forced. */
function usersOf(world: World, template: TemplateRow): string[] {
  const users = world.vms
    .where('templateId', template.id)
    .filter(({ state }) => state !== 'Expunging');
  if (users.length === 0 || template.removedMs !== null) return [];
  const shown = users.slice(0, MOST_NAMED).map((vm) => `${vmName(vm)}, ${vm.state}`);
  const more = users.length > MOST_NAMED ? `; and ${users.length - MOST_NAMED} more` : '';
  return [
    `Until they are expunged, or with forced=true, these VMs keep it from being deleted: ${shown.join('; ')}${more}.`,
  ];
}

const MOST_NAMED = 10;
