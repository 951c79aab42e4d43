import { lookAgain } from '../flow/again.js';
import { Aborted } from '../flow/errors.js';
import type { Saga } from '../flow/saga.js';
import type { CloudStackClient } from './client.js';
import { isCloudStackError } from './errors.js';

/** Something that CloudStack is to create, and how to take it back. */
export interface Creation<Created, Found> {
  /** For people, in messages: `deploy VM vm-…`; with the id as soon as it is known. */
  readonly name: string;
  readonly create: () => Promise<Created>;
  /** Finds what was created by what is known without CloudStack's answer, such as its name. */
  readonly find: (client: CloudStackClient) => Promise<Found | undefined>;
  readonly remove: (client: CloudStackClient, found: Found) => Promise<void>;
  /** Leaves word of what may still be created, when it was looked for in vain. */
  readonly noteLate?: (client: CloudStackClient) => Promise<void>;
  /** What becomes of it when it cannot be taken back, for people; when absent, `gc` finds it. */
  readonly ifLeft?: string;
  /** Whether after this failure there is certainly nothing to take back; when absent: never. */
  readonly hadNoEffect?: (failure: unknown) => boolean;
}

/**
 * Creates something in a step of `saga`. When the answer is lost or the work is interrupted,
 * CloudStack may still be about to create it, so the undo looks for it several times.
 *
 * @throws what `create` throws.
 */
export async function createUndoably<Created, Found>(
  client: CloudStackClient,
  saga: Saga,
  creation: Creation<Created, Found>,
): Promise<Created> {
  let mayComeLate = false;
  let isUncertain = false;
  const step = saga.step({
    get name() {
      return creation.name;
    },
    ...(creation.ifLeft !== undefined && { ifLeft: creation.ifLeft }),
    undo: async ({ signal }) => {
      const undoClient = client.withSignal(signal);
      const find = (): Promise<Found | undefined> => creation.find(undoClient);
      const found = mayComeLate ? await findLate(undoClient, find) : await find();
      if (found === undefined) {
        if (!isUncertain) return;
        saga.tellOfNothing();
        await creation.noteLate?.(undoClient);
        return;
      }
      // Should removing it fail, the next try need not find it again.
      isUncertain = false;
      await creation.remove(undoClient, found);
    },
  });
  try {
    return await creation.create();
  } catch (failure) {
    mayComeLate = failure instanceof Aborted || isCloudStackError(failure, 'outcome-unknown');
    isUncertain = mayComeLate || isCloudStackError(failure, 'job-lost');
    if (creation.hadNoEffect?.(failure) === true) step.forget();
    throw failure;
  }
}

/**
 * With the usual pauses of `poll.late` about six seconds: creations are entered within one or
 * two.
 */
const looksMax = 11;

function findLate<T>(
  client: CloudStackClient,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const patience = { looksMax, poll: client.poll.late };
  return lookAgain(client, patience, find, (found) => found !== undefined);
}
