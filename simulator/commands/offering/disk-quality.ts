import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskQuality, StorageType } from '../../world/entities.js';
import { sameName } from '../../declare/list-parameters.js';
import { rateFields, type RateParameter } from './offering-parameters.js';

/** Values of `rateParameters`. */
export type RateArguments = { readonly [Name in RateParameter]?: number | undefined };

/** Values of `diskQualityParameters` that are no rates. */
export interface DiskQualityArguments {
  readonly provisioningtype?: string | undefined;
  readonly customizediops?: boolean | undefined;
  readonly miniops?: number | undefined;
  readonly maxiops?: number | undefined;
  readonly hypervisorsnapshotreserve?: number | undefined;
  readonly cachemode?: string | undefined;
}

/** The type as it is written; Java answers any other with an error of its own. */
export function provisioningTypeNamed(name = 'thin'): DiskQuality['provisioningType'] {
  const type = (['thin', 'sparse', 'fat'] as const).find((known) => known === name);
  if (type === undefined) throw cloudRuntime('Code is not implemented');
  return type;
}

/** Throws for a cache mode that there is not (ConfigurationManagerImpl.validateCacheMode). */
export function cacheModeNamed(name: string | undefined): DiskQuality['cacheMode'] {
  if (name === undefined) return null;
  const modes = ['none', 'writeback', 'writethrough', 'hypervisor_default'] as const;
  const mode = modes.find((known) => sameName(known, name));
  if (mode !== undefined) return mode;
  throw invalidParameter(
    `Invalid cache mode (${name}). Please specify one of the following valid cache mode ` +
      'parameters: none, writeback, writethrough or hypervisor_default.',
  );
}

/** Whether disks are on primary storage or on their host; on primary storage unless said. */
export function storageTypeNamed(name: string | undefined): StorageType {
  if (name === undefined) return 'shared';
  const type = (['shared', 'local'] as const).find((known) => sameName(known, name));
  if (type !== undefined) return type;
  throw invalidParameter(
    `Invalid storage type ${name} specified, valid types are: 'local' and 'shared'`,
  );
}

/** How many requests a second a disk may make; who creates it chooses, or nobody does. */
export function iopsOf({
  customizediops,
  miniops,
  maxiops,
}: DiskQualityArguments): Pick<DiskQuality, 'customizedIops' | 'minIops' | 'maxIops'> {
  if (customizediops !== false) {
    return { customizedIops: customizediops ?? null, minIops: null, maxIops: null };
  }
  if (miniops === undefined && maxiops === undefined) {
    return { customizedIops: false, minIops: 0, maxIops: 0 };
  }
  if (miniops === undefined || miniops <= 0) {
    throw invalidParameter('The min IOPS must be greater than 0.');
  }
  if (miniops > (maxiops ?? 0)) {
    throw invalidParameter('The min IOPS must be less than or equal to the max IOPS.');
  }
  return { customizedIops: false, minIops: miniops, maxIops: maxiops ?? 0 };
}

/** The rates that are above 0, by the names of their response fields. */
export function ratesOf(args: RateArguments): DiskQuality['rates'] {
  return Object.fromEntries(
    Object.entries(rateFields).flatMap(([parameter, field]): [string, number][] => {
      const rate = args[parameter as RateParameter];
      return rate === undefined || rate <= 0 ? [] : [[field, rate]];
    }),
  );
}

/** Throws where a rate is above its own maximum (validateMaxRateEqualsOrGreater). */
export function assertRatesFit(args: RateArguments): void {
  for (const [name, parameter] of RATES) {
    const [rate, most] = [args[parameter], args[`${parameter}max`]];
    if (rate === undefined || most === undefined || most >= rate) continue;
    throw invalidParameter(
      `${name} rate (${rate}) cannot be greater than ${name} maximum rate (${most})`,
    );
  }
}

const RATES = [
  ['IOPS Read', 'iopsreadrate'],
  ['IOPS Write', 'iopswriterate'],
  ['Bytes Read', 'bytesreadrate'],
  ['Bytes Write', 'byteswriterate'],
] as const;

/** The reserve of a hypervisor's snapshots, in percent. */
export function snapshotReserveOf({
  hypervisorsnapshotreserve: reserve,
}: DiskQualityArguments): number | null {
  if (reserve !== undefined && reserve < 0) {
    throw invalidParameter(
      'If provided, Hypervisor Snapshot Reserve must be greater than or equal to 0.',
    );
  }
  return reserve ?? null;
}
