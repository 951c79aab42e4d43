import { isCloudStackError } from '../../cloudstack/errors.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { nameAndPlace } from '../disk/local-disk.js';

/** With several clusters the planner may first look where a local disk is not, then starts fail. */
const startsMax = 3;

/**
 * Starts a new VM, to which local disks may be attached. CloudStack looks in one cluster after the
 * other, that which is used least first, and plans a new place for a disk that is in none of them
 * so far (DeploymentPlanningManagerImpl.canReusePool), where it then cannot bring it. A root admin,
 * who alone is told the cluster of a disk, may name it.
 *
 * @throws BoshError that says what helps, where a local disk is in the way; CloudStackError.
 */
export async function startVm(
  call: Call,
  { id, name }: VirtualMachine,
  localDisks: readonly Volume[],
): Promise<VirtualMachine> {
  // One that was never in use comes to be where the VM starts.
  const placed = localDisks.filter(({ state }) => state !== 'Allocated');
  const options = { what: `start of VM ${name} (${id})`, deadlineMs: vmDeadlineMs(call) };
  const clusterid = placed.find((disk) => disk.clusterid !== undefined)?.clusterid;
  const startOnce = (): Promise<VirtualMachine> =>
    call.client.run('startVirtualMachine', { id, clusterid }, options);
  try {
    return await tryAgain(startsMax, startOnce, (failure) => {
      if (!mayBeWrongCluster(failure, placed)) return false;
      call.log(
        'CloudStack may have looked in another cluster than that of a local disk; starting again',
      );
      return true;
    });
  } catch (failure) {
    throw withReason(failure, placed);
  }
}

/** From 4.20 on CloudStack does not tell why it could not start the VM. */
function mayBeWrongCluster(failure: unknown, localDisks: readonly Volume[]): boolean {
  if (!isCloudStackError(failure)) return false;
  if (failure.text.includes('cannot be recreated on storage pool')) return true;
  return localDisks.length > 0 && failure.text.includes('Unable to orchestrate the start of VM');
}

/** A VM with a disk of local storage has one host to go to. */
function withReason(failure: unknown, localDisks: readonly Volume[]): unknown {
  if (localDisks.length === 0 || !isCloudStackError(failure)) return failure;
  const isFull = failure.kind === 'capacity';
  if (!isFull && !mayBeWrongCluster(failure, localDisks)) return failure;
  const disks = localDisks.map(nameAndPlace).join(', ');
  const whose = localDisks.length === 1 ? `its disk ${disks} is` : `its disks ${disks} are`;
  const apart =
    localDisks.length === 1
      ? ''
      : ' (no VM can have disks of two hosts: if these are, one of them has to be moved)';
  const why = isFull
    ? ', where it finds no room: free some there, take a smaller compute_offering, or have a root ' +
      'administrator move the detached disk (migrateVolume)'
    : '. CloudStack does not say why it cannot start it; where a zone has several clusters, it may ' +
      'look for a host in another one only, that which is used least. Then it helps to bind the VM ' +
      "to the disk's cluster by a compute_offering with host tags of that cluster, to bind the disk " +
      "to it by storage tags of its disk offering that only that cluster's local storage has, or to " +
      'have a root administrator move the detached disk (migrateVolume); a CPI with keys of a root ' +
      'administrator names the cluster itself';
  return new BoshError(
    'VMCreationFailed',
    `create_vm: the VM has to start on the host on whose local storage ${whose}${apart}${why}. ` +
      failure.message,
    { okToRetry: true, cause: failure },
  );
}
