import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import { findTemplate, notReadyError } from '../cloudstack/find-catalog.js';
import type { Parameters } from '../cloudstack/parameters.js';
import type { Template } from '../cloudstack/types.js';
import { isUuid } from '../cloudstack/uuid.js';
import { awaitTemplate } from './await-template.js';

/** The template of a stemcell, and whether it is in the zone of a VM. */
export interface FoundTemplate {
  /** Where it is elsewhere, as it is there. */
  readonly template: Template;
  /** `on its way`: CloudStack is about to copy it to the zone, as another call has ordered. */
  readonly place: 'here' | 'on its way' | 'elsewhere';
}

/**
 * Finds the template of a stemcell for a VM, and changes nothing. A stemcell is uploaded to one
 * zone only, because CloudStack takes uploads for one zone (getUploadParamsForTemplate).
 *
 * @throws CloudStackError `not-found` if there is no such template in any zone; `invalid` if it is
 *   ready in none.
 */
export async function findForZone(
  client: CloudStackClient,
  templateId: string,
  zoneId: string,
): Promise<FoundTemplate> {
  let here: Template | undefined;
  let failure: unknown;
  try {
    here = await findTemplate(client, templateId, zoneId);
    if (here.isready === true) return { template: here, place: 'here' };
    failure = notReadyError(here);
  } catch (missing) {
    if (!isCloudStackError(missing, 'not-found')) throw missing;
    failure = missing;
  }
  const template = await findReadyElsewhere(client, templateId);
  if (template === undefined)
    throw isCloudStackError(failure, 'not-found') ? gone(failure) : failure;
  const isOnItsWay = here !== undefined && copyState(here) === 'in progress';
  return { template, place: isOnItsWay ? 'on its way' : 'elsewhere' };
}

function gone(failure: CloudStackError): CloudStackError {
  return failure.advising(
    'it is the template of a stemcell, which somebody has deleted, or the account does not see: ' +
      'upload the stemcell again (`bosh upload-stemcell --fix`)',
  );
}

export interface BringOptions {
  readonly zoneId: string;
  /** How long a copy may take. */
  readonly deadlineMs: number;
}

/**
 * Sees that a template is in a zone: the first VM in another zone has it copied there, and those at
 * the same time wait for that copy, because CloudStack would begin a second one
 * (TemplateManagerImpl.copy). The copy has the template's id: it is used by all further VMs, and
 * deleted together with the stemcell. What a failed copy left there gives way to the next one.
 *
 * @throws CloudStackError as CloudStack says if it cannot be copied, for example because it is not
 *   the account's own; `internal` if the copy fails.
 */
export async function bringToZone(
  client: CloudStackClient,
  { template, place }: FoundTemplate,
  options: BringOptions,
): Promise<void> {
  if (place === 'here') return;
  if (place === 'on its way' && (await hasArrived(client, template, options))) return;
  await copy(client, template, options);
  const copied = await findThere(client, template.id, options.zoneId);
  if (copied?.isready !== true) throw notCopied(template, options.zoneId, copied);
}

/** CIDs of older CPIs are names. */
async function findReadyElsewhere(
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

/** Waits for a copy that another call has ordered; answers false if nothing comes of it. */
async function hasArrived(
  client: CloudStackClient,
  { id }: Template,
  { zoneId, deadlineMs }: BringOptions,
): Promise<boolean> {
  client.log(`stemcell ${id} is being copied to the zone of the VM; waiting for it`);
  try {
    await awaitTemplate(client, {
      templateId: id,
      zoneId,
      readyWithinMs: deadlineMs,
      what: 'the copy of template',
      templateFilter: 'executable',
      stateOf: copyState,
    });
    return true;
  } catch (failure) {
    if (!isCloudStackError(failure, 'internal', 'not-found')) throw failure;
    client.log(`that copy has failed, and is made anew: ${failure.text}`);
    return false;
  }
}

/**
 * Of what a failed copy left `status` tells nothing but the state of the template, such as `Active`
 * (TemplateJoinDaoImpl.getTemplateStatus).
 */
function copyState({ isready, status }: Template): string {
  if (isready === true) return 'ready';
  const isProgress = /^(\d+% Downloaded|Installing Template)$/.test(status ?? '');
  return isProgress ? 'in progress' : status || 'without a status';
}

async function copy(
  client: CloudStackClient,
  { id, name, zoneid: sourceZoneId, zonename: sourceZone }: Template,
  { zoneId, deadlineMs }: BringOptions,
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
    // Another VM's creation may have copied it meanwhile, which CloudStack takes badly.
    if ((await findThere(client, id, zoneId))?.isready === true) return;
    if (!isCloudStackError(failure)) throw failure;
    const { kind, command, errorCode, jobId } = failure;
    const text = `template "${name}" (${id}) is only in zone ${String(sourceZone)}: ${failure.text}`;
    throw new CloudStackError({ kind, command, errorCode, jobId, text, advice, cause: failure });
  }
}

const advice =
  'have its owner copy it to the zone of the VM (copyTemplate), or use a stemcell that is there';

function findThere(
  client: CloudStackClient,
  templateId: string,
  zoneId: string,
): Promise<Template | undefined> {
  const within = { templatefilter: 'executable', zoneid: zoneId };
  return findById(client, 'listTemplates', templateId, within);
}

/** The job of a copy ends well even if no copy came about (TemplateManagerImpl.copy). */
function notCopied(
  { id, name, zonename: sourceZone }: Template,
  zoneId: string,
  copied: Template | undefined,
): CloudStackError {
  const status = copied === undefined ? 'it is not there' : copied.status || 'without a status';
  return new CloudStackError({
    kind: 'internal',
    command: 'copyTemplate',
    text:
      `template "${name}" (${id}) was to be copied from zone ${String(sourceZone)} to zone ` +
      `${zoneId}, and is not ready there (${status})`,
    advice:
      'see that the secondary storage VMs of both zones run and reach each other, and that there ' +
      'is room on secondary storage, then try again: what the failed copy left gives way',
  });
}
