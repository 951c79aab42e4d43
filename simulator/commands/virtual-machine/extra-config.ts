import { invalidParameter } from '../../world/cloud-exception.js';

/**
 * Throws for lines that are to go into a VM's definition as they are: in this world, as in CloudStack
 * by default, `enable.additional.vm.configuration` is off. A VM that is deployed with them stays, Stopped:
 * CloudStack has entered it before it looks (UserVmManagerImpl.createVirtualMachine).
 */
export function assertNoExtraConfig(extraConfig: string | undefined): void {
  if (extraConfig === undefined || extraConfig.trim() === '') return;
  throw invalidParameter(
    'attempted setting extraconfig but enable.additional.vm.configuration is disabled',
  );
}
