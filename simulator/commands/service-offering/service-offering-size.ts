import { invalidParameter } from '../../world/cloud-exception.js';
import type { ServiceOfferingRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** The size that a compute offering is asked for. */
export interface SizeArguments {
  readonly name: string;
  readonly cpunumber?: number | undefined;
  readonly cpuspeed?: number | undefined;
  readonly memory?: number | undefined;
  readonly customized?: boolean | undefined;
  readonly maxcpunumber?: number | undefined;
  readonly mincpunumber?: number | undefined;
  readonly maxmemory?: number | undefined;
  readonly minmemory?: number | undefined;
}

type Size = Pick<ServiceOfferingRow, 'cpuNumber' | 'cpuMhz' | 'memoryMib' | 'constraints'>;

const MAX_INTEGER = 2 ** 31 - 1;
const LEAST_MIB = 32;

/**
 * The size of an offering: fixed, chosen by deployers, or chosen within ranges at a fixed speed
 * (ConfigurationManagerImpl.createServiceOffering).
 *
 * @throws 431 for a size that no offering has.
 */
export function offeringSize(world: World, args: SizeArguments): Size {
  const { cpunumber, memory, customized } = args;
  const isCustom = customized ?? (cpunumber === undefined || memory === undefined);
  return isCustom ? customSize(args) : fixedSize(world, args);
}

function customSize(args: SizeArguments): Size {
  const { name, cpunumber, cpuspeed, memory } = args;
  if (cpunumber !== undefined || memory !== undefined) {
    throw invalidParameter(
      'For creating a custom compute offering cpu and memory all should be null',
    );
  }
  const { maxcpunumber, mincpunumber, maxmemory, minmemory } = args;
  const given = [maxcpunumber, mincpunumber, maxmemory, minmemory, cpuspeed];
  if (given.every((value) => value === undefined)) {
    return { cpuNumber: null, cpuMhz: null, memoryMib: null, constraints: null };
  }
  if (
    maxcpunumber === undefined ||
    mincpunumber === undefined ||
    maxmemory === undefined ||
    minmemory === undefined ||
    cpuspeed === undefined
  ) {
    throw invalidParameter(
      'For creating a custom compute offering min/max cpu and min/max memory/cpu speed should all be null or all specified',
    );
  }
  assertAtLeast(cpuspeed, 0, `specify the cpu speed value between 1 and ${MAX_INTEGER}`, name);
  const cores = `specify the minimum or minimum cpu number value between 1 and ${MAX_INTEGER}`;
  assertAtLeast(Math.min(maxcpunumber, mincpunumber), 1, cores, name);
  const mib = `specify the memory value between ${LEAST_MIB} and ${MAX_INTEGER} MB`;
  assertAtLeast(minmemory, LEAST_MIB, mib, name);
  return {
    cpuNumber: null,
    cpuMhz: cpuspeed,
    memoryMib: null,
    constraints: {
      minCpuNumber: mincpunumber,
      maxCpuNumber: maxcpunumber,
      minMemoryMib: minmemory,
      maxMemoryMib: maxmemory,
    },
  };
}

function fixedSize({ settings }: World, args: SizeArguments): Size {
  const { name, cpunumber, cpuspeed, memory } = args;
  const maxCores = settings.get('vm.serviceoffering.cpu.cores.max') || MAX_INTEGER;
  const maxMib = settings.get('vm.serviceoffering.ram.size.max') || MAX_INTEGER;
  if (cpunumber !== undefined && (cpunumber <= 0 || cpunumber > maxCores)) {
    throw failed(name, `specify the cpu number value between 1 and ${maxCores}`);
  }
  if (cpuspeed === undefined || cpuspeed < 0) {
    throw failed(name, `specify the cpu speed value between 0 and ${MAX_INTEGER}`);
  }
  if (memory !== undefined && (memory < LEAST_MIB || memory > maxMib)) {
    throw failed(name, `specify the memory value between ${LEAST_MIB} and ${maxMib} MB`);
  }
  return {
    cpuNumber: cpunumber ?? null,
    cpuMhz: cpuspeed,
    memoryMib: memory ?? null,
    constraints: null,
  };
}

function assertAtLeast(value: number, least: number, text: string, name: string): void {
  if (value < least) throw failed(name, text);
}

function failed(name: string, text: string): Error {
  return invalidParameter(`Failed to create service offering ${name}: ${text}`);
}
