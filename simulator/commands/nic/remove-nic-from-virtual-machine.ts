import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NicRow, VmRow } from '../../world/entities.js';
import { hasRulesOnNic } from '../../world/network/forwarding.js';
import { networkText } from '../../world/network/networks.js';
import { removeNic } from '../../world/network/nics.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { listedVmResponse } from '../virtual-machine/listed-vm-response.js';
import { assertNicOfVm, assertVmExists, withNics } from './nic-rules.js';

/**
 * The addresses of the NIC are free at once. CloudStack overlooks rules that lead to a secondary
 * address, and leaves them without an end; here they count like the others.
 */
export const removeNicFromVirtualMachine = asyncCommand({
  name: 'removeNicFromVirtualMachine',
  summary: 'Takes a NIC away from a virtual machine; its default NIC stays.',
  roles: everyRole,
  javaClass: {
    user: 'user.vm.RemoveNicFromVMCmd',
    rootAdmin: 'admin.vm.RemoveNicFromVMCmdByAdmin',
  },
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
    nicid: entity('nic', { required: true }),
  },
  response: objectOf(listedVmResponse),
  queue: (_, { virtualmachineid }) => vmQueue(virtualmachineid.id),
  steps: [
    (context, { virtualmachineid: vm, nicid: nic }) => {
      assertRemovable(context, vm, nic);
      if (vm.state === 'Running') return wait('duration.address');
      removeNic(context.world, nic);
      return done(withNics(vm));
    },
    (context, { virtualmachineid: vm, nicid: nic }) => {
      // The VM may have been expunged in the meantime.
      assertRemovable(context, vm, nic);
      removeNic(context.world, nic);
      return done(withNics(vm));
    },
  ],
});

function assertRemovable(context: CommandContext, vm: VmRow, nic: NicRow): void {
  const { world } = context;
  assertVmExists(vm, 'Unable to find a virtual machine with id');
  assertNoVmSnapshots(world, vm.id, 'NIC cannot be removed from VM with VM Snapshots');
  assertNicOfVm(context, nic, vm, {
    unknown: 'Unable to find a nic with id',
    foreign: 'is not a nic on',
  });
  const where = `${vmText(vm)} in ${networkText(world, world.networks.require(nic.networkId))}`;
  if (nic.isDefault) {
    throw invalidParameter(`Unable to remove nic from ${where}, nic is default.`);
  }
  if (hasRulesOnNic(world, nic)) {
    throw invalidParameter(
      `Unable to remove nic from ${where}, nic has associated Port forwarding or Load balancer ` +
        'or Static NAT rules.',
    );
  }
  if (vm.state === 'Running' || vm.state === 'Stopped') return;
  const zone = world.zones.require(vm.zoneId);
  throw cloudRuntime(
    `Unable to remove ${networkText(world, world.networks.require(nic.networkId))} from ` +
      `${vmText(vm)}: com.cloud.exception.ResourceUnavailableException: Resource ` +
      `[DataCenter:${zone.internalId}] is unreachable: Unable to remove vm ${vmText(vm)} from ` +
      'network, is not in the right state',
  );
}
