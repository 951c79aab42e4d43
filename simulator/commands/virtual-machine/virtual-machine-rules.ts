import { accountSetting } from '../../world/settings/configurations.js';
import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import type { JobSubject } from '../../declare/command.js';
import { accountText } from '../../world/identity/accounts.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';

/** What a job about a VM tells of it. */
export function vmSubject(vm: VmRow): JobSubject {
  return { type: 'VirtualMachine', id: vm.id };
}

/** Throws for a VM that is expunged; ids of such VMs still pass as parameters. */
export function assertNotExpunged(vm: VmRow): void {
  if (vm.removedMs === null) return;
  throw invalidParameter(`unable to find a virtual machine with id ${vm.internalId}`);
}

/** Throws for a VM that was expunged while a stop waited (VirtualMachineManagerImpl.orchestrateStop). */
export function assertFoundToStop({ internalId, removedMs }: VmRow): void {
  if (removedMs !== null) throw cloudRuntime(`Unable to find VM [${internalId}].`);
}

/** How an ordinary user comes to expunge VMs. */
export const EXPUNGE_HINT =
  'Ordinary users may expunge VMs with the setting allow.user.expunge.recover.vm=true; without, the ' +
  'expunge thread does it (expunge.delay, expunge.interval).';

/** Admins may expunge, others where `allow.user.expunge.recover.vm` lets them. */
export function mayExpunge({ world, caller }: CommandContext): boolean {
  return isAdmin(caller) || accountSetting(world, caller.account, 'allow.user.expunge.recover.vm');
}

/** Throws unless the caller may choose this host and it takes VMs (UserVmManagerImpl.getDestinationHost). */
export function assertMayChooseHost({ caller }: CommandContext, host: HostRow | undefined): void {
  if (host === undefined) return;
  if (!isRootAdmin(caller)) {
    throw permissionDenied(
      'Parameter hostid can only be specified by a Root Admin, permission denied',
    );
  }
  if (host.up && host.state === 'Enabled') return;
  throw invalidParameter(
    `Unable to deploy the VM as the host: ${host.name} is not in the right state`,
  );
}

/** Throws for the VM of an account that is disabled: nobody starts it. */
export function assertOwnerEnabled(world: World, vm: VmRow): void {
  const owner = world.accounts.require(vm.accountId);
  if (owner.state !== 'disabled') return;
  throw permissionDenied(`The owner of ${vmText(vm)} is disabled: ${accountText(owner)}`);
}
