import {
  configurationKey,
  isConfiguration,
  type AccountSettingName,
  type ConfigurationScope,
} from './configuration-keys.js';
import type { AccountRow, ConfigurationRow, StoragePoolRow } from '../entities.js';
import { settingDeclarations, type SettingName, type SettingValue } from './settings.js';
import type { World } from '../world.js';

type Value = string | number | boolean;

/** One resource that has its own value of a setting. */
export interface ScopedTo {
  readonly scope: ConfigurationScope;
  readonly id: string;
}

/** A setting as it is for an account: its own value, or that for all (ConfigKey.valueIn). */
export function accountSetting<Name extends AccountSettingName>(
  world: World,
  account: Pick<AccountRow, 'id'>,
  name: Name,
): SettingValue<Name> {
  return settingIn(world, name, { scope: 'Account', id: account.id });
}

/** A setting as it is for one zone or domain: its own value, or that for all (ConfigKey.valueIn). */
export function settingIn<Name extends SettingName>(
  world: World,
  name: Name,
  scopedTo: ScopedTo,
): SettingValue<Name> {
  return (rowOf(world, name, scopedTo)?.value ?? world.settings.get(name)) as SettingValue<Name>;
}

/** Settings that each cluster keeps as they were for everything when it was made. */
export type ClusterFactorName = 'cpu.overprovisioning.factor' | 'mem.overprovisioning.factor';

/** The value that a cluster has of its own. */
export function ownClusterSetting<Name extends SettingName>(
  world: World,
  clusterId: string,
  name: Name,
): SettingValue<Name> | undefined {
  return rowOf(world, name, { scope: 'Cluster', id: clusterId })?.value as
    SettingValue<Name> | undefined;
}

/** Settings with a value of their own for a storage pool or for the zone of one. */
export type PoolSettingName =
  | 'storage.overprovisioning.factor'
  | 'pool.storage.allocated.capacity.disablethreshold'
  | 'pool.storage.capacity.disablethreshold'
  | 'pool.storage.allocated.resize.capacity.disablethreshold'
  | 'volume.resize.allowed.beyond.allocation';

/** A setting as it is for a storage pool: its own value, that of its zone, or that for all. */
export function poolSetting<Name extends PoolSettingName>(
  world: World,
  pool: Pick<StoragePoolRow, 'id' | 'zoneId'>,
  name: Name,
): SettingValue<Name> {
  const own =
    rowOf(world, name, { scope: 'StoragePool', id: pool.id }) ??
    rowOf(world, name, { scope: 'Zone', id: pool.zoneId });
  return (own?.value ?? world.settings.get(name)) as SettingValue<Name>;
}

/**
 * What clients read of a setting: the value that was given to it last, which may not be in force
 * before the management server restarts.
 */
export function shownValue(world: World, name: SettingName, scopedTo?: ScopedTo): Value {
  const own = scopedTo === undefined ? undefined : rowOf(world, name, scopedTo);
  if (own === undefined && isKeptBy(scopedTo, name)) return settingDeclarations[name].default;
  return own?.value ?? rowOf(world, name)?.value ?? world.settings.get(name);
}

function isKeptBy(scopedTo: ScopedTo | undefined, name: SettingName): boolean {
  return scopedTo?.scope === 'Cluster' && clusterFactors.some((factor) => factor === name);
}

export const clusterFactors: readonly ClusterFactorName[] = [
  'cpu.overprovisioning.factor',
  'mem.overprovisioning.factor',
];

/** Gives a setting a value, for one resource or for all. */
export function changeConfiguration(
  world: World,
  name: SettingName,
  value: Value,
  scopedTo?: ScopedTo,
): void {
  const row = rowOf(world, name, scopedTo);
  if (row !== undefined) world.configurations.change(row, { value });
  else {
    world.configurations.insert({
      name,
      scope: scopedTo?.scope ?? 'Global',
      resourceId: scopedTo?.id ?? null,
      value,
    });
  }
  if (scopedTo === undefined && configurationKey(name).isDynamic) enforce(world, name, value);
}

/**
 * Takes the value back: that for all counts for the resource, or the default for all. What a cluster
 * keeps becomes what is for all now.
 */
export function resetConfiguration(world: World, name: SettingName, scopedTo?: ScopedTo): void {
  const row = rowOf(world, name, scopedTo);
  if (scopedTo === undefined) {
    changeConfiguration(world, name, settingDeclarations[name].default);
  } else if (isKeptBy(scopedTo, name)) {
    changeConfiguration(world, name, shownValue(world, name), scopedTo);
  } else if (row !== undefined) world.configurations.remove(row);
}

/** What a restart of the management server does: every value that was given is in force. */
export function enforceConfigurations(world: World): void {
  for (const { name, scope, value } of world.configurations.all()) {
    if (scope === 'Global' && isConfiguration(name)) enforce(world, name, value);
  }
}

function enforce(world: World, name: SettingName, value: Value): void {
  world.settings.set(name, value);
}

function rowOf(world: World, name: SettingName, scopedTo?: ScopedTo): ConfigurationRow | undefined {
  if (world.configurations.count('name', name) === 0) return undefined;
  return world.configurations
    .where('name', name)
    .find((row) =>
      scopedTo === undefined
        ? row.scope === 'Global'
        : row.scope === scopedTo.scope && row.resourceId === scopedTo.id,
    );
}
