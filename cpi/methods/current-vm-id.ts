import { BoshError } from '../protocol/bosh-error.js';
import { defineMethod } from './call/method.js';

export const currentVmId = defineMethod({
  name: 'current_vm_id',
  summary: 'Finds the VM that this CPI runs in, by the addresses of this machine.',
  arguments: [],
  rules: [
    'Directors ask before they snapshot their own disks. A CPI that runs outside of the VMs of its ' +
      'account answers `NotImplemented`, at which a Director leaves its disks alone.',
  ],
  run: async ({ client, networkInterfaces }) => {
    const own = networkInterfaces();
    const isOwn = (address?: string): boolean =>
      own.some(({ mac }) => mac === address?.toLowerCase());
    // CloudStack finds VMs by parts of their IP addresses, never by a MAC address.
    for (const keyword of new Set(own.map(({ ip }) => ip))) {
      const vms = await client.list('listVirtualMachines', { keyword, details: 'nics' });
      const vm = vms.find(({ nic = [] }) => nic.some(({ macaddress }) => isOwn(macaddress)));
      if (vm !== undefined) return vm.id;
    }
    const addresses = own.map(({ ip, mac }) => `${ip} on ${mac}`).join(', ');
    throw new BoshError(
      'NotImplemented',
      'current_vm_id: this machine is none of the VMs of this account, by its addresses ' +
        `(${addresses || 'none'})`,
    );
  },
});
