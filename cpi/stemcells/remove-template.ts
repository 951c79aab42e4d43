import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';

/**
 * Deletes a template in all zones; one that is gone already is a success. `forced`, because
 * destroyed VMs that are not expunged yet still count as its users, and ordinary users can neither
 * see nor expunge them (TemplateManagerImpl.deleteTemplate). Running VMs are not harmed.
 *
 * @throws CloudStackError; kind `in-use` while it waits for an upload that will not come.
 */
export function removeTemplate(client: CloudStackClient, templateId: string): Promise<void> {
  return remove(client, templateId, true);
}

/**
 * The same for a template that is only thought to be nobody's: one that a VM uses stays.
 *
 * @throws CloudStackError; kind `in-use` also if there is such a VM.
 */
export function removeUnusedTemplate(client: CloudStackClient, templateId: string): Promise<void> {
  return remove(client, templateId, false);
}

async function remove(client: CloudStackClient, id: string, forced: boolean): Promise<void> {
  try {
    await client.run('deleteTemplate', { id, forced }, { what: `deletion of template ${id}` });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return;
    throw neverUploaded(id, failure);
  }
}

function neverUploaded(templateId: string, failure: unknown): unknown {
  if (!isCloudStackError(failure, 'in-use') || !/uploaded/.test(failure.text)) return failure;
  return new CloudStackError({
    kind: 'in-use',
    command: 'deleteTemplate',
    errorCode: failure.errorCode,
    jobId: failure.jobId,
    text: `template ${templateId} still waits for an upload: ${failure.text}`,
    advice:
      'CloudStack abandons it after upload.operation.timeout (60 minutes by default); delete it ' +
      'then',
    cause: failure,
  });
}
