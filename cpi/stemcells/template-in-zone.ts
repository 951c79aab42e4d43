import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import { findReadyTemplate } from '../cloudstack/find-catalog.js';
import type { Parameters } from '../cloudstack/parameters.js';
import type { Template } from '../cloudstack/types.js';
import { isUuid } from '../cloudstack/uuid.js';

export interface TemplateInZoneOptions {
  readonly templateId: string;
  readonly zoneId: string;
  /** How long a copy may take. */
  readonly deadlineMs: number;
}

/**
 * The template of a stemcell in the zone of a VM. A stemcell is uploaded to one zone only, because
 * CloudStack takes uploads for one zone (getUploadParamsForTemplate), so the first VM in another
 * zone has it copied there. The copy has the template's id: it is used by all further VMs, and
 * deleted together with the stemcell.
 *
 * @throws CloudStackError `not-found` if there is no such template in any zone; `invalid` if it is
 *   not ready; as CloudStack says if it cannot be copied, for example because it is not the
 *   account's own.
 */
export async function templateInZone(
  client: CloudStackClient,
  options: TemplateInZoneOptions,
): Promise<Template> {
  const { templateId, zoneId } = options;
  try {
    return await findReadyTemplate(client, templateId, zoneId);
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found')) throw failure;
    const source = await findElsewhere(client, templateId);
    if (source === undefined) throw failure;
    await copy(client, source, options);
    return findReadyTemplate(client, templateId, zoneId);
  }
}

/** CIDs of older CPIs are names. */
async function findElsewhere(
  client: CloudStackClient,
  nameOrId: string,
): Promise<Template | undefined> {
  const query = isUuid(nameOrId) ? { id: nameOrId } : { name: nameOrId };
  const found = await listUsable(client, query);
  return found.find(({ id, name, isready }) => isready === true && [id, name].includes(nameOrId));
}

/** For an id that it never knew CloudStack answers an error instead of an empty list. */
async function listUsable(client: CloudStackClient, query: Parameters): Promise<Template[]> {
  try {
    return await client.list('listTemplates', { templatefilter: 'executable', ...query });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return [];
    throw failure;
  }
}

async function copy(
  client: CloudStackClient,
  { id, name, zoneid: sourceZoneId, zonename: sourceZone }: Template,
  { zoneId, deadlineMs }: TemplateInZoneOptions,
): Promise<void> {
  client.log(
    `stemcell ${id} is only in zone ${String(sourceZone)}; it is copied to the zone of the VM`,
  );
  try {
    await client.run(
      'copyTemplate',
      { id, sourcezoneid: sourceZoneId, destzoneid: zoneId },
      { what: `copy of template ${name} (${id}) to zone ${zoneId}`, deadlineMs },
    );
  } catch (failure) {
    if (await isThere(client, id, zoneId)) return;
    if (!isCloudStackError(failure)) throw failure;
    const { kind, command, errorCode, jobId } = failure;
    const text = `template "${name}" (${id}) is only in zone ${String(sourceZone)}: ${failure.text}`;
    throw new CloudStackError({ kind, command, errorCode, jobId, text, advice, cause: failure });
  }
}

const advice =
  'have its owner copy it to the zone of the VM (copyTemplate), or use a stemcell that is there';

/** Another VM's creation may have copied it meanwhile, which CloudStack takes badly. */
async function isThere(
  client: CloudStackClient,
  templateId: string,
  zoneId: string,
): Promise<boolean> {
  const within = { templatefilter: 'executable', zoneid: zoneId };
  return (await findById(client, 'listTemplates', templateId, within))?.isready === true;
}
