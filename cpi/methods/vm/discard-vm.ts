import type { VirtualMachine } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { removeEntry } from './registry-entry.js';
import { assertNotProtected, removeVm } from './remove-vm.js';

/**
 * Removes a VM that no Director knows of. Its settings go first, as soon as it is sure that it may
 * go: if this call is killed in between, or the registry is away, the VM is there to be found
 * again. The other way round nobody could name the settings any more, as most registries tell
 * nobody what they hold.
 */
export async function discardVm(call: Call, vm: VirtualMachine): Promise<void> {
  assertNotProtected(vm);
  await removeEntry(call, vm);
  await removeVm(call, vm);
}
