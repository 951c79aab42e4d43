import { assertMayOperate } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner, ownerParameters, type OwnerArguments } from '../../declare/ownership.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import { accountSetting } from '../../world/settings/configurations.js';
import { contentOf, copyOf, type DiskContent } from '../../world/storage/disk-content.js';
import type {
  AccountRow,
  Architecture,
  Hypervisor,
  ImageFormat,
  SnapshotRow,
  TemplateRow,
  VolumeRow,
  ZoneRow,
} from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { snapshotText } from '../../world/storage/snapshots.js';
import { takesMore } from '../../world/storage/image-store-space.js';
import { ORDINARY_TEMPLATE, removeTemplate } from '../../world/storage/templates.js';
import { NO_ENDPOINT } from '../../world/storage/stored-images.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeText } from '../volume/volume-rules.js';
import { readArchitecture } from '../host/architecture.js';
import { assertRootOnly } from './template-names.js';
import { firstDetails } from './template-registration.js';
import { templateResponse, type ShownTemplate } from './template-response.js';

interface Source {
  readonly volumeid?: VolumeRow | undefined;
  readonly snapshotid?: SnapshotRow | undefined;
  readonly zoneid?: ZoneRow | undefined;
}

/** The format in which hypervisors have their disks. */
const formats: Readonly<Record<Hypervisor, ImageFormat>> = {
  KVM: 'QCOW2',
  XenServer: 'VHD',
  VMware: 'OVA',
};

/**
 * Makes a private template of a volume that nobody writes to, or of a snapshot; lists show it once it
 * is ready (TemplateManagerImpl.createPrivateTemplateRecord, createPrivateTemplate).
 */
export const createTemplate = asyncCreateCommand({
  name: 'createTemplate',
  summary: 'Makes a template of a volume or a snapshot.',
  roles: everyRole,
  javaClass: {
    user: 'user.template.CreateTemplateCmd',
    rootAdmin: 'admin.template.CreateTemplateCmdByAdmin',
  },
  parameters: {
    name: text({ required: true }),
    ostypeid: entity('ostype', { required: true }),
    snapshotid: entity('snapshot'),
    volumeid: entity('volume'),
    zoneid: entity('zone', { since: '4.19.0' }),
    displaytext: text({ maxLength: 4_096 }),
    bits: integer(),
    details: firstDetails(),
    isdynamicallyscalable: flag(),
    isfeatured: flag(),
    ispublic: flag(),
    passwordenabled: flag(),
    requireshvm: flag(),
    sshkeyenabled: flag(),
    templatetag: text(),
    arch: text({ since: '4.20.2' }),
    ...ownerParameters,
  },
  response: objectOf(templateResponse),
  subjectType: 'Template',
  create: (context, args) => {
    const { world, caller } = context;
    assertSourceThere(context, args);
    const owner = ownerOrCaller(context, args);
    if (args.name.trim() === '' || args.name.length > LONGEST_NAME) {
      throw invalidParameter(
        `Template name cannot be null and cannot be more ${LONGEST_NAME} characters`,
      );
    }
    assertRootOnly(context, 'templatetag', args.templatetag);
    const mayBePublic =
      isAdmin(caller) || accountSetting(world, owner, 'allow.public.user.templates');
    if (args.ispublic === true && !mayBePublic) {
      throw permissionDenied(
        `Failed to create template ${args.name}, only private templates can be created.`,
      );
    }
    const arch = readArchitecture(args.arch) ?? ORDINARY_TEMPLATE.arch;
    const volume = sourceVolume(context, args);
    assertWithinLimits(world, owner, {
      template: 1,
      secondary_storage: args.snapshotid?.sizeBytes ?? volume.sizeBytes,
    });
    const content = args.snapshotid === undefined ? copyOf(volume) : contentOf(args.snapshotid);
    return enterTemplate(context, owner, volume, content, { ...args, arch });
  },
  steps: [
    (context, args, { createdId }) =>
      orRemoved(context.world, createdId, () => {
        assertTakesTemplate(context.world, zoneOfNew(context.world, args));
        const volume = sourceVolume(context, args);
        if (
          context.world.volumes.allows(volume, 'SnapshotRequested') &&
          args.snapshotid === undefined
        ) {
          assertInactive(context, volume);
        }
        assertCanBeCopied(context.world, args);
        return wait('duration.template.create');
      }),
    ({ world }, args, { createdId }) => {
      orRemoved(world, createdId, () => {
        assertCanBeCopied(world, args);
      });
      const source = sourceOf(args);
      const template = world.templates.require(createdId);
      const inZone = world.templateZones.insert({
        templateId: createdId,
        zoneId: zoneOfNew(world, args).id,
        ready: true,
        downloadState: 'DOWNLOADED',
        percent: 100,
        errorText: null,
        sizeBytes: source.sizeBytes,
        physicalSizeBytes: source.sizeBytes,
        checksum: null,
        upload: null,
        download: null,
      });
      return done<ShownTemplate>({ template, inZone });
    },
  ],
  afterFailure: ({ world }, _, { createdId }) => {
    removeUnmade(world, createdId);
  },
});

/** Nothing stays of a template that could not be made (TemplateManagerImpl.createPrivateTemplate). */
function orRemoved<Out>(world: World, templateId: string, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    removeUnmade(world, templateId);
    throw error;
  }
}

function removeUnmade(world: World, templateId: string): void {
  const template = world.templates.require(templateId);
  if (template.removedMs === null) removeTemplate(world, template);
}

function sourceOf({ snapshotid, volumeid }: Source): SnapshotRow | VolumeRow {
  const source = snapshotid ?? volumeid;
  if (source === undefined) throw new Error('the first half of the command checks the source');
  return source;
}

function zoneOfNew(world: World, asked: Source): ZoneRow {
  return asked.zoneid ?? world.zones.require(sourceOf(asked).zoneId);
}

function assertTakesTemplate(world: World, zone: ZoneRow): void {
  if (takesMore(world, zone)) return;
  throw cloudRuntime(`cannot find an image store for zone ${zone.internalId}`);
}

/** A host copies volumes, the secondary storage VM snapshots (AncientDataMotionStrategy). */
function assertCanBeCopied(world: World, asked: Source): void {
  if (asked.snapshotid === undefined || zoneOfNew(world, asked).secondaryStorageVmUp) return;
  throw cloudRuntime(`Failed to create template${NO_ENDPOINT}`);
}

/** VirtualMachineTemplate.MAXIMUM_TEMPLATE_NAME_LENGTH. */
const LONGEST_NAME = 255;

/** Whether there is a source, and whether it is the caller's, comes first (CreateTemplateCmd.getEntityOwnerId). */
function assertSourceThere(context: CommandContext, asked: Source): void {
  const { volumeid, snapshotid } = asked;
  const what = volumeid === undefined ? 'snapshot' : 'volume';
  const source = volumeid ?? snapshotid;
  if (source === undefined || source.removedMs !== null) {
    throw invalidParameter(`Unable to find ${what} by id=${source?.internalId ?? 'null'}`);
  }
  assertMayOperate(context, what, source);
}

/** An owner that cannot be is not missed: the caller is taken instead. */
function ownerOrCaller(context: CommandContext, asked: OwnerArguments): AccountRow {
  const owner = foundOwner(context, asked) ?? context.caller.account;
  assertMayOperate(context, 'account', owner);
  return owner;
}

function foundOwner(context: CommandContext, asked: OwnerArguments): AccountRow | undefined {
  try {
    return askedOwner(context, asked);
  } catch (error) {
    if (error instanceof CloudException) return undefined;
    throw error;
  }
}

/** The volume that the template is made of, or whose snapshot it is. */
function sourceVolume(context: CommandContext, asked: Source): VolumeRow {
  const { volumeid: volume, snapshotid: snapshot, zoneid: zone } = asked;
  const failed = 'Failed to create private template record,';
  if (zone !== undefined && snapshot === undefined) {
    throw invalidParameter(`${failed} zone ID can only be specified together with snapshot ID.`);
  }
  if (volume !== undefined && snapshot !== undefined) {
    throw invalidParameter(
      `${failed} please specify only one of volume ID (${volume.internalId}) and snapshot ID (${snapshot.internalId})`,
    );
  }
  if (volume !== undefined) {
    assertInactive(context, volume);
    return volume;
  }
  return volumeOfSnapshot(context, snapshot as SnapshotRow, zone, failed);
}

function volumeOfSnapshot(
  context: CommandContext,
  snapshot: SnapshotRow,
  zone: ZoneRow | undefined,
  failed: string,
): VolumeRow {
  if (snapshot.state !== 'BackedUp') {
    throw invalidParameter(
      `Snapshot ${snapshotText(context.world, snapshot)} is not in BackedUp state yet and can't be used for template creation`,
    );
  }
  if (zone !== undefined && zone.removedMs !== null) {
    throw invalidParameter(`${failed} invalid zone specified`);
  }
  return context.world.volumes.require(snapshot.volumeId);
}

/** Nobody may write to the disk meanwhile (VolumeOrchestrator.volumeInactive). */
function assertInactive({ world }: CommandContext, volume: VolumeRow): void {
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm === undefined || vm.state === 'Stopped' || vm.state === 'Destroyed') return;
  throw cloudRuntime(
    `Unable to create private template for volume: ${volumeText(world, volume)}; volume is attached to a non-stopped VM, please stop the VM first`,
  );
}

function enterTemplate(
  { world, caller }: CommandContext,
  owner: AccountRow,
  volume: VolumeRow,
  content: DiskContent,
  asked: {
    readonly name: string;
    readonly ostypeid: { readonly id: string };
    readonly displaytext?: string | undefined;
    readonly bits?: number | undefined;
    readonly details?: Readonly<Record<string, string>> | undefined;
    readonly isdynamicallyscalable?: boolean | undefined;
    readonly isfeatured?: boolean | undefined;
    readonly ispublic?: boolean | undefined;
    readonly passwordenabled?: boolean | undefined;
    readonly requireshvm?: boolean | undefined;
    readonly sshkeyenabled?: boolean | undefined;
    readonly templatetag?: string | undefined;
    readonly arch: Architecture;
  },
): TemplateRow {
  const source =
    volume.templateId === null ? undefined : world.templates.require(volume.templateId);
  const hypervisor = hypervisorOf(world, volume) ?? 'KVM';
  return world.templates.insert({
    ...ORDINARY_TEMPLATE,
    templateTag: asked.templatetag ?? null,
    arch: source?.arch ?? asked.arch,
    name: asked.name,
    displayText: asked.displaytext ?? asked.name,
    accountId: owner.id,
    state: 'Active',
    format: formats[hypervisor],
    hypervisor,
    osTypeId: asked.ostypeid.id,
    isPublic: asked.ispublic ?? false,
    isFeatured: isAdmin(caller) && (asked.isfeatured ?? false),
    isExtractable: source?.isExtractable === true && source.type !== 'SYSTEM',
    passwordEnabled: asked.passwordenabled ?? false,
    sshKeyEnabled: asked.sshkeyenabled ?? false,
    isDynamicallyScalable: asked.isdynamicallyscalable ?? false,
    requiresHvm: asked.requireshvm ?? true,
    bits: asked.bits ?? 64,
    details: { ...source?.details, ...detailsOfVm(world, volume), ...asked.details },
    url: null,
    sourceTemplateId: volume.isoId ?? source?.id ?? null,
    ...content,
  });
}

/** A template of an attached volume takes the details of its VM with it. */
function detailsOfVm(world: World, { vmId }: VolumeRow): Readonly<Record<string, string>> {
  return vmId === null ? {} : world.vms.require(vmId).details;
}
