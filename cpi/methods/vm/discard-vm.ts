import type { VirtualMachine } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { removeEntry, removeLateEntry } from './registry-entry.js';
import { assertNotProtected, removeVm, type RemovedVm } from './remove-vm.js';

/**
 * Removes a VM that no Director knows of. Its settings go first, as soon as it is sure that it may
 * go: if this call is killed in between, or the registry is away, the VM is there to be found
 * again. The other way round nobody could name the settings any more, as most registries tell
 * nobody what they hold. The call that makes the VM may still be at work and write them after
 * that; but when the VM is gone it fails, and takes back what it writes.
 */
export async function discardVm(call: Call, vm: VirtualMachine): Promise<RemovedVm> {
  assertNotProtected(vm);
  await removeEntry(call, vm);
  const removed = await removeVm(call, vm);
  await removeLateEntry(call, vm);
  return removed;
}
