import { RegistryError } from '../../agent/registry-error.js';
import { isCloudStackError, isPassing } from '../../cloudstack/errors.js';
import { Aborted, MustStay } from '../../flow/errors.js';
import { Saga, type UndoFailure } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from './call.js';
import { mayPass, toBoshError } from './bosh-errors.js';

/** After an interruption the process is soon ended: by then the answer has to name what is left. */
const undoAfterInterruptionMs = 18_000;

/**
 * Runs work that creates things, and undoes it if it fails. The error that comes out says what
 * could not be undone, and keeps `VMCreationFailed` and ok_to_retry true from coming out. A request
 * without an answer whose work was looked for in vain does not: names of VMs are unique in their
 * network, so that the repeated call meets the VM that comes of it later, and removes it.
 */
export async function undoOnFailure<T>(
  call: Call,
  creates: 'a VM' | 'another resource',
  work: (saga: Saga) => Promise<T>,
): Promise<T> {
  const { clock, signal, configuration } = call;
  const saga = new Saga({
    clock,
    undoWithinMs: configuration.cloudstack.state_timeout * 1000,
    interruption: { signal, undoWithinMs: undoAfterInterruptionMs },
    mayPass: (failures) => isWorthRepeating(call, failures),
  });
  try {
    const result = await work(saga);
    saga.commit();
    return result;
  } catch (failure) {
    const left = await saga.undoAll();
    left.forEach(({ name, cause }) => {
      call.log(`could not undo "${name}": ${whyLeft(cause)}`);
    });
    const isUndone = left.length === 0 && saga.isAllTold;
    throw afterUndo(isUndone ? asUndone(failure) : failure, creates, left);
  }
}

/** The same for work that changes nothing: a failure that may pass is told as such. */
export async function beforeAnyChange<T>(
  creates: 'a VM' | 'another resource',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    throw afterUndo(failure, creates, []);
  }
}

/**
 * Whether one of the failures may pass: the others may have failed because of that one. For a
 * registry that does not answer nothing is repeated.
 */
function isWorthRepeating(call: Call, failures: readonly UndoFailure[]): boolean {
  const passing = failures.filter(
    ({ cause }) => !(cause instanceof RegistryError) && canPass(cause),
  );
  passing.forEach(({ name, cause }) => {
    call.log(`could not undo "${name}" yet, trying again: ${toBoshError(cause).message}`);
  });
  return passing.length > 0;
}

/** Keys with which something was made are right: CloudStack refuses them without its database. */
function canPass(cause: unknown): boolean {
  return mayPass(cause) || isPassing(cause) || isCloudStackError(cause, 'auth');
}

/** Whatever a lost request did went with the rest: nobody has to look after it. */
function asUndone(failure: unknown): unknown {
  if (!isCloudStackError(failure, 'outcome-unknown', 'job-lost')) return failure;
  return failure.advising('whatever it did is undone: the call may be repeated');
}

function afterUndo(
  failure: unknown,
  creates: 'a VM' | 'another resource',
  left: readonly UndoFailure[],
): BoshError {
  const error = toBoshError(failure);
  if (left.length > 0) {
    return new BoshError(
      error.type,
      `${error.message}. Not everything that had been done could be undone, look after: ` +
        tellLeft(left),
      { cause: failure },
    );
  }
  if (creates !== 'a VM' || !mayPass(failure)) return error;
  return new BoshError('VMCreationFailed', error.message, { okToRetry: true, cause: failure });
}

/** Why a step could not be undone. */
export function whyLeft(cause: unknown): string {
  if (cause instanceof Aborted) return 'undoing it was cut off, because the time for that was over';
  return cause instanceof MustStay ? cause.message : toBoshError(cause).message;
}

function tellLeft(left: readonly UndoFailure[]): string {
  const collected = left.filter(({ ifLeft }) => ifLeft === undefined).map(({ name }) => name);
  const others = left.filter(({ ifLeft }) => ifLeft !== undefined);
  const ofGc = `${collected.join(', ')} (\`cloudstack-cpi gc\` finds what stays of it, and deletes it)`;
  return [
    ...(collected.length > 0 ? [ofGc] : []),
    ...others.map(({ name, ifLeft }) => `${name} (${ifLeft})`),
  ].join(', ');
}
