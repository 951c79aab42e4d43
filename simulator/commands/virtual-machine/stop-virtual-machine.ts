import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { beginStop, finishStop, isOff, vmQueue } from '../../world/virtual-machines.js';
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
    forced: flag(),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    ({ world }, { id: vm, forced }) => {
      assertNotExpunged(vm);
      if (isOff(vm)) return done(vm);
      beginStop(world, vm, { forced: forced === true });
      return wait('duration.vm.stop');
    },
    ({ world }, { id: vm }) => {
      finishStop(world, vm);
      return done(vm);
    },
  ],
});
