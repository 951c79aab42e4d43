import { invalidParameter } from '../../world/cloud-exception.js';

/** What every host of the simulated world is. */
export const HOST_ARCHITECTURE = 'x86_64';

const architectures: readonly string[] = ['i686', HOST_ARCHITECTURE, 'aarch64'];

/** Throws 431 for a processor that CloudStack does not know (CPU.CPUArch.fromType). */
export function assertArchitecture(name: string | undefined): void {
  if (name === undefined || name.trim() === '' || architectures.includes(name)) return;
  throw invalidParameter(`Unsupported arch type: ${name}`);
}

/** Whether a list by architecture shows the hosts of this world. */
export function isHostArchitecture(name: string | undefined): boolean {
  return name === undefined || name.trim() === '' || name === HOST_ARCHITECTURE;
}
