import type { Kernel } from '../kernel/kernel.js';
import { computeTables, type ComputeTables } from './compute/compute-tables.js';
import {
  infrastructureTables,
  type InfrastructureTables,
} from './compute/infrastructure-tables.js';
import { identityTables, type IdentityTables } from './identity/identity-tables.js';
import { managementTables, type ManagementTables } from './management-tables.js';
import { networkTables, type NetworkTables } from './network/network-tables.js';
import type { Settings } from './settings/settings.js';
import { storageTables, type StorageTables } from './storage/storage-tables.js';
import type { BaseRow } from './base-row.js';
import type { Table } from './table.js';

/** One table for each kind of entity. */
export interface Tables
  extends
    IdentityTables,
    InfrastructureTables,
    ComputeTables,
    NetworkTables,
    StorageTables,
    ManagementTables {}

/** The zone as plain data: its tables, the settings, and the kernel below. */
export interface World extends Tables {
  readonly kernel: Kernel;
  readonly settings: Settings;
  /** All tables, whatever they hold. */
  readonly tables: readonly Table<BaseRow>[];
}

/** A world in which there is nothing yet. */
export function createWorld(kernel: Kernel, settings: Settings): World {
  const tables: Tables = {
    ...identityTables(kernel),
    ...infrastructureTables(kernel),
    ...computeTables(kernel),
    ...networkTables(kernel),
    ...storageTables(kernel),
    ...managementTables(kernel),
  };
  return { kernel, settings, ...tables, tables: Object.values(tables) as Table<BaseRow>[] };
}
