import { onHypervisor } from './on-hypervisor.js';

/** The default world on VMware, whose templates are OVA files. */
export const advancedVmware = onHypervisor('VMware', {
  format: 'OVA',
  osType: 'Other Linux (64-bit)',
});
