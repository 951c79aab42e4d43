import { isCloudStackError } from '../../cloudstack/errors.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { requireVm, requireVolume } from './live-resources.js';

/**
 * Works on a VM, a disk or both. Where CloudStack refuses something because somebody has removed
 * them in the meantime, the error says that, as if they had never been there: what CloudStack
 * itself says of it depends on the command.
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
    if (isRefusal(failure)) {
      if (diskCid !== undefined) await requireVolume(call, diskCid);
      if (vmCid !== undefined) await requireVm(call, vmCid);
    }
    throw failure;
  }
}

function isRefusal(failure: unknown): boolean {
  const cause = failure instanceof BoshError ? failure.cause : failure;
  return isCloudStackError(
    cause,
    'not-found',
    'invalid',
    'permission',
    'internal',
    'internal-masked',
  );
}
