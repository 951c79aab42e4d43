import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { removeUnlessChosen } from './choose-template.js';

/** CloudStack asks every ten seconds how a download is (DownloadListener.STATUS_POLL_INTERVAL). */
const looksMax = 20;

/**
 * Removes a template that CloudStack may still be making: what is being downloaded, or copied from
 * a volume, is not deleted, but has to fail, or to end, first.
 *
 * @throws CloudStackError
 */
export async function removeWhenIdle(client: CloudStackClient, id: string): Promise<void> {
  let pauseMs = client.poll.template.firstMs;
  for (let look = 1; ; look += 1) {
    try {
      await removeUnlessChosen(client, id);
      return;
    } catch (failure) {
      if (!isBeingMade(failure) || look >= looksMax) throw failure;
    }
    await client.clock.sleep(pauseMs, client.signal);
    pauseMs = Math.min(pauseMs * client.poll.template.factor, client.poll.template.capMs);
    const [template] = await client.list('listTemplates', { templatefilter: 'self', id });
    client.log(`template ${id} cannot be deleted yet: ${template?.status ?? 'without a status'}`);
  }
}

/** What CloudStack says of a template that is still coming, or has just been ordered. */
function isBeingMade(failure: unknown): boolean {
  return (
    isCloudStackError(failure, 'in-use', 'internal') &&
    /being downloaded|Failed to update state/.test(failure.text)
  );
}
