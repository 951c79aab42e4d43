import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { validForMs } from '../../cloudstack/signing.js';

/** Less than it takes a create_vm to put its VM to use and to look whether it is there still. */
const soonMs = 10_000;

/** Something that CloudStack deletes whoever uses it. */
interface Deletion {
  readonly isUsed: () => Promise<boolean>;
  /** Deletes it by a request that CloudStack takes until then only. */
  readonly remove: (validUntilMs: number) => Promise<unknown>;
}

/**
 * Deletes something unless it is used. CloudStack knows no such condition, so a deletion that comes
 * long after the look is void: one that was held up on its way, or is sent again after failures,
 * must not take what somebody has put to use meanwhile.
 *
 * @throws what `isUsed` and `remove` throw.
 */
export async function deleteUnlessUsed(
  { clock }: CloudStackClient,
  { isUsed, remove }: Deletion,
): Promise<void> {
  const deleteWithin = async (withinMs: number): Promise<void> => {
    const validUntilMs = clock.nowMs() + withinMs;
    if (!(await isUsed())) await remove(validUntilMs);
  };
  try {
    await deleteWithin(soonMs);
  } catch (failure) {
    if (!isCloudStackError(failure, 'auth')) throw failure;
    // It came too late, or the clock of this machine is behind that of CloudStack.
    await deleteWithin(validForMs);
  }
}
