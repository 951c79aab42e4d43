import { isRootAdmin, type Caller } from '../../declare/caller.js';
import { everyRole, syncCommand } from '../../declare/command.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { entity } from '../../declare/parameter.js';
import {
  cloudRuntime,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { ZoneRow } from '../../world/entities.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { NO_IMAGE, imageStoreOf } from '../../world/storage/stored-images.js';
import {
  readFormat,
  readHypervisor,
  registrationParameters,
  templateValues,
} from './template-registration.js';
import { awaitUpload, toldAsInternal, uploadParamsResponse } from './upload-params.js';

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
  response: uploadParamsResponse,
  run: (context, args) => {
    const { world, caller } = context;
    const { zoneid: zone, ostypeid: osType } = args;
    if (osType === undefined) throw serverApiError(431, 'Missing parameter ostypeid');
    const owner = ownerOfNew(context, args);
    const hypervisor = readHypervisor(args.hypervisor);
    const format = readFormat(args.format);
    assertUploadable(caller, zone);
    toldAsInternal('registering template', () => {
      assertWithinLimits(world, owner, { template: 1 });
    });
    const template = world.templates.insert({
      ...templateValues(context, owner, args, { hypervisor, format }),
      state: 'NotUploaded',
      url: null,
      sourceTemplateId: null,
      ...EMPTY_DISK,
    });
    const image = world.templateZones.insert({
      templateId: template.id,
      zoneId: zone.id,
      ...NO_IMAGE,
      checksum: args.checksum ?? null,
    });
    return awaitUpload(context, image);
  },
});

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
