import { isRootAdmin, type Caller } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { ownerOfNew, ownerParameters } from '../../declare/ownership.js';
import { entity, flag, freeForm, integer, text, type Parameter } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import {
  cloudRuntime,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { Hypervisor, ImageFormat, TemplateRow, ZoneRow } from '../../world/entities.js';
import {
  hypervisorTypes,
  isHypervisorType,
  simulatedHypervisor,
} from '../../world/hypervisor-types.js';
import { assertWithinLimits } from '../../world/resource-limits.js';
import {
  expectTimeout,
  uploadSignature,
  uploadTimeoutMs,
  uploadUrl,
} from '../../world/template-uploads.js';
import { imageStoreOf } from './template-response.js';

interface UploadParams {
  readonly id: string;
  readonly postUrl: string;
  readonly metadata: string;
  readonly expires: string;
  readonly signature: string;
}

/**
 * Enters a template that has no image yet, and says where and how the caller may post one
 * (TemplateManagerImpl.registerTemplateForPostUpload).
 */
export const getUploadParamsForTemplate = syncCommand({
  name: 'getUploadParamsForTemplate',
  summary: 'Registers a template whose image the caller then uploads.',
  roles: everyRole,
  wrapper: 'postuploadtemplateresponse',
  parameters: {
    name: text({ required: true }),
    format: text({ required: true }),
    zoneid: entity('zone', { required: true }),
    hypervisor: text({ required: true }),
    ostypeid: entity('ostype'),
    displaytext: text({ maxLength: 4_096 }),
    ispublic: flag(),
    isfeatured: flag(),
    isextractable: flag(),
    details: firstDetails(),
    bits: integer(),
    requireshvm: flag(),
    passwordenabled: flag(),
    sshkeyenabled: flag(),
    isdynamicallyscalable: flag(),
    checksum: text(),
    ...ownerParameters,
  },
  response: objectOf(
    responseObject<UploadParams>('getuploadparams', {
      id: stringField((params) => params.id),
      postURL: stringField((params) => params.postUrl),
      metadata: stringField((params) => params.metadata),
      expires: stringField((params) => params.expires),
      signature: stringField((params) => params.signature),
    }),
  ),
  run: (context, args) => {
    const { world, caller } = context;
    const { zoneid: zone, ostypeid: osType } = args;
    if (osType === undefined) throw serverApiError(431, 'Missing parameter ostypeid');
    const owner = ownerOfNew(context, args);
    const hypervisor = readHypervisor(args.hypervisor);
    const format = readFormat(args.format);
    assertUploadable(caller, zone);
    assertWithinLimits(world, owner, { template: 1 });
    const template = world.templates.insert({
      name: args.name,
      displayText: isBlank(args.displaytext) ? args.name : args.displaytext,
      accountId: owner.id,
      state: 'NotUploaded',
      format,
      hypervisor,
      osTypeId: osType.id,
      isPublic: args.ispublic ?? false,
      isFeatured: isRootAdmin(caller) && (args.isfeatured ?? false),
      isExtractable: args.isextractable ?? false,
      passwordEnabled: args.passwordenabled ?? false,
      sshKeyEnabled: args.sshkeyenabled ?? false,
      isDynamicallyScalable: args.isdynamicallyscalable ?? false,
      requiresHvm: args.requireshvm ?? true,
      bits: args.bits ?? 64,
      details: args.details ?? {},
    });
    enterZone(context, template, zone, args.checksum);
    return uploadParams(context, template, zone);
  },
});

function enterZone(
  { world }: CommandContext,
  template: TemplateRow,
  zone: ZoneRow,
  checksum: string | undefined,
): void {
  world.templateZones.insert({
    templateId: template.id,
    zoneId: zone.id,
    ready: false,
    downloadState: 'NOT_DOWNLOADED',
    percent: 0,
    errorText: '',
    sizeBytes: 0,
    physicalSizeBytes: 0,
    checksum: checksum ?? null,
    upload: null,
  });
  expectTimeout(world, template.id);
}

function uploadParams(
  { world, origin }: CommandContext,
  template: TemplateRow,
  zone: ZoneRow,
): UploadParams {
  const configured = world.settings.get('ssvm.uploadUrl');
  const url = uploadUrl(configured === '' ? origin : configured, template.id);
  const expires = new Date(world.kernel.nowMs + uploadTimeoutMs(world)).toISOString();
  // CloudStack encrypts this; uploaders pass it on unread.
  const metadata = Buffer.from(
    JSON.stringify({ entityUUID: template.id, entityId: template.internalId, zoneId: zone.id }),
  ).toString('base64');
  const signature = uploadSignature(zone, { metadata, url, expires });
  return { id: template.id, postUrl: url, metadata, expires, signature };
}

function assertUploadable(caller: Caller, zone: ZoneRow): void {
  if (zone.removedMs !== null) throw invalidParameter('Please specify a valid zone.');
  if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
    throw permissionDenied(
      `Cannot perform this operation, Zone is currently disabled: ${zone.internalId}`,
    );
  }
  if (zone.secondaryStorageVmUp) return;
  throw cloudRuntime(
    `There is no secondary storage VM for downloading template to image store ${imageStoreOf(zone)}`,
  );
}

function readHypervisor(value: string): Hypervisor {
  const hypervisor = simulatedHypervisor(value);
  if (hypervisor !== undefined) return hypervisor;
  if (isHypervisorType(value)) throw notSimulated(`the hypervisor ${value}`);
  throw invalidParameter(
    `Hypervisor Type: ${value} is invalid. Supported Hypervisor types are: ` +
      hypervisorTypes.join(', '),
  );
}

const formats: readonly ImageFormat[] = ['QCOW2', 'RAW', 'VHD', 'OVA'];
const otherFormats = ['ISO', 'VHDX', 'BAREMETAL', 'VMDK', 'VDI', 'TAR', 'DIR'];

function readFormat(value: string): ImageFormat {
  const known = formats.find((name) => name === value.toUpperCase());
  if (known !== undefined) return known;
  if (otherFormats.includes(value.toUpperCase())) throw notSimulated(`the format ${value}`);
  throw invalidParameter(
    `Image format: ${value} is incorrect. Supported formats are ` +
      [...formats, ...otherFormats].join(', '),
  );
}

function notSimulated(what: string): Error {
  return serverApiError(432, `The simulator does not simulate templates of ${what}`);
}

/** Only the first group of template details counts: `details[0].rootDiskController=scsi`. */
function firstDetails(): Parameter<Readonly<Record<string, string>>, false> {
  const all = freeForm();
  return {
    ...all,
    parse: (raw, name, context) => {
      if (typeof raw === 'string') return all.parse(raw, name, context);
      const [first] = [...raw].sort(([a], [b]) => Number(a) - Number(b));
      return all.parse(new Map(first === undefined ? [] : [first]), name, context);
    },
  };
}

function isBlank(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === '';
}
