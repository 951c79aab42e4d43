import { isCloudStackError } from '../../cloudstack/errors.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { requireVm, requireVolume } from './live-resources.js';

/**
 * Works on a VM, a disk or both. Where it fails because somebody has removed them in the meantime,
 * the error says that, as if they had never been there: what CloudStack itself says of it depends
 * on the command, and who did not see how a job ended sees that they are gone.
 *
 * @throws BoshError of type DiskNotFound or VMNotFound; what `work` throws.
 */
export async function whileThere<T>(
  call: Call,
  { vmCid, diskCid }: { vmCid?: string; diskCid?: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (mayBeOfGone(failure)) {
      await unlessBlind(async () => {
        if (diskCid !== undefined) await requireVolume(call, diskCid);
        if (vmCid !== undefined) await requireVm(call, vmCid);
      });
    }
    throw failure;
  }
}

/** Who cannot look knows no better than what failed before. */
async function unlessBlind(look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
  }
}

function mayBeOfGone(failure: unknown): boolean {
  const cause = failure instanceof BoshError ? failure.cause : failure;
  return isCloudStackError(
    cause,
    'not-found',
    'invalid',
    'permission',
    'internal',
    'internal-masked',
    'outcome-unknown',
    'job-lost',
    'deadline',
  );
}
