import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NicRow, VmRow } from '../../world/entities.js';
import { nicText } from '../../world/network/nics.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import type { ListedVm } from '../virtual-machine/listed-vm-response.js';

/** A VM as commands about its NICs answer with it: of its groups of fields it has that of the NICs only. */
export function withNics(vm: VmRow): ListedVm {
  return { vm, details: new Set(['nics'] as const), withUserData: false };
}

/** Throws for a VM that is expunged; ids of such VMs and of removed NICs still pass as parameters. */
export function assertVmExists(vm: VmRow, text: string): void {
  if (vm.removedMs === null) return;
  throw invalidParameter(`${text} ${vm.internalId}`);
}

/** Throws unless the caller may change this NIC of its VM (UserVmManagerImpl). */
export function assertNicOfVm(
  context: CommandContext,
  nic: NicRow,
  vm: VmRow,
  texts: { readonly unknown: string; readonly foreign: string },
): void {
  if (nic.removedMs !== null) throw invalidParameter(`${texts.unknown} ${nic.internalId}`);
  assertMayOperate(context, 'virtualmachine', vm);
  if (nic.vmId === vm.id) return;
  throw invalidParameter(`${nicText(context.world, nic)} ${texts.foreign} ${vmText(vm)}`);
}
