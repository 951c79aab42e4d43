import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PublicIpRow, VmRow } from '../../world/entities.js';
import { publicIpText } from '../../world/network/public-ips.js';
import type { World } from '../../world/world.js';

/** Throws unless an account has the address (RulesManagerImpl.checkIpAndUserVm). */
export function assertAllocated(world: World, publicIp: PublicIpRow): void {
  if (publicIp.accountId !== null) return;
  throw invalidParameter(
    `Unable to create ip forwarding rule on address ${publicIpText(world, publicIp)}, ` +
      'invalid IP address specified.',
  );
}

/** Throws unless the caller may join the address to the VM (RulesManagerImpl.checkIpAndUserVm). */
export function assertMayJoin(context: CommandContext, publicIp: PublicIpRow, vm: VmRow): void {
  const { world } = context;
  assertAllocated(world, publicIp);
  if (vm.state === 'Destroyed' || vm.state === 'Expunging') {
    throw invalidParameter(`Invalid user vm: ${vm.internalId}`);
  }
  assertMayOperate(context, 'publicipaddress', publicIp);
  assertMayOperate(context, 'virtualmachine', vm);
  if (publicIp.accountId === vm.accountId) return;
  throw invalidParameter(
    `Unable to create ip forwarding rule, IP address ${publicIpText(world, publicIp)} owner is ` +
      `not the same as owner of virtual machine ${vm.internalId}`,
  );
}
