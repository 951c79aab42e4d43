import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, freeForm, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { MAX_USER_DATA_LENGTH, userDataColumns } from '../virtual-machine/user-data.js';
import { virtualMachineResponse } from '../virtual-machine/virtual-machine-response.js';

/** What is not given is none from now on (UserVmManagerImpl.resetVMUserData). */
export const resetUserDataForVirtualMachine = syncCommand({
  name: 'resetUserDataForVirtualMachine',
  summary: 'Gives a stopped virtual machine other user data.',
  since: '4.18.0',
  roles: rootOnlyRole,
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    userdata: text({ maxLength: MAX_USER_DATA_LENGTH }),
    userdataid: entity('userdata'),
    userdatadetails: freeForm(),
  },
  ignores: ['account', 'domainid', 'projectid'],
  response: objectOf(virtualMachineResponse),
  run: (context, { id: vm, ...args }) => {
    if (vm.removedMs !== null) {
      throw invalidParameter(`unable to find a virtual machine by id${vm.internalId}`);
    }
    if (vm.state !== 'Stopped') {
      throw invalidParameter(`VM ${vmText(vm)} should be stopped to do UserData reset`);
    }
    context.world.vms.change(vm, userDataColumns(context, args));
    return vm;
  },
});
