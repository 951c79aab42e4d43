import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError } from '../cloudstack/errors.js';
import { findTemplate } from '../cloudstack/find-catalog.js';
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
  const template = await findTemplate(client, lightTemplate, zoneId);
  if (template.isready === true) {
    return formatStemcellCid({ templateId: template.id, kind: 'light' });
  }
  throw new CloudStackError({
    kind: 'invalid',
    command: 'listTemplates',
    text:
      `template "${template.name}" (${template.id}) is not ready in this zone ` +
      `(status: ${template.status ?? 'unknown'}); wait until it is, or name another light_template`,
  });
}
