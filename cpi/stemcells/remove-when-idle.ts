import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { tryAgain } from '../flow/again.js';
import { removeUnlessChosen } from './choose-template.js';

/**
 * With the usual pauses of `poll.template` about ninety seconds: CloudStack looks every ten at how
 * a download is (DownloadListener.STATUS_POLL_INTERVAL), and every minute at uploads.
 */
const looksMax = 30;

/**
 * Removes a template that CloudStack may still be making: what is being downloaded, taken over from
 * an upload, or copied from a volume, is not deleted, but has to fail, or to end, first.
 *
 * @throws CloudStackError
 */
export function removeWhenIdle(client: CloudStackClient, id: string): Promise<void> {
  const { firstMs, factor, capMs } = client.poll.template;
  return tryAgain(
    looksMax,
    () => removeUnlessChosen(client, id),
    async (failure, attempt) => {
      if (!isBeingMade(failure)) return false;
      await client.clock.sleep(Math.min(firstMs * factor ** (attempt - 1), capMs), client.signal);
      const [template] = await client.list('listTemplates', { templatefilter: 'self', id });
      client.log(`template ${id} cannot be deleted yet: ${template?.status ?? 'without a status'}`);
      return true;
    },
  );
}

/** What CloudStack says of a template that is still coming, or has just been ordered. */
function isBeingMade(failure: unknown): boolean {
  return (
    isCloudStackError(failure, 'in-use', 'internal') &&
    /being downloaded|getting uploaded|Failed to update state/.test(failure.text)
  );
}
