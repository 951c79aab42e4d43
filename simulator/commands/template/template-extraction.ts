import { isRootAdmin } from '../../declare/caller.js';
import type { Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, text } from '../../declare/parameter.js';
import {
  illegalArgument,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import type { TemplateRow, TemplateZoneRow } from '../../world/entities.js';
import { createExtract, extractOf, extractUrl } from '../../world/storage/image-extracts.js';
import { templateText } from '../../world/storage/templates.js';
import type { Extraction } from './extract-response.js';
import { assertMayChangeTemplate } from './template-access.js';

export const extractParameters = {
  id: entity('template', { required: true }),
  zoneid: entity('zone'),
  mode: text({ required: true }),
} as const;

/**
 * Gives an image on secondary storage a URL for a while; a second call gets the same one. Which of the
 * zones serves it, and in which mode, makes no difference (TemplateManagerImpl.extract).
 *
 * @throws 431 for one that is not there, not extractable or not downloaded; 530, as jobs do, for what
 *   the caller or the administrator does not allow
 */
export function extractImage(
  context: CommandContext,
  kind: 'template' | 'iso',
  { id: template, zoneid: zone, mode }: Arguments<typeof extractParameters>,
): Extraction {
  const { world, caller, origin } = context;
  if (kind === 'template') assertThere(kind, template);
  if (world.settings.get('disable.extraction') && !isRootAdmin(caller)) {
    throw permissionDenied('Extraction has been disabled by admin');
  }
  assertThere(kind, template);
  assertOfKind(kind, template);
  if (zone !== undefined && zone.removedMs !== null) {
    throw illegalArgument('Please specify a valid zone.');
  }
  if (!isRootAdmin(caller) && !template.isExtractable) {
    throw invalidParameter(
      `Unable to extract template ${templateText(template)} as it's not extractable`,
    );
  }
  assertMayChangeTemplate(context, template);
  const image = downloadedImage(context, kind, template);
  const { format } = template;
  const extract =
    extractOf(world, image, template.id) ??
    createExtract(world, image, { format, madeOf: template.id });
  const configured = world.settings.get('ssvm.uploadUrl');
  const { id, name, accountId } = template;
  const url = extractUrl(configured === '' ? origin : configured, extract);
  return { id, name, accountId, zoneId: zone?.id ?? null, mode, url };
}

function assertThere(kind: 'template' | 'iso', { removedMs, internalId }: TemplateRow): void {
  if (removedMs === null) return;
  throw invalidParameter(
    kind === 'iso'
      ? `Unable to find ISO with id ${internalId}`
      : `unable to find template with id ${internalId}`,
  );
}

function assertOfKind(kind: 'template' | 'iso', { format }: TemplateRow): void {
  if ((format === 'ISO') === (kind === 'iso')) return;
  const what = kind === 'iso' ? 'ISO' : 'template';
  throw invalidParameter(`Unsupported format, could not extract the ${what}`);
}

function downloadedImage(
  { world }: CommandContext,
  kind: 'template' | 'iso',
  { id }: TemplateRow,
): TemplateZoneRow {
  const image = world.templateZones
    .where('templateId', id)
    .find(({ downloadState }) => downloadState === 'DOWNLOADED');
  if (image !== undefined) return image;
  throw invalidParameter(`The ${kind === 'iso' ? 'ISO' : 'TEMPLATE'} has not been downloaded `);
}
