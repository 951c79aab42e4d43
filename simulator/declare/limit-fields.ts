import type { ResourceType } from '../world/identity/resource-types.js';
import { isStorageType } from '../world/identity/resource-types.js';
import type { World } from '../world/world.js';
import { longField, stringField, type Field, type View } from './response.js';

const GIB_BYTES = 1_024 ** 3;

/** How one kind of owner limits and counts. */
export interface LimitsOf<Row> {
  /** -1 is no limit. */
  readonly limit: (world: World, row: Row, type: ResourceType) => number;
  readonly count: (world: World, row: Row, type: ResourceType) => number;
}

/** The names of the types in accounts, domains and projects, in the order of their fields. */
const fieldNames: readonly (readonly [ResourceType, string])[] = [
  ['user_vm', 'vm'],
  ['public_ip', 'ip'],
  ['volume', 'volume'],
  ['snapshot', 'snapshot'],
  ['template', 'template'],
  ['project', 'project'],
  ['network', 'network'],
  ['vpc', 'vpc'],
  ['cpu', 'cpu'],
  ['memory', 'memory'],
  ['primary_storage', 'primarystorage'],
  ['secondary_storage', 'secondarystorage'],
];

/**
 * What an account, a domain or a project may have, has, and may still have, of each type
 * (AccountJoinDaoImpl.setResourceLimits): limits are texts, `Unlimited` where there is none; storage
 * is in GiB.
 */
export function limitFields<Row>(
  of: LimitsOf<Row>,
  without: readonly ResourceType[] = [],
): Readonly<Record<string, Field<Row>>> {
  const fields: Record<string, Field<Row>> = {};
  for (const [type, name] of fieldNames) {
    if (without.includes(type)) continue;
    const limit = (row: Row, { world }: View): number => inShown(type, of.limit(world, row, type));
    const total = (row: Row, { world }: View): number => inShown(type, of.count(world, row, type));
    fields[`${name}limit`] = stringField((row, view) => limitText(limit(row, view)));
    fields[`${name}total`] = longField(total);
    fields[`${name}available`] = stringField((row, view) => {
      const most = limit(row, view);
      return most === -1 ? limitText(most) : String(most - total(row, view));
    });
  }
  return fields;
}

function limitText(limit: number): string {
  return limit === -1 ? 'Unlimited' : String(limit);
}

/** Primary storage in whole GiB, secondary storage with its fraction. */
function inShown(type: ResourceType, amount: number): number {
  if (!isStorageType(type) || amount < 0) return amount;
  const gib = amount / GIB_BYTES;
  return type === 'primary_storage' ? Math.floor(gib) : gib;
}
