import { invalidParameter } from '../../world/cloud-exception.js';
import type { ServiceOfferingRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** The CPU and memory of a VM. */
export interface ComputeSize {
  readonly cpuNumber: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
}

type Details = Readonly<Record<string, string>>;

const MAX_INTEGER = 2 ** 31 - 1;
const MIN_CUSTOM_MEMORY_MIB = 32;
const COMPUTE_DETAILS: readonly string[] = ['cpunumber', 'cpuspeed', 'memory'];

/** Whether the deployer has to choose some of the VM's size (ServiceOfferingVO.isDynamic). */
export function isCustomOffering({ cpuNumber, cpuMhz, memoryMib }: ServiceOfferingRow): boolean {
  return cpuNumber === null || cpuMhz === null || memoryMib === null;
}

/** Throws if details choose what the offering fixes. */
export function assertNoComputeDetails(offering: ServiceOfferingRow, details: Details): void {
  if (isCustomOffering(offering)) return;
  if (!Object.keys(details).some((name) => COMPUTE_DETAILS.includes(name.toLowerCase()))) return;
  throw invalidParameter(
    'cpuNumber or cpuSpeed or memory should not be specified for static service offering',
  );
}

/**
 * The size that the offering fixes, or that details choose within a custom offering and its
 * constraints (UserVmManagerImpl.validateCustomParameters, ServiceOfferingDaoImpl.getComputeOffering).
 */
export function computeSize(
  world: World,
  offering: ServiceOfferingRow,
  details: Details,
): ComputeSize {
  if (!isCustomOffering(offering)) assertBelowLimits(world, offering);
  else if (Object.keys(details).length === 0) {
    throw invalidParameter(
      'Need to specify custom parameter values cpu, cpu speed and memory when using custom offering',
    );
  }
  const { constraints } = offering;
  const { maxCores, maxMib } = limits(world);
  return {
    cpuNumber: chosen(offering, offering.cpuNumber, details, {
      detail: 'cpuNumber',
      name: 'cpu cores',
      min: constraints?.minCpuNumber ?? 1,
      max: Math.min(maxCores, constraints?.maxCpuNumber ?? MAX_INTEGER),
    }),
    cpuMhz: chosen(offering, offering.cpuMhz, details, {
      detail: 'cpuSpeed',
      name: 'cpu speed',
      min: 1,
      max: MAX_INTEGER,
    }),
    memoryMib: chosen(offering, offering.memoryMib, details, {
      detail: 'memory',
      name: 'memory',
      min: constraints?.minMemoryMib ?? MIN_CUSTOM_MEMORY_MIB,
      max: Math.min(maxMib, constraints?.maxMemoryMib ?? MAX_INTEGER),
    }),
  };
}

/** Throws for an offering that is larger than VMs may be (UserVmManagerImpl.validateOfferingMaxResource). */
function assertBelowLimits(world: World, { cpuNumber, memoryMib }: ServiceOfferingRow): void {
  const { maxCores, maxMib } = limits(world);
  if (cpuNumber !== null && cpuNumber > maxCores) {
    throw invalidParameter(
      `Invalid cpu cores value, please choose another service offering with cpu cores between 1 and ${maxCores}`,
    );
  }
  if (memoryMib !== null && memoryMib > maxMib) {
    throw invalidParameter(
      `Invalid memory value, please choose another service offering with memory between 32 and ${maxMib} MB`,
    );
  }
}

/** What the settings let a VM have at most; 0 is no limit. */
function limits({ settings }: World): { maxCores: number; maxMib: number } {
  return {
    maxCores: settings.get('vm.serviceoffering.cpu.cores.max') || MAX_INTEGER,
    maxMib: settings.get('vm.serviceoffering.ram.size.max') || MAX_INTEGER,
  };
}

function chosen(
  offering: ServiceOfferingRow,
  fixed: number | null,
  details: Details,
  value: {
    readonly detail: string;
    readonly name: string;
    readonly min: number;
    readonly max: number;
  },
): number {
  const given = details[value.detail];
  if (fixed !== null) {
    if (given === undefined || !isCustomOffering(offering)) return fixed;
    throw invalidParameter(
      `The ${value.name} of this offering id:${offering.id} is not customizable. This is predefined in the template.`,
    );
  }
  const number = given !== undefined && /^\d+$/.test(given) ? Number(given) : -1;
  if (number >= value.min && number <= value.max) return number;
  throw invalidParameter(
    `Invalid ${value.name} value, specify a value between ${value.min} and ${value.max}`,
  );
}
