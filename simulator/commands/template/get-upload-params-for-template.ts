import { everyRole, syncCommand } from '../../declare/command.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { entityOrEvery, flag } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { assertNotAsIs, readHypervisor } from './template-names.js';
import { prepareRegistration, registrationParameters } from './template-registration.js';
import { registerForUpload, toldAsInternal, uploadParamsResponse } from './upload-params.js';

/**
 * Enters a template that has no image yet, and says where and how the caller may post one
 * (TemplateManagerImpl.registerTemplateForPostUpload).
 */
export const getUploadParamsForTemplate = syncCommand({
  name: 'getUploadParamsForTemplate',
  summary: 'Registers a template whose image the caller then uploads.',
  roles: everyRole,
  grantedByType: true,
  wrapper: 'postuploadtemplateresponse',
  parameters: {
    ...registrationParameters,
    deployasis: flag({ since: '4.15.1' }),
    zoneid: entityOrEvery('zone', { required: true }),
  },
  response: uploadParamsResponse,
  run: (context, args) => {
    const { zoneid: zone, ostypeid: osType } = args;
    if (zone === 'every') throw serverApiError(431, 'invalid zoneid');
    if (osType === undefined) throw serverApiError(431, 'Missing parameter ostypeid');
    const owner = ownerOfNew(context, args);
    const hypervisor = readHypervisor(args.hypervisor);
    assertNotAsIs(hypervisor, args.deployasis);
    const columns = toldAsInternal('exception while registering template', () => {
      const prepared = prepareRegistration(
        context,
        { ...args, requireshvm: args.requireshvm ?? false },
        {
          owner,
          zones: [zone],
          hypervisor,
          osTypeId: osType.id,
          type: args.isrouting === true ? 'ROUTING' : 'USER',
          isBootable: true,
        },
      );
      assertWithinLimits(context.world, owner, { secondary_storage: 1 });
      return prepared;
    });
    return registerForUpload(context, columns, zone, args.checksum);
  },
});
