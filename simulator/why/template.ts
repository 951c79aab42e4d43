import type { DownloadRecord, TemplateRow, TemplateZoneRow, VmRow } from '../world/entities.js';
import { LOOPBACK_HINT, kindOfHost, urlWithoutSecrets } from '../world/storage/image-hosts.js';
import { isReady, templateStatus } from '../world/storage/templates.js';
import { uploadTimeoutMs } from '../world/storage/image-uploads.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { failures } from './jobs.js';
import { uploadText } from './upload.js';
import { vmsText } from './vm.js';

/**
 * Why templates, and ISOs, are ready or not, and what keeps them from being deleted.
 * @throws NothingToExplain
 */
export function explainTemplate(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.templates, idOrName).map((template) => explanation(world, template));
}

/** The same, where an ISO is meant. @throws NothingToExplain */
export function explainIso(world: World, idOrName: string): readonly Explanation[] {
  const isMeant = (template: TemplateRow): boolean => template.format === 'ISO';
  return rowsMeant(world.templates, idOrName, { word: 'ISO', isMeant }).map((iso) =>
    explanation(world, iso),
  );
}

function explanation(world: World, template: TemplateRow): Explanation {
  const zones = world.templateZones.where('templateId', template.id);
  return {
    about: `${template.format === 'ISO' ? 'ISO' : 'template'} ${template.name} (${template.id})`,
    because: [
      ...stateOf(world, template, zones),
      ...zones.flatMap((inZone) => inZoneTexts(world, template, inZone)),
      ...(template.removedMs === null
        ? [...usersOf(world, template), ...failures(world, template.id)]
        : []),
    ],
    rowIds: [template.id, ...zones.map(({ id }) => id)],
  };
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

function inZoneTexts(world: World, template: TemplateRow, inZone: TemplateZoneRow): string[] {
  const zone = world.zones.require(inZone.zoneId).name;
  if (isReady(inZone)) return [`In zone ${zone} it is ready.`];
  const status = templateStatus({ template, inZone });
  return [
    `In zone ${zone} it is not ready: clients see the status "${status}".`,
    ...(template.url === null ? uploadText(inZone, template.state === 'UploadError') : []),
    ...(template.url === null ? [] : downloadOf(world, template.url, inZone)),
  ];
}

/** How the download goes, or what CloudStack's text for its failure means. */
function downloadOf(world: World, url: string, inZone: TemplateZoneRow): string[] {
  const shown = urlWithoutSecrets(url);
  const { download } = inZone;
  if (download === null) {
    return inZone.errorText === null
      ? [
          `Nobody downloads it from ${shown}: when it was registered, no secondary storage VM could.`,
        ]
      : [];
  }
  if (inZone.downloadState !== 'DOWNLOAD_ERROR') return [progressText(shown, download)];
  const { hostname } = new URL(url);
  const failed = `The download from ${shown} failed, and nobody tries again: register it anew.`;
  const isUnresolved = inZone.errorText?.trim() === hostname;
  return [
    failed,
    ...(isUnresolved
      ? [
          `The name ${hostname} leads nowhere on the machine of this simulator; CloudStack's text ` +
            'for that is the name alone.',
        ]
      : []),
    ...hostHint(world, hostname, isUnresolved),
  ];
}

function progressText(shown: string, { receivedBytes, nextLookMs }: DownloadRecord): string {
  const next =
    nextLookMs === null
      ? 'CloudStack waits for news of it'
      : `CloudStack looks again at ${timeText(nextLookMs)}`;
  return `It is downloaded from ${shown}: ${receivedBytes} bytes have come; ${next}.`;
}

/** Images come from where the simulator runs: whoever serves them beside it needs to know how. */
function hostHint(world: World, hostname: string, isUnresolved: boolean): string[] {
  const kind = kindOfHost(hostname);
  if (kind === 'loopback' && world.settings.get('ssvm.allowLoopback')) {
    return [
      `${hostname} is the machine on which the simulator runs, which may serve images here ` +
        '(ssvm.allowLoopback is true).',
    ];
  }
  if (kind !== 'loopback' && kind !== 'private' && !isUnresolved) return [];
  return [
    'The simulator fetches images itself, so their server must be reached from the machine on ' +
      `which it runs. ${LOOPBACK_HINT}`,
  ];
}

/** What deleteTemplate or deleteIso counts as using it. */
function usersOf(world: World, template: TemplateRow): string[] {
  const inDrive = world.vms.all().filter(({ isoId }) => isoId === template.id);
  if (template.format === 'ISO') return inDriveText(inDrive);
  const made = world.vms
    .where('templateId', template.id)
    .filter(({ state }) => state !== 'Expunging');
  if (made.length === 0) return [];
  return [
    `Until they are expunged, or with forced=true, these VMs keep it from being deleted: ${vmsText(made)}.`,
  ];
}

/** No force helps against these (TemplateManagerImpl.deleteIso). */
function inDriveText(vms: readonly VmRow[]): string[] {
  if (vms.length === 0) return [];
  return [
    'It is in the drives of these VMs, which keeps it from being deleted until detachIso, or until ' +
      `they are expunged: ${vmsText(vms)}.`,
  ];
}
