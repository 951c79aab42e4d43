import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import type { Parameters } from '../cloudstack/parameters.js';
import type { UploadRequest } from './upload.js';

/**
 * Has a template made with the parameters of a request; as a private one where the account may not
 * make public ones, which is a setting of CloudStack (allow.public.user.templates).
 */
export async function asPublicAsAllowed<T>(
  client: CloudStackClient,
  request: UploadRequest,
  create: (parameters: Parameters) => Promise<T>,
): Promise<T> {
  try {
    return await create(parametersOf(request));
  } catch (failure) {
    const isRefused = isCloudStackError(failure, 'invalid') && /Only private/.test(failure.text);
    if (!request.isPublic || !isRefused) throw failure;
    client.log('warning: the account may not make public templates: the stemcell is private');
    return create(parametersOf({ ...request, isPublic: false }));
  }
}

function parametersOf(request: UploadRequest): Parameters {
  return {
    name: request.templateName,
    displaytext: request.displayText,
    format: request.image.format,
    hypervisor: request.hypervisor,
    zoneid: request.zoneId,
    ostypeid: request.osTypeId,
    ispublic: request.isPublic,
    requireshvm: request.requiresHvm,
  };
}
