import type { ImageRequest, RunningStemcellServer } from '../target/stemcell-server.js';
import type { Step } from './progress.js';

const lookEveryMs = 20;
/** The log comes through a pipe: it may lag behind the CPI. */
const looksMax = 100;

/**
 * A look at the log of the stemcell server after a publication: the CPI has put the image there,
 * CloudStack has fetched it, the CPI has removed it. Throws if one of these is missing.
 */
export function publishedImage(
  server: Pick<RunningStemcellServer, 'requests'>,
  pause: (ms: number) => Promise<unknown>,
): Step {
  return {
    title: 'stemcell server',
    run: async () => {
      for (let look = 0; look < looksMax && !has(server.requests(), 'DELETE'); look += 1) {
        await pause(lookEveryMs);
      }
      const requests = server.requests();
      const missing = ['PUT', 'GET', 'DELETE'].filter((method) => !has(requests, method));
      if (missing.length > 0) throw new Error(`its log has no ${missing.join(', no ')}`);
      const path = requests.find(({ method }) => method === 'PUT')?.path ?? '';
      return [
        `the CPI put the image there as ${path.slice(1)}`,
        'the secondary storage of CloudStack fetched it',
        'the CPI removed it again',
      ];
    },
  };
}

/** Whether a request of the method was answered with success. */
function has(requests: readonly ImageRequest[], wanted: string): boolean {
  return requests.some(({ method, status }) => method === wanted && status < 300);
}
