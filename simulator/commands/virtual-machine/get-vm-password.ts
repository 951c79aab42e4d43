import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { ENCRYPTED_PASSWORD_DETAIL } from '../../world/compute/vm-passwords.js';

/** ManagementServerImpl.getVMPassword: only VMs with an RSA key pair have their password kept. */
export const getVmPassword = syncCommand({
  name: 'getVMPassword',
  summary: 'Answers the password of a virtual machine, encrypted for its SSH key.',
  roles: everyRole,
  parameters: { id: entity('virtualmachine', { required: true, access: 'operate' }) },
  response: objectOf(
    responseObject<string>('password', { encryptedpassword: stringField((text) => text) }),
  ),
  run: (_, { id: vm }) => {
    if (vm.removedMs !== null) {
      throw invalidParameter(`No VM found with id [${vm.internalId}].`);
    }
    const encrypted = vm.details[ENCRYPTED_PASSWORD_DETAIL];
    if (encrypted !== undefined) return encrypted;
    throw invalidParameter(
      `No password found for VM [${vmText(vm)}]. When the VM's SSH keypair is changed, the ` +
        'current encrypted password is removed due to inconsistency in the encryption, as the new ' +
        'SSH keypair is different from which the password was encrypted. To get a new password, it ' +
        'must be reseted.',
    );
  },
});
