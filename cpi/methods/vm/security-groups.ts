import { isUuid } from '../../cloudstack/uuid.js';
import { BoshError } from '../../protocol/bosh-error.js';

/**
 * The parameters of deployVirtualMachine for security groups: those of the VM, or else those of all
 * its networks. CloudStack takes names or ids, never both (DeployVMCmd.getSecurityGroupIdList).
 *
 * @throws BoshError of type CpiError for names beside ids.
 */
export function securityGroupParameters(
  ofVm: readonly string[] | undefined,
  ofNetworks: readonly string[],
): { securitygroupids?: string[]; securitygroupnames?: string[] } {
  const groups = [...new Set(ofVm ?? ofNetworks)];
  const ids = groups.filter(isUuid);
  if (groups.length === 0) return {};
  if (ids.length === groups.length) return { securitygroupids: groups };
  if (ids.length === 0) return { securitygroupnames: groups };
  throw new BoshError(
    'CpiError',
    `create_vm: security_groups are given by name and by id (${groups.join(', ')}), of which ` +
      'CloudStack takes one kind at a time: give all names, or all ids',
  );
}
