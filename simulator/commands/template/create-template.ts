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
  TemplateRow,
  VolumeRow,
} from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { beginImage, dropUnfinishedImages, finishImage } from '../../world/storage/inner-images.js';
import {
  ORDINARY_TEMPLATE,
  removeFromZone,
  removeTemplate,
  templateZone,
} from '../../world/storage/templates.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { readArchitecture } from '../host/architecture.js';
import { assertRootOnly } from './template-names.js';
import { firstDetails } from './template-registration.js';
import {
  assertCanBeCopied,
  assertInactive,
  assertSourceThere,
  assertTakesTemplate,
  sourceOf,
  sourceVolume,
  zoneOfNew,
} from './template-source.js';
import { templateResponse, type ShownTemplate } from './template-response.js';

/** The format in which hypervisors have their disks. */
const formats: Readonly<Record<Hypervisor, ImageFormat>> = {
  KVM: 'QCOW2',
  XenServer: 'VHD',
  VMware: 'OVA',
};

/**
 * Makes a private template of a volume that nobody writes to, or of a snapshot. Lists show it at once:
 * in no zone as long as it is only written down, in its zone and not ready while it is copied there
 * (TemplateManagerImpl.createPrivateTemplateRecord, createPrivateTemplate; template_view).
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
        const zone = zoneOfNew(context.world, args);
        assertTakesTemplate(context.world, zone);
        const volume = sourceVolume(context, args);
        if (
          context.world.volumes.allows(volume, 'SnapshotRequested') &&
          args.snapshotid === undefined
        ) {
          assertInactive(context, volume);
        }
        assertCanBeCopied(context.world, args);
        assertNotDeleted(context.world, createdId);
        beginImage(context.world, createdId, zone.id, null);
        return wait('duration.template.create');
      }),
    ({ world }, args, { createdId }) => {
      orRemoved(world, createdId, () => {
        assertCanBeCopied(world, args);
      });
      const { sizeBytes } = sourceOf(args);
      const template = world.templates.require(createdId);
      const inZone = templateZone(world, createdId, zoneOfNew(world, args).id);
      if (inZone === undefined) throw new Error(`template ${createdId} is nowhere`);
      finishImage(world, inZone, { sizeBytes, physicalSizeBytes: sizeBytes, checksum: null });
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

/** One that was deleted while its job waited is not found any more (ObjectInDataStoreManagerImpl.create). */
function assertNotDeleted(world: World, templateId: string): void {
  if (world.templates.require(templateId).removedMs === null) return;
  throw cloudRuntime(
    'Cannot invoke "org.apache.cloudstack.engine.subsystem.api.storage.DataObject.getType()" because ' +
      '"obj" is null',
  );
}

function removeUnmade(world: World, templateId: string): void {
  dropUnfinishedImages(world, templateId);
  const template = world.templates.require(templateId);
  const zones = world.templateZones.where('templateId', templateId);
  for (const inZone of zones) removeFromZone(world, { template, inZone });
  if (template.removedMs === null) removeTemplate(world, template);
}

/** VirtualMachineTemplate.MAXIMUM_TEMPLATE_NAME_LENGTH. */
const LONGEST_NAME = 255;

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
