import type { CloudStackClient } from '../cloudstack/client.js';
import { createUndoably } from '../cloudstack/create-undoably.js';
import { findOwnTemplate } from '../cloudstack/find-resources.js';
import { tagNew } from '../cloudstack/tags.js';
import type { Transport } from '../cloudstack/transport.js';
import type { Saga } from '../flow/saga.js';
import { awaitTemplate } from './await-template.js';
import { removeUnlessChosen } from './choose-template.js';
import type { StemcellImage } from './image.js';
import { removeWhenIdle } from './remove-when-idle.js';
import { sendImage } from './send-image.js';
import { asPublicAsAllowed, type TemplateRequest } from './template-parameters.js';

/** The template to be, and its image. */
export interface UploadRequest extends TemplateRequest {
  readonly image: StemcellImage;
}

export interface UploadContext {
  readonly client: CloudStackClient;
  /**
   * How to reach the secondary storage VM. Its certificate often fits no name, so this may check
   * less than the one for the API (`upload_verify_tls`).
   */
  readonly transport: Transport;
  /** Takes the template away again when a later step fails. */
  readonly saga: Saga;
  readonly newId: () => string;
}

/**
 * Uploads an image straight to the zone's secondary storage VM and waits until the template is
 * ready. Returns the template's id. What it creates is registered with the saga.
 *
 * No checksum goes along: the script on the secondary storage VM (createtmplt.sh) takes the
 * option for a flag, stops reading its arguments there and fails.
 *
 * @throws CloudStackError, ImageError, Aborted.
 */
export async function uploadTemplate(
  context: UploadContext,
  request: UploadRequest,
): Promise<string> {
  const { client, saga } = context;
  const { templateName } = request;
  let isTaken = false;
  const target = await createUndoably(client, saga, {
    name: `create template ${templateName}`,
    create: () =>
      asPublicAsAllowed(client, request, (parameters) =>
        client.call('getUploadParamsForTemplate', parameters),
      ),
    find: (undoClient) => findOwnTemplate(undoClient, templateName),
    // What CloudStack has, it looks at once a minute (upload.monitoring.interval); what never came,
    // it gives up only after an hour.
    remove: (undoClient, { id }) =>
      isTaken ? removeWhenIdle(undoClient, id) : removeUnlessChosen(undoClient, id),
  });
  client.log(`template ${target.id} (${templateName}) waits for its image`);
  await tagNew(client, { type: 'Template', id: target.id }, request.tags);
  const onTaken = (): void => {
    isTaken = true;
  };
  await sendImage({ ...context, onTaken }, request.image, target);
  await awaitTemplate(client, {
    templateId: target.id,
    zoneId: request.zoneId,
    readyWithinMs: request.readyWithinMs,
  });
  client.log(`template ${target.id} is ready`);
  return target.id;
}
