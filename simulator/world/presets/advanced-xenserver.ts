import { onHypervisor } from './on-hypervisor.js';

/** The default world on XenServer, whose templates are VHD files. */
export const advancedXenserver = onHypervisor('XenServer', {
  format: 'VHD',
  osType: 'Other PV (64-bit)',
});
