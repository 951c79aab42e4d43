import type { CloudStackClient } from '../cloudstack/client.js';
import { findReadyTemplate } from '../cloudstack/find-catalog.js';
import { formatStemcellCid } from './cid.js';

/**
 * The CID of a light stemcell: an existing, ready template of the zone (`light_template`: name or
 * id) that is used as it is.
 *
 * @throws CloudStackError `not-found` that names the templates there are; `invalid` when the
 *   template is not ready.
 */
export async function lightStemcellCid(
  client: CloudStackClient,
  lightTemplate: string,
  zoneId: string,
): Promise<string> {
  const { id } = await findReadyTemplate(client, lightTemplate, zoneId);
  return formatStemcellCid({ templateId: id, kind: 'light' });
}
