import { everyRole, syncCommand } from '../../declare/command.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  registerForUpload,
  toldAsInternal,
  uploadParamsResponse,
} from '../template/upload-params.js';
import { isoParameters, prepareIso } from './iso-registration.js';

/**
 * Enters an ISO that is to be posted, and says where and how
 * (TemplateManagerImpl.registerIsoForPostUpload). Unless told otherwise nobody boots from it; its
 * format must be given and is not looked at.
 */
export const getUploadParamsForIso = syncCommand({
  name: 'getUploadParamsForIso',
  summary: 'Registers an ISO that the caller then uploads.',
  roles: everyRole,
  grantedByType: true,
  since: '4.13',
  wrapper: 'postuploadisoresponse',
  parameters: {
    ...isoParameters,
    format: text({ required: true }),
    zoneid: entity('zone', { required: true }),
  },
  response: uploadParamsResponse,
  ignores: ['checksum'],
  run: (context, { zoneid: zone, ostypeid: osType, bootable, ...asked }) => {
    const owner = ownerOfNew(context, asked);
    const columns = toldAsInternal('Exception while registering ISO', () => {
      const prepared = prepareIso(context, asked, {
        owner,
        zones: [zone],
        osType,
        isBootable: bootable ?? false,
      });
      assertWithinLimits(context.world, owner, { secondary_storage: 1 });
      return prepared;
    });
    return registerForUpload(context, columns, zone, undefined);
  },
});
