import { isRootAdmin, type Caller } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { entity } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { AccountRow, TemplateRow, ZoneRow } from '../../world/entities.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  expectTimeout,
  uploadSignature,
  uploadTimeoutMs,
  uploadUrl,
} from '../../world/storage/template-uploads.js';
import type { World } from '../../world/world.js';
import {
  readFormat,
  readHypervisor,
  registrationParameters,
  templateValues,
} from './template-registration.js';
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
    ...registrationParameters,
    zoneid: entity('zone', { required: true }),
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
    assertRoom(world, owner);
    const template = world.templates.insert({
      ...templateValues(context, owner, args, { hypervisor, format }),
      state: 'NotUploaded',
      url: null,
      sourceTemplateId: null,
      ...EMPTY_DISK,
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
    errorText: null,
    sizeBytes: 0,
    physicalSizeBytes: 0,
    checksum: checksum ?? null,
    upload: null,
    download: null,
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

/** The command itself tells of a limit, with another code than is usual (GetUploadParamsForTemplateCmd). */
function assertRoom(world: World, owner: AccountRow): void {
  try {
    assertWithinLimits(world, owner, { template: 1 });
  } catch (error) {
    const isLimit =
      error instanceof CloudException && error.exception === 'ResourceAllocationException';
    if (!isLimit) throw error;
    throw serverApiError(530, `exception while registering template: ${error.message}`);
  }
}
