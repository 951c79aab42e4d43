import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { finishStop, moveVm, vmQueue } from '../../world/virtual-machines.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { assertNotExpunged, vmSubject } from './virtual-machine-rules.js';

/** Stopping what does not run succeeds and changes nothing (UserVmManagerImpl.stopVirtualMachine). */
export const stopVirtualMachine = asyncCommand({
  name: 'stopVirtualMachine',
  summary: 'Stops a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.vm.StopVMCmd', rootAdmin: 'admin.vm.StopVMCmdByAdmin' },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    // Goes on where a host does not answer; all hosts of this world do.
    forced: flag(),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    ({ world }, { id: vm }) => {
      assertNotExpunged(vm);
      if (vm.state !== 'Running') return done(vm);
      moveVm(world, vm, 'StopRequested');
      return wait('duration.vm.stop');
    },
    ({ world }, { id: vm }) => {
      finishStop(world, vm);
      return done(vm);
    },
  ],
});
