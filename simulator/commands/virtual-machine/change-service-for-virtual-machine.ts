import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity, freeForm } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { changeOfferingOfStopped, requestedDetails } from './offering-change.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { assertNotExpunged } from './virtual-machine-rules.js';

/** UpgradeVMCmd, UserVmManagerImpl.upgradeVirtualMachine. */
export const changeServiceForVirtualMachine = syncCommand({
  name: 'changeServiceForVirtualMachine',
  summary:
    'Gives a stopped virtual machine another service offering; scaleVirtualMachine does more.',
  roles: everyRole,
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    serviceofferingid: entity('serviceoffering', { required: true }),
    details: freeForm(),
  },
  response: objectOf(virtualMachineResponse),
  run: ({ world }, { id: vm, serviceofferingid: offering, ...args }) => {
    if (offering.removedMs !== null) {
      throw invalidParameter(`Unable to find service offering: ${offering.internalId}`);
    }
    assertNotExpunged(vm);
    if (vm.state !== 'Stopped') {
      throw invalidParameter(
        `Unable to upgrade virtual machine ${vmText(vm)}  in state ${vm.state}; ` +
          'make sure the virtual machine is stopped',
      );
    }
    changeOfferingOfStopped(world, vm, offering, requestedDetails(args));
    return vm;
  },
});
