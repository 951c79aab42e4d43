import { BoshError } from '../protocol/bosh-error.js';
import { defineMethod } from './call/method.js';

export const currentVmId = defineMethod({
  name: 'current_vm_id',
  summary: 'Finds the VM that this CPI runs in, by the MAC addresses of this machine.',
  arguments: [],
  rules: [
    'Directors ask before they snapshot their own disks. A CPI that runs outside of the VMs of its ' +
      'account answers `NotImplemented`, at which a Director leaves its disks alone.',
  ],
  run: async ({ client, macAddresses }) => {
    const own = macAddresses();
    const vms = await client.list('listVirtualMachines', { details: 'nics' });
    const isOwn = (address?: string): boolean => own.includes(address?.toLowerCase() ?? '');
    const vm = vms.find(({ nic = [] }) => nic.some(({ macaddress }) => isOwn(macaddress)));
    if (vm !== undefined) return vm.id;
    throw new BoshError(
      'NotImplemented',
      'current_vm_id: this machine is none of the VMs of this account, by its MAC addresses ' +
        `(${own.join(', ') || 'none'})`,
    );
  },
});
