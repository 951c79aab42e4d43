import type { Hypervisor } from '../entities.js';

/** What the hosts of this world run. */
const simulatedHypervisors: readonly Hypervisor[] = ['XenServer', 'KVM', 'VMware'];

/** Every type that CloudStack knows (com.cloud.hypervisor.Hypervisor.HypervisorType). */
export const hypervisorTypes: readonly string[] = [
  ...simulatedHypervisors,
  'Hyperv',
  'VirtualBox',
  'Parralels',
  'BareMetal',
  'Simulator',
  'Ovm',
  'Ovm3',
  'LXC',
  'Custom',
  'Any',
];

/** Whether CloudStack knows a type; case does not count. */
export function isHypervisorType(name: string): boolean {
  return hypervisorTypes.some((type) => type.toLowerCase() === name.toLowerCase());
}

/** The type as CloudStack spells it, undefined unless this world can have it. */
export function simulatedHypervisor(name: string): Hypervisor | undefined {
  return simulatedHypervisors.find((type) => type.toLowerCase() === name.toLowerCase());
}
