import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findVm, listVolumesOfVm } from '../../cloudstack/find-resources.js';
import { applyTags, marks, marksOf, tagsByKey } from '../../cloudstack/tags.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { deleteVolume } from '../shared/delete-volume.js';
import { isLiveVm } from '../shared/live-resources.js';
import { onceSnapshotsAreTaken } from '../shared/once-snapshots-are-taken.js';
import { leaveLoadBalancers } from './leave-load-balancers.js';
import { addressesOfNic, parkAddresses } from './park-address.js';
import { stopForwarding } from './port-forwarding.js';
import {
  disconnectPublicAddress,
  releaseAddressesOfGoneVm,
  releaseAllocatedAddress,
  type Releasing,
} from './release-public-address.js';
import { ephemeralDisks } from './vm-disks.js';

/** For whom a VM is removed, and how far that may go. */
export type Remover = Releasing & Pick<Call, 'context'>;

/** How a VM went. */
export interface RemovedVm {
  /** Addresses that CloudStack keeps until it expunges the VM. */
  heldAddresses: string[];
}

/**
 * Destroys a VM with its ephemeral disks and frees its addresses and its places behind load
 * balancers, with what this Director made for them; persistent disks are detached by CloudStack and
 * stay. What is done already is skipped, so that calling it again ends the same.
 *
 * What was made for the VM goes first: when it is gone, little leads there. Of other rules and
 * addresses CloudStack takes a VM by itself, but only when it expunges it
 * (UserVmManagerImpl.cleanupVmResources).
 *
 * `cid` is what the Director calls the VM: its name where an earlier CPI made it.
 */
export async function removeVm(
  remover: Remover,
  vm: VirtualMachine,
  cid: string = vm.id,
): Promise<RemovedVm> {
  const { client, context, configuration } = remover;
  const { directorUuid } = context;
  assertNotProtected(vm);
  const { [marks.balanced]: balanced, [marks.address]: address } = tagsByKey(vm.tags);
  const volumes = ephemeralDisks(await listVolumesOfVm(client, vm.id));
  assertDisksNotProtected(vm, volumes);
  await markDisks(remover, volumes, cid);
  const ephemeral = volumes.map((volume) => volume.id);
  if (balanced !== undefined) await leaveLoadBalancers(client, directorUuid, vm);
  await stopForwarding(client, vm);
  if (address !== undefined) await releaseAllocatedAddress(remover, vm, address);
  const isExpunged =
    configuration.cloudstack.expunge_vm &&
    (await onceSnapshotsAreTaken(remover, () => destroyWithDisks(client, vm, ephemeral)));
  const heldAddresses: string[] = [];
  if (!isExpunged) {
    if (balanced === undefined) await leaveLoadBalancers(client, directorUuid, vm);
    heldAddresses.push(...(await freeAddresses(client, vm)));
    await onceSnapshotsAreTaken(remover, () => destroy(client, vm, {}));
    await deleteUnlessTaken(client, ephemeral);
  }
  if (!isLiveVm(vm)) await removeLeftoversOfVm(client, cid);
  return { heldAddresses };
}

/**
 * CloudStack itself says so only when all that leads to the VM has gone.
 *
 * @throws BoshError of type CloudError.
 */
export function assertNotProtected({
  id,
  name,
  deleteprotection: isProtected,
}: VirtualMachine): void {
  if (isProtected !== true) return;
  throw new BoshError(
    'CloudError',
    `VM ${name} (${id}) is protected from deletion, and nothing of it has been taken away: have the ` +
      'protection taken off (updateVirtualMachine with deleteprotection=false), and call again',
  );
}

/**
 * CloudStack destroys the VM nevertheless, unless the disk is named in the same request, and keeps
 * the disk, which nobody looks for any more.
 *
 * @throws BoshError of type CloudError.
 */
function assertDisksNotProtected({ id, name }: VirtualMachine, disks: readonly Volume[]): void {
  const kept = disks.find(({ deleteprotection: isProtected }) => isProtected === true);
  if (kept === undefined) return;
  throw new BoshError(
    'CloudError',
    `VM ${name} (${id}) is not deleted, and nothing of it has been taken away: its ephemeral disk ` +
      `${kept.name} (${kept.id}) is protected from deletion. Have the protection taken off ` +
      '(updateVolume with deleteprotection=false), and call again',
  );
}

/**
 * Ephemeral disks of earlier CPIs have no marks: should this call be killed when the VM is gone,
 * nothing else would tell whose they were. A role that may not tag is no reason to keep the VM.
 */
async function markDisks(
  { client, context: { directorUuid } }: Remover,
  ephemeral: readonly Volume[],
  vmId: string,
): Promise<void> {
  for (const { id, tags } of ephemeral) {
    const known = tagsByKey(tags);
    if (known[marks.vm] !== undefined) continue;
    const wanted = marksOf({ directorUuid, vmId, purpose: 'ephemeral-disk' });
    try {
      await applyTags(client, { type: 'Volume', id }, wanted, known);
    } catch (failure) {
      if (!isCloudStackError(failure, 'forbidden-api', 'permission', 'not-found')) throw failure;
      client.log(`warning: ephemeral disk ${id} gets no marks: ${failure.message}`);
    }
  }
}

/** Removes by its marks what an earlier call that was interrupted left of a VM. */
export async function removeLeftoversOfVm(client: CloudStackClient, vmId: string): Promise<void> {
  const volumes = await client.list('listVolumes', { tags: [{ key: marks.vm, value: vmId }] });
  for (const volume of volumes) {
    if (wasEphemeralOf(volume, vmId)) await deleteVolume(client, volume.id);
  }
  await releaseAddressesOfGoneVm(client, vmId);
}

/** Looks at the volume itself: what is deleted does not hang on a filter alone. */
function wasEphemeralOf({ tags, virtualmachineid }: Volume, vmId: string): boolean {
  const { [marks.purpose]: purpose, [marks.vm]: madeFor } = tagsByKey(tags);
  return purpose === 'ephemeral-disk' && madeFor === vmId && virtualmachineid === undefined;
}

/** Expunges a VM with its disks; answers false if the account may not. */
async function destroyWithDisks(
  client: CloudStackClient,
  vm: VirtualMachine,
  volumeids: string[],
): Promise<boolean> {
  let end: End;
  try {
    end = await destroy(client, vm, { expunge: true, volumeids });
    if (end === 'destroyed') return true;
  } catch (failure) {
    // Somebody has detached or deleted one of them, or destroyed the VM.
    const mayBeDisk = isCloudStackError(failure, 'invalid', 'not-found');
    if (volumeids.length === 0 || !mayBeDisk) throw failure;
    end = await destroy(client, vm, { expunge: true });
  }
  if (end === 'forbidden') return false;
  await deleteUnlessTaken(client, volumeids);
  return true;
}

/** Deletes detached disks; one that somebody has attached elsewhere is theirs now. */
async function deleteUnlessTaken(
  client: CloudStackClient,
  volumeIds: readonly string[],
): Promise<void> {
  for (const id of volumeIds) {
    try {
      await deleteVolume(client, id);
    } catch (failure) {
      if (!isCloudStackError(failure, 'in-use')) throw failure;
      client.log(`warning: ephemeral disk ${id} stays, somebody uses it: ${failure.message}`);
    }
  }
}

/** How a destruction ended: CloudStack checks first whether the account may expunge. */
export type End = 'destroyed' | 'gone' | 'forbidden';

/**
 * Destroys a VM; with disks, and expunged, if asked to.
 *
 * @throws CloudStackError, or BoshError for one that CloudStack cannot stop.
 */
export async function destroy(
  client: CloudStackClient,
  { id, name }: Pick<VirtualMachine, 'id' | 'name'>,
  how: { expunge?: true; volumeids?: string[] },
): Promise<End> {
  try {
    const what = `destruction of VM ${name} (${id})`;
    await client.run('destroyVirtualMachine', { id, ...how }, { what });
    return 'destroyed';
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) {
      // It may be one of the disks that is not found.
      if ((await findVm(client, id)) === undefined) return 'gone';
      throw failure;
    }
    if (how.expunge && isCloudStackError(failure, 'permission')) {
      client.log(
        `the account may not expunge VM ${name} (setting allow.user.expunge.recover.vm, role ` +
          'permission expungeVirtualMachine): its addresses are moved away instead',
      );
      return 'forbidden';
    }
    throw await explainStuck(client, id, failure);
  }
}

/**
 * A VM that CloudStack cannot stop may still write to its disks, so it is not taken for stopped
 * (`forced`) before somebody knows better.
 */
async function explainStuck(
  client: CloudStackClient,
  vmId: string,
  failure: unknown,
): Promise<unknown> {
  if (!isCloudStackError(failure, 'internal') || failure.jobId === undefined) return failure;
  const vm = await findVm(client, vmId);
  if (vm === undefined || !['Running', 'Stopping'].includes(vm.state)) return failure;
  return new BoshError(
    'CloudError',
    `VM ${vm.name} (${vmId}) is not deleted, because CloudStack cannot stop it: ${failure.message}. ` +
      'If its host does not answer, see that the VM is off, have it marked as stopped ' +
      '(stopVirtualMachine with forced=true), and call again',
    { cause: failure },
  );
}

/** An interrupted call may have ordered a start that CloudStack only now gets to. */
const stopsMax = 3;

/**
 * Answers the addresses that stay held. Only NICs of a stopped VM can change their address; the
 * answer to the stop tells its public address as it is then.
 */
async function freeAddresses(client: CloudStackClient, vm: VirtualMachine): Promise<string[]> {
  const isOff = ['Error', 'Destroyed', 'Expunging'].includes(vm.state);
  let now: VirtualMachine | undefined = vm;
  for (let stops = 1; ; stops += 1) {
    const stopped = isOff ? undefined : await stop(client, vm);
    await disconnectPublicAddress(client, vm, stopped);
    if (isOff) return (vm.nic ?? []).flatMap(addressesOfNic);
    if (stopped === undefined) return [];
    const { held } = await parkAddresses(client, now);
    if (held.length === 0 || stops >= stopsMax) return held;
    now = await findVm(client, vm.id);
    if (now === undefined || now.state === 'Stopped') return held;
    client.log(`VM ${vm.name} (${vm.id}) is ${now.state} again; stopping it once more`);
  }
}

/** The stopped VM; undefined if it is gone: others may expunge it meanwhile. */
async function stop(
  client: CloudStackClient,
  { id }: VirtualMachine,
): Promise<VirtualMachine | undefined> {
  try {
    return await client.run('stopVirtualMachine', { id }, { what: `stop of VM ${id}` });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return undefined;
    throw await explainStuck(client, id, failure);
  }
}
