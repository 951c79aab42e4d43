import type { CloudStackClient } from '../cloudstack/client.js';
import { createUndoably } from '../cloudstack/create-undoably.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';
import { findOwnTemplate } from '../cloudstack/find-resources.js';
import { tagNew } from '../cloudstack/tags.js';
import type { Saga } from '../flow/saga.js';
import { awaitTemplate } from './await-template.js';
import { removeUnlessChosen } from './choose-template.js';
import { asPublicAsAllowed } from './template-parameters.js';
import type { UploadRequest } from './upload.js';

/** An image that CloudStack is to download. */
export interface PublishedImage {
  readonly url: string;
  /** In hexadecimal digits; CloudStack refuses what has another. */
  readonly sha256: string;
  /** Takes it away: who is downloading it fails at once. To be called again does nothing. */
  readonly withdraw: () => Promise<void>;
}

/**
 * Registers a template by the URL of its image and waits until the zone's secondary storage VM has
 * its copy. Returns the template's id. What it creates is registered with the saga.
 *
 * @throws CloudStackError, Aborted.
 */
export async function registerTemplate(
  { client, saga }: { readonly client: CloudStackClient; readonly saga: Saga },
  request: UploadRequest,
  image: PublishedImage,
): Promise<string> {
  const { templateName, zoneId, readyWithinMs } = request;
  const { id } = await createUndoably(client, saga, {
    name: `create template ${templateName}`,
    create: () =>
      asPublicAsAllowed(client, request, (parameters) =>
        client.call('registerTemplate', {
          ...parameters,
          url: image.url,
          checksum: `{SHA-256}${image.sha256}`,
        }),
      ),
    find: (undoClient) => findOwnTemplate(undoClient, templateName),
    remove: (undoClient, { id }) => removeDownloading(undoClient, id, image),
  });
  client.log(`template ${id} (${templateName}) is downloaded by CloudStack from ${image.url}`);
  await tagNew(client, { type: 'Template', id }, request.tags);
  await awaitDownload(client, { templateId: id, zoneId, readyWithinMs }, image);
  client.log(`template ${id} is ready`);
  return id;
}

async function awaitDownload(
  client: CloudStackClient,
  wait: { readonly templateId: string; readonly zoneId: string; readonly readyWithinMs: number },
  { url }: PublishedImage,
): Promise<void> {
  try {
    await awaitTemplate(client, wait);
  } catch (failure) {
    if (!isCloudStackError(failure, 'internal')) throw failure;
    const { command, errorCode, text } = failure;
    throw new CloudStackError({
      kind: 'internal',
      command,
      errorCode,
      text,
      advice: `the secondary storage VM must reach ${new URL(url).origin}, and get the whole image`,
      cause: failure,
    });
  }
}

/** CloudStack asks every ten seconds how a download is (DownloadListener.STATUS_POLL_INTERVAL). */
const looksMax = 20;

/** What is being downloaded is not deleted: the download has to fail, or to end, first. */
async function removeDownloading(
  client: CloudStackClient,
  id: string,
  image: PublishedImage,
): Promise<void> {
  await image.withdraw();
  let pauseMs = client.poll.template.firstMs;
  for (let look = 1; ; look += 1) {
    try {
      await removeUnlessChosen(client, id);
      return;
    } catch (failure) {
      if (!isDownloading(failure) || look >= looksMax) throw failure;
    }
    await client.clock.sleep(pauseMs, client.signal);
    pauseMs = Math.min(pauseMs * client.poll.template.factor, client.poll.template.capMs);
    const [template] = await client.list('listTemplates', { templatefilter: 'self', id });
    client.log(`template ${id} cannot be deleted yet: ${template?.status ?? 'without a status'}`);
  }
}

/** What CloudStack says of a download that goes on, or has just been ordered. */
function isDownloading(failure: unknown): boolean {
  return (
    isCloudStackError(failure, 'in-use', 'internal') &&
    /being downloaded|Failed to update state/.test(failure.text)
  );
}
