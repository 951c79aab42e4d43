import {
  done,
  wait,
  type Arguments,
  type JobProgress,
  type JobStep,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow, TemplateZoneRow, ZoneRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  beginImage,
  dropUnfinishedImages,
  finishImage,
  isBeingMade,
} from '../../world/storage/inner-images.js';
import { isReady, templateText, templateZone } from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';
import { assertMayChangeTemplate } from './template-access.js';
import type { ShownTemplate } from './template-response.js';

export const copyParameters = {
  id: entity('template', { required: true }),
  sourcezoneid: entity('zone'),
  destzoneid: entity('zone'),
  destzoneids: entityList('zone'),
} as const;

type Copy = Arguments<typeof copyParameters>;

/**
 * Copies a template, or an ISO, to other zones, where it keeps its id. All that it checks is part of
 * the job; where the template is ready already, nothing is copied (CopyTemplateCmd,
 * TemplateManagerImpl.copyTemplate). A copy that does not come about fails nothing: the job ends well, and
 * the template is not ready there.
 */
export const copySteps: readonly CopyStep[] = [beginCopy, finishCopy];

type CopyStep = JobStep<typeof copyParameters, ShownTemplate>;

function beginCopy(
  context: CommandContext,
  args: Copy,
  { remember }: JobProgress,
): ReturnType<CopyStep> {
  const { world } = context;
  const { source, missing } = planCopy(context, args);
  if (missing.length === 0) return done(firstCopy(world, args));
  assertRoomForCopy(world, args.id, source.sizeBytes);
  const { sizeBytes, physicalSizeBytes, checksum } = source;
  assertCanBeSent(world, source, args.id);
  remember({ from: source.zoneId, sizeBytes, physicalSizeBytes, checksum });
  for (const zone of missing) {
    beginCopyTo(world, args.id, zone);
    if (!canCome(world, source.zoneId, zone.id)) {
      dropUnfinishedImages(world, args.id.id, [zone.id]);
    }
  }
  return wait('duration.template.zonecopy');
}

/** What the copies are of may be gone by now: they come nevertheless. */
function finishCopy(
  { world }: CommandContext,
  args: Copy,
  { memo }: JobProgress,
): ReturnType<CopyStep> {
  const { id: template } = args;
  const zoneIds = destinationsOf(args).map(({ id }) => id);
  try {
    for (const zoneId of zoneIds) {
      const inZone = templateZone(world, template.id, zoneId);
      if (inZone === undefined || !isBeingMade(inZone)) continue;
      if (!canCome(world, memo['from'] as string, zoneId)) {
        dropUnfinishedImages(world, template.id, [zoneId]);
        continue;
      }
      assertRoomForCopy(world, template, Number(memo['sizeBytes']));
      finishImage(world, inZone, {
        sizeBytes: Number(memo['sizeBytes']),
        physicalSizeBytes: Number(memo['physicalSizeBytes']),
        checksum: typeof memo['checksum'] === 'string' ? memo['checksum'] : null,
      });
    }
  } catch (error) {
    dropUnfinishedImages(world, template.id, zoneIds);
    throw error;
  }
  return done(firstCopy(world, args));
}

/** A template of KVM is then sought where it is not, and does not come (TemplateServiceImpl.generateCopyUrl). */
function assertCanBeSent(
  world: World,
  { zoneId }: TemplateZoneRow,
  { hypervisor }: TemplateRow,
): void {
  if (hypervisor === 'KVM' || world.zones.require(zoneId).secondaryStorageVmUp) return;
  throw cloudRuntime('No secondary VM in running state in source template zone ');
}

/** The secondary storage VM of one zone fetches it from that of the other. */
function canCome(world: World, fromId: string, toId: string): boolean {
  return [fromId, toId].every((id) => world.zones.require(id).secondaryStorageVmUp);
}

/** The owner must have room for one more template, although a copy counts only by its bytes. */
function assertRoomForCopy(world: World, template: TemplateRow, sizeBytes: number): void {
  const owner = world.accounts.require(template.accountId);
  assertWithinLimits(world, owner, { template: 1, secondary_storage: sizeBytes });
}

/** What the copies are made from, and the zones in which the template is not yet ready. */
function planCopy(
  context: CommandContext,
  copy: Copy,
): { source: TemplateZoneRow; missing: ZoneRow[] } {
  const { world } = context;
  const { id: template, sourcezoneid: from } = copy;
  const zones = destinationsOf(copy);
  if (template.removedMs !== null) throw invalidParameter('Unable to find template with id');
  if (zones.some((zone) => zone.id === from?.id)) {
    throw invalidParameter('Please specify different source and destination zones.');
  }
  assertMayChangeTemplate(context, template);
  const source = readyIn(world, template, from);
  if (source === undefined) {
    throw invalidParameter(`There is no template ${templateText(template)} ready on image store.`);
  }
  return { source, missing: zones.filter((zone) => !readyIn(world, template, zone)) };
}

function destinationsOf({ destzoneid: one, destzoneids: several }: Copy): readonly ZoneRow[] {
  const many = several ?? [];
  if (one === undefined && many.length === 0) {
    throw invalidParameter('Either destzoneid or destzoneids parameters have to be specified.');
  }
  if (one !== undefined && many.length > 0) {
    throw invalidParameter('Both destzoneid and destzoneids cannot be specified at the same time.');
  }
  return one === undefined ? many : [one];
}

function readyIn(
  world: World,
  template: TemplateRow,
  zone: ZoneRow | undefined,
): TemplateZoneRow | undefined {
  return world.templateZones
    .where('templateId', template.id)
    .find((row) => isReady(row) && (zone === undefined || row.zoneId === zone.id));
}

/** A copy that failed before, or a download, gives way; one that another job makes is waited for. */
function beginCopyTo(world: World, template: TemplateRow, zone: ZoneRow): void {
  const unfinished = templateZone(world, template.id, zone.id);
  if (unfinished !== undefined && isBeingMade(unfinished)) return;
  if (unfinished !== undefined) world.templateZones.remove(unfinished);
  beginImage(world, template.id, zone.id, 'DOWNLOAD_IN_PROGRESS');
}

/**
 * The job shows the template in the first of the zones where it is, and in none where it has been
 * deleted meanwhile (ApiResponseHelper.createTemplateResponses).
 */
function firstCopy(world: World, copy: Copy): ShownTemplate {
  const found = destinationsOf(copy).map(({ id }) => templateZone(world, copy.id.id, id));
  return { template: copy.id, inZone: found.find((inZone) => inZone !== undefined) ?? null };
}
