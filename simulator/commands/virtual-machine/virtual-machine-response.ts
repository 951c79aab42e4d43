import { responseObject, stringField } from '../../declare/response.js';
import type { VmRow } from '../../world/entities.js';

/** UserVmResponse. */
export const virtualMachineResponse = responseObject<VmRow>('virtualmachine', {
  id: stringField((vm) => vm.id),
});
