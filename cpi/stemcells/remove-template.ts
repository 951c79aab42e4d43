import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';

/**
 * Deletes a template in all zones; one that is gone already is a success. `forced`, because
 * destroyed VMs that are not expunged yet still count as its users, and ordinary users can neither
 * see nor expunge them (TemplateManagerImpl.deleteTemplate). Running VMs are not harmed.
 *
 * @throws CloudStackError; kind `in-use` while it waits for an upload that will not come.
 */
export async function removeTemplate(client: CloudStackClient, templateId: string): Promise<void> {
  const what = `deletion of template ${templateId}`;
  try {
    await client.run('deleteTemplate', { id: templateId, forced: true }, { what });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return;
    throw neverUploaded(templateId, failure);
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
