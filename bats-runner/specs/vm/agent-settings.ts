import type { Cloud } from '../../cloud/cloud.js';
import { isObject, textOf, type JsonObject, type JsonValue } from '../../json.js';

/** The settings that an agent finds in the user data of a VM. */
export async function settingsOf(cloud: Cloud, vm: string): Promise<JsonObject> {
  const asked = { id: vm, userdata: 'true' };
  const [row] = await cloud.list('listVirtualMachines', 'virtualmachine', asked);
  const text = Buffer.from(textOf(row?.['userdata']), 'base64').toString();
  return objectOf(JSON.parse(text) as JsonValue);
}

/** The value at a path of keys in settings or an answer; undefined if the path ends before. */
export function valueAt(
  value: JsonValue | undefined,
  ...path: readonly string[]
): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value,
  );
}

/** The cards of a VM by the names of their networks, in their order. */
export function cardsOf(vm: JsonObject | undefined): Map<string, JsonObject> {
  const nics = vm?.['nic'];
  const cards = Array.isArray(nics) ? nics.filter(isObject) : [];
  return new Map(cards.map((card) => [textOf(card['networkname']), card]));
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
