import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { awaitTemplate } from './await-template.js';
import { chooseTemplate, listEqual, type Stemcell } from './choose-template.js';

/** The status of a template whose image is complete and only has to be put in its place. */
const hasArrived = /^(100% Downloaded|Installing Template|Download Complete|Processing)$/;

/**
 * The template of an earlier call that uploaded the same stemcell to the zone, and whose answer the
 * Director may not have got. One whose image is there and not ready yet is waited for.
 *
 * @throws CloudStackError, Aborted.
 */
export async function findEarlierUpload(
  client: CloudStackClient,
  upload: Stemcell & { readonly readyWithinMs: number },
): Promise<string | undefined> {
  const { zoneId, readyWithinMs } = upload;
  const equal = await listEqual(client, upload);
  const chosen = await chooseTemplate(client, upload, equal);
  if (chosen !== undefined) return chosen;
  for (const { id, status } of equal) {
    if (!hasArrived.test(status ?? '')) continue;
    client.log(`template ${id} is of an earlier upload of the same stemcell; waiting for it`);
    try {
      await awaitTemplate(client, { templateId: id, zoneId, readyWithinMs });
      return await chooseTemplate(client, upload);
    } catch (failure) {
      if (!isCloudStackError(failure)) throw failure;
      client.log(`template ${id} does not become ready: ${failure.message}`);
    }
  }
  return undefined;
}
