import { invalidParameter } from '../../world/cloud-exception.js';
import type { Architecture } from '../../world/entities.js';

/** What every host of the simulated world is. */
export const HOST_ARCHITECTURE: Architecture = 'x86_64';

const architectures: readonly Architecture[] = ['i686', HOST_ARCHITECTURE, 'aarch64'];

/**
 * The processor by its name; undefined where none is given (CPU.CPUArch.fromType).
 *
 * @throws 431 for one that CloudStack does not know
 */
export function readArchitecture(name: string | undefined): Architecture | undefined {
  if (name === undefined || name.trim() === '') return undefined;
  const known = architectures.find((architecture) => architecture === name);
  if (known !== undefined) return known;
  throw invalidParameter(`Unsupported arch type: ${name}`);
}

/** Throws 431 for a processor that CloudStack does not know. */
export function assertArchitecture(name: string | undefined): void {
  readArchitecture(name);
}

/** Whether a list by architecture shows the hosts of this world. */
export function isHostArchitecture(name: string | undefined): boolean {
  return name === undefined || name.trim() === '' || name === HOST_ARCHITECTURE;
}
