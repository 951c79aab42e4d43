import { isCloudStackError, isRefusedAtOnce } from '../../cloudstack/errors.js';
import { findVm } from '../../cloudstack/find-resources.js';
import type { Volume } from '../../cloudstack/types.js';
import { tryUntil } from '../../flow/again.js';
import { startDeadline } from '../../flow/deadline.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { snapshotDeadlineMs, type Call } from '../call/call.js';
import { holderOf } from '../shared/live-resources.js';
import { offeringOf } from './grow-volume.js';

/**
 * Takes a snapshot. CloudStack hides from ordinary users that it refuses one because the VM runs;
 * its capabilities tell.
 *
 * @throws BoshError that names the setting, where that is the reason; else what `take` throws.
 */
export async function explainRefusal<T>(
  call: Call,
  volume: Volume,
  take: () => Promise<T>,
): Promise<T> {
  try {
    return await take();
  } catch (failure) {
    if (!mayBeHidden(failure) || !(await isRefusedWhileRunning(call, volume))) throw failure;
    throw new BoshError(
      'CloudError',
      `Disk ${volume.name} (${volume.id}) cannot have a snapshot while ${holderOf(volume)} runs: the ` +
        'setting kvm.snapshot.enabled of this CloudStack is off. Have it turned on, or turn ' +
        'snapshots off in the Director (director.enable_snapshots: false)',
      { cause: failure },
    );
  }
}

function mayBeHidden(failure: unknown): boolean {
  const cause = failure instanceof BoshError ? failure.cause : failure;
  const isMasked = isRefusedAtOnce(cause, ['internal', 'internal-masked']);
  return isMasked && cause.command === 'createSnapshot';
}

/** For local storage the setting does not count (SnapshotManagerImpl.supportedByHypervisor). */
async function isRefusedWhileRunning(call: Call, volume: Volume): Promise<boolean> {
  const { virtualmachineid: vmId } = volume;
  const vm = vmId === undefined ? undefined : await findVm(call.client, vmId);
  if (vm?.hypervisor !== 'KVM' || vm.state === 'Stopped') return false;
  const { kvmsnapshotenabled: isAllowed } = await call.client.call('listCapabilities');
  if (isAllowed !== false) return false;
  return (await offeringOf(call, volume))?.storagetype !== 'local';
}

/** Between two tries to take a snapshot while another one of the same VM is on its way. */
const pauseMs = 5_000;

/** CloudStack takes one snapshot of a VM at a time, and refuses others instead of queueing them. */
export function whenNoOtherRuns<T>(call: Call, take: () => Promise<T>): Promise<T> {
  const deadline = startDeadline(call.clock, snapshotDeadlineMs(call));
  return tryUntil(call, { deadline, pauseMs }, take, (failure) => {
    if (!isCloudStackError(failure, 'in-use')) return false;
    call.log('another snapshot of the same VM is on its way; waiting for its end');
    return true;
  });
}
