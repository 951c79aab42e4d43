import { isCloudStackError, isPassing, type CloudStackError } from '../../cloudstack/errors.js';
import type { Parameters } from '../../cloudstack/parameters.js';
import type { Volume } from '../../cloudstack/types.js';
import { waitFor } from '../../flow/waiter.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';
import { requireVolume } from '../shared/live-resources.js';
import { onceSnapshotsAreTaken } from '../shared/once-snapshots-are-taken.js';
import { isAtRest } from './settled-volume.js';

/** A change to a volume, and how to see that it was made. */
export interface VolumeChange {
  readonly command: 'resizeVolume' | 'changeOfferingForVolume';
  readonly parameters: Parameters;
  /** For people, in messages: `resize of volume …`. */
  readonly what: string;
  readonly isMade: (volume: Volume) => boolean;
}

/**
 * Has CloudStack change a volume, and answers what it is like then, which may be less than was
 * asked for. When the end of the job is not known, the volume itself tells.
 *
 * @throws BoshError of type NotSupported where CloudStack cannot change this volume, so that the
 *   Director attaches it again and copies; CloudError where a new disk could not be as it is wanted
 *   either; DiskNotFound if it goes meanwhile; CloudStackError for everything that may pass.
 */
export async function changeVolume(
  call: Call,
  volume: Volume,
  { command, parameters, what, isMade }: VolumeChange,
): Promise<Volume> {
  const deadlineMs = volumeDeadlineMs(call);
  try {
    return await onceSnapshotsAreTaken(call, () =>
      call.client.run(command, { id: volume.id, ...parameters }, { what, deadlineMs }),
    );
  } catch (failure) {
    if (isBeyondLimit(failure)) throw tooLarge(volume, failure);
    if (isImpossible(failure)) throw notSupported(volume, failure);
    const isUncertain = isCloudStackError(failure, 'outcome-unknown', 'job-lost');
    const settled = isUncertain ? await settle(call, volume.id, isMade) : undefined;
    if (settled !== undefined && isMade(settled)) return settled;
    throw failure;
  }
}

/**
 * What no other try will change: a new disk, perhaps on another pool, will do instead. CloudStack
 * may have to move the volume for the change, and tells that it can't as an internal error.
 */
function isImpossible(failure: unknown): failure is CloudStackError {
  if (isCloudStackError(failure, 'invalid', 'capacity', 'forbidden-api')) return true;
  return isCloudStackError(failure) && /migration failed to storage pool/.test(failure.text);
}

/**
 * A new disk has the same limits: to copy would be in vain (VolumeOrchestrator and
 * VolumeApiServiceImpl.validateVolumeSizeInBytes).
 */
function isBeyondLimit(failure: unknown): failure is CloudStackError {
  const limits = /is out of allowed range|maximum size allowed is/;
  return isCloudStackError(failure) && limits.test(failure.text);
}

function tooLarge({ id, name }: Volume, { command, text }: CloudStackError): BoshError {
  return new BoshError(
    'CloudError',
    `Disk ${name} (${id}) cannot be that large, nor can a new one: CloudStack ${command} says "${text}". ` +
      'Ask for a size within its limits (custom.diskoffering.size.max, storage.max.volume.size), or ' +
      'have them raised',
  );
}

function notSupported({ id, name }: Volume, failure: CloudStackError): BoshError {
  return new BoshError(
    'NotSupported',
    `CloudStack cannot change disk ${name} (${id}) in place, so that its content has to be copied ` +
      `to a new one: ${failure.message}`,
    { cause: failure },
  );
}

/**
 * The job may not have begun yet, so a volume that rests as it was is given some looks: with the
 * usual pauses of `poll.late` four seconds.
 */
const restingLooksMax = 8;

function settle(
  call: Call,
  volumeId: string,
  isMade: (volume: Volume) => boolean,
): Promise<Volume> {
  let restingLooks = 0;
  const stateOf = (volume: Volume): string => {
    if (isMade(volume) && isAtRest(volume)) return 'changed';
    if (isAtRest(volume)) restingLooks += 1;
    return restingLooks >= restingLooksMax ? 'as it was' : 'changing';
  };
  return waitFor<Volume>(
    {
      what: 'change of the volume',
      id: volumeId,
      look: () => requireVolume(call, volumeId),
      stateOf,
      targets: ['changed', 'as it was'],
      pending: ['changing'],
      deadlineMs: volumeDeadlineMs(call),
      poll: call.client.poll.late,
      isPassing,
    },
    call,
  );
}
