import type { CloudStackClient } from '../cloudstack/client.js';
import { createUndoably } from '../cloudstack/create-undoably.js';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';
import { findOwnTemplate } from '../cloudstack/find-resources.js';
import { tagNew } from '../cloudstack/tags.js';
import type { Saga } from '../flow/saga.js';
import { awaitTemplate } from './await-template.js';
import { removeWhenIdle } from './remove-when-idle.js';
import { withHostAdvice } from './download-address.js';
import { asPublicAsAllowed, type TemplateRequest } from './template-parameters.js';

/** An image that CloudStack is to download. */
export interface PublishedImage {
  readonly url: string;
  /** In hexadecimal digits; CloudStack refuses what has another. Unknown of some. */
  readonly sha256: string | undefined;
  /** The properties that say where it is. */
  readonly settings: string;
  /**
   * Takes it away, if it is ours: who is downloading it fails at once. To be called again does
   * nothing. Where it cannot be taken away, a step of its own says so.
   */
  readonly withdraw: (signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Registers a template by the URL of its image and waits until the zone's secondary storage VM has
 * its copy. Returns the template's id. What it creates is registered with the saga.
 *
 * @throws CloudStackError, Aborted.
 */
export async function registerTemplate(
  { client, saga }: { readonly client: CloudStackClient; readonly saga: Saga },
  request: TemplateRequest,
  image: PublishedImage,
): Promise<string> {
  const { templateName, zoneId, readyWithinMs } = request;
  const { id } = await createUndoably(client, saga, {
    name: `create template ${templateName}`,
    create: () => register(client, request, image),
    find: (undoClient) => findOwnTemplate(undoClient, templateName),
    remove: (undoClient, { id }) => removeWithdrawn(undoClient, id, image),
  });
  client.log(`template ${id} (${templateName}) is downloaded by CloudStack from ${image.url}`);
  await tagNew(client, { type: 'Template', id }, request.tags);
  await awaitDownload(client, { templateId: id, zoneId, readyWithinMs }, image);
  client.log(`template ${id} is ready`);
  return id;
}

/** In this time a server that is there has taken an image away. */
const headStartMs = 3_000;

/**
 * Removes a template while its image is being taken away, so that the download fails at once. A
 * server that refuses that, or does not answer, must not keep the template.
 */
async function removeWithdrawn(
  client: CloudStackClient,
  id: string,
  { withdraw }: PublishedImage,
): Promise<void> {
  const isOver = new AbortController();
  const signal = AbortSignal.any([isOver.signal, ...(client.signal ? [client.signal] : [])]);
  const withdrawn = withdraw(signal).catch((failure: unknown) => {
    const reason = failure instanceof Error ? failure.message : String(failure);
    client.log(`the image of template ${id} could not be taken away: ${reason}`);
  });
  const isLate = client.clock.sleep(headStartMs, signal).catch(() => undefined);
  try {
    await Promise.race([withdrawn, isLate]);
    await removeWhenIdle(client, id);
  } finally {
    isOver.abort();
  }
}

async function register(
  client: CloudStackClient,
  request: TemplateRequest,
  { url, sha256, settings }: PublishedImage,
): Promise<{ id: string }> {
  const checksum = sha256 === undefined ? undefined : `{SHA-256}${sha256}`;
  try {
    return await asPublicAsAllowed(client, request, (parameters) =>
      client.call('registerTemplate', { ...parameters, url, checksum }),
    );
  } catch (failure) {
    throw withHostAdvice(failure, settings);
  }
}

async function awaitDownload(
  client: CloudStackClient,
  wait: { readonly templateId: string; readonly zoneId: string; readonly readyWithinMs: number },
  { url }: PublishedImage,
): Promise<void> {
  try {
    await awaitTemplate(client, { ...wait, what: 'the template' });
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
