import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';

/** Throws for a VM that is gone: its id still passes as a parameter. */
export function assertVmThere(vm: VmRow, text: string): void {
  if (vm.removedMs !== null) throw invalidParameter(text);
}

/** ISOs come and go only while a VM is in a state that stays. */
export function assertVmTakesIsos({ state }: VmRow): void {
  if (state === 'Running' || state === 'Stopped') return;
  throw invalidParameter('Please specify a VM that is either Stopped or Running.');
}
