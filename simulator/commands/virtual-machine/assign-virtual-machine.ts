import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { ownerParameters } from '../../declare/ownership.js';
import { entity, entityList, textList } from '../../declare/parameter.js';
import { CloudException, serverApiError } from '../../world/cloud-exception.js';
import { assignVm } from '../../world/compute/vm-assignment.js';
import { planAssignment } from './assignment-plan.js';
import { virtualMachineResponse } from './virtual-machine-response.js';

/**
 * Gives a stopped VM with its volumes to another account. Why it cannot be done only the management
 * server's log tells (AssignVMCmd.execute, UserVmManagerImpl.moveVmToUser).
 */
export const assignVirtualMachine = syncCommand({
  name: 'assignVirtualMachine',
  summary: 'Gives a stopped virtual machine to another account.',
  since: '3.0.0',
  roles: everyAdmin,
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true }),
    ...ownerParameters,
    networkids: entityList('network'),
    securitygroupids: textList(),
  },
  response: objectOf(virtualMachineResponse),
  run: (context, args) => {
    const { virtualmachineid: vm } = args;
    try {
      const { owner, nics } = planAssignment(context, args);
      assignVm(context.world, vm, owner, nics);
      return vm;
    } catch (error) {
      if (!(error instanceof CloudException)) throw error;
      const isInvalid = error.exception === 'InvalidParameterValueException';
      throw serverApiError(isInvalid ? 431 : 530, `Failed to move VM [${vm.internalId}].`);
    }
  },
});
