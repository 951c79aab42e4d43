import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';

/** UserVmManagerImpl.getVmUserData, VMUserDataResponse. */
export const getVirtualMachineUserData = syncCommand({
  name: 'getVirtualMachineUserData',
  summary: 'Answers the user data of a virtual machine, in base64.',
  since: '4.4',
  roles: everyRole,
  parameters: { virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }) },
  response: objectOf(
    responseObject<VmRow>('virtualmachineuserdata', {
      virtualmachineid: stringField((vm) => vm.id),
      userdata: stringField((vm) => vm.userData),
    }),
  ),
  run: (_, { virtualmachineid: vm }) => {
    if (vm.removedMs === null) return vm;
    throw invalidParameter(`Unable to find virtual machine with id ${vm.internalId}`);
  },
});
