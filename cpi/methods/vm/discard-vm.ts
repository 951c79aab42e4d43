import type { VirtualMachine } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { removeEntry } from './registry-entry.js';
import { removeVm } from './remove-vm.js';

/**
 * Removes a VM that no Director knows of. Its settings go first: when it is gone, nobody could name
 * them any more.
 */
export async function discardVm(call: Call, vm: VirtualMachine): Promise<void> {
  await removeEntry(call, vm);
  await removeVm(call, vm);
}
