import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json-value.js';

/** A place in the configuration: a section, then keys. */
type Path = readonly [string, ...string[]];

/** What the releases of the earlier CPIs called properties, and what they are called here. */
export const olderNames: readonly (readonly [older: string, present: string])[] = [
  ['cloudstack.default_offer.disk', 'cloudstack.default_disk_offering'],
  ['cloudstack.default_offer.ephemeral_disk', 'cloudstack.default_ephemeral_disk_offering'],
  ['cloudstack.default_offer.custom_disk', 'cloudstack.default_disk_offering'],
  ['cloudstack.default_offer.custom_disk', 'cloudstack.default_ephemeral_disk_offering'],
  ['cloudstack.stemcell.os_type', 'stemcell.os_type'],
  ['cloudstack.stemcell_os_type', 'stemcell.os_type'],
  ['cloudstack.stemcell.requires_hvm', 'stemcell.requires_hvm'],
  ['cloudstack.stemcell_requires_hvm', 'stemcell.requires_hvm'],
  ['cloudstack.stemcell.public_visibility', 'cloudstack.stemcell_public_visibility'],
  ['stemcell.public_visibility', 'cloudstack.stemcell_public_visibility'],
  ['cloudstack.timeout.global', 'cloudstack.state_timeout'],
  ['cloudstack.timeout.create_volume', 'cloudstack.state_timeout_volume'],
  ['cloudstack.timeout.snapshot_volume', 'cloudstack.state_timeout_snapshot'],
  ['cloudstack.ntp', 'agent.ntp'],
  ['registry.user', 'registry.username'],
];

/** Properties of the earlier CPIs that have nothing to do here, and why. */
export const retiredNames: Readonly<Record<string, string>> = {
  clean_disk: '`cloudstack-cpi gc` finds and removes what is left over',
  interval_clean_disk: '`cloudstack-cpi gc` finds and removes what is left over',
  env_service: 'agents find their settings as their agent.json says',
};

/** The values at their present names; where both are set, the present name wins. */
export function withPresentNames(raw: JsonObject): JsonObject {
  let renamed = raw;
  for (const [older, present] of olderNames) {
    const value = valueAt(raw, pathOf(older));
    if (isUnset(value) || !isUnset(valueAt(renamed, pathOf(present)))) continue;
    renamed = put(renamed, pathOf(present), value ?? null);
  }
  return olderNames.reduce((rest, [older]) => without(rest, pathOf(older)), renamed);
}

function pathOf(name: string): Path {
  const [section = '', ...keys] = name.split('.');
  return [section, ...keys];
}

function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isJsonObject(value) ? valueAt(value[key], rest) : undefined;
}

function put(object: JsonObject, [key, next, ...rest]: Path, value: JsonValue): JsonObject {
  if (next === undefined) return { ...object, [key]: value };
  const inner = object[key];
  return { ...object, [key]: put(isJsonObject(inner) ? inner : {}, [next, ...rest], value) };
}

/** Objects that have nothing in them any more go, too. */
function without(object: JsonObject, [key, next, ...rest]: Path): JsonObject {
  const { [key]: value, ...others } = object;
  if (next === undefined) return others;
  if (!isJsonObject(value)) return object;
  const inner = without(value, [next, ...rest]);
  return Object.keys(inner).length === 0 ? others : { ...object, [key]: inner };
}
