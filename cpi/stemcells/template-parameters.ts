import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import type { Parameters } from '../cloudstack/parameters.js';
import type { Tags } from '../cloudstack/tags.js';
import type { StemcellImage } from './image.js';

/** The template to be. */
export interface TemplateRequest {
  readonly image: Pick<StemcellImage, 'format'>;
  /** Unique: a template whose answer was lost is found by it. */
  readonly templateName: string;
  /** See `templateText`. */
  readonly displayText: string;
  readonly zoneId: string;
  readonly hypervisor: string;
  readonly osTypeId: string;
  readonly requiresHvm: boolean;
  /** Whether it is to be for all accounts, where the account may make such. */
  readonly isPublic: boolean;
  /** Put on before the image is sent: whose the template is can be seen whatever happens then. */
  readonly tags: Tags;
  /** How long CloudStack may take until the template is ready, from when it has all it needs. */
  readonly readyWithinMs: number;
}

/**
 * Has a template made with the parameters of a request; as a private one where the account may not
 * make public ones, which is a setting of CloudStack (allow.public.user.templates).
 */
export function asPublicAsAllowed<T>(
  client: CloudStackClient,
  request: TemplateRequest,
  create: (parameters: Parameters) => Promise<T>,
): Promise<T> {
  return madeAsPublicAsAllowed(client, request.isPublic, (isPublic) =>
    create(parametersOf({ ...request, isPublic })),
  );
}

/**
 * The same for any way to make a template. That of a volume is refused by another error
 * (TemplateManagerImpl.createPrivateTemplateRecord) than the others (TemplateAdapterBase.prepare).
 */
export async function madeAsPublicAsAllowed<T>(
  client: CloudStackClient,
  isWanted: boolean,
  create: (isPublic: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await create(isWanted);
  } catch (failure) {
    const mayBeRefusal = isCloudStackError(failure, 'invalid', 'permission');
    if (!isWanted || !mayBeRefusal || !/only private/i.test(failure.text)) throw failure;
    client.log('warning: the account may not make public templates: the stemcell is private');
    return create(false);
  }
}

function parametersOf(request: TemplateRequest): Parameters {
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
