import { BoshError } from '../protocol/bosh-error.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json-value.js';

/**
 * Settings as CloudStack takes them for user data: JSON in base64. The virtual router and the
 * config drive give the guest the decoded bytes.
 *
 * @throws BoshError of type CpiError if they are longer than CloudStack takes; it names the largest
 *   part and the settings to change.
 */
export function encodeUserData(settings: JsonObject, maxBase64Bytes: number): string {
  const encoded = Buffer.from(JSON.stringify(settings)).toString('base64');
  if (encoded.length <= maxBase64Bytes) return encoded;
  const { path, bytes } = largestPart(settings);
  throw new BoshError(
    'CpiError',
    `The agent settings are ${encoded.length} bytes of user data, CloudStack takes ` +
      `${maxBase64Bytes}. The largest part is ${path} with ${bytes} bytes of JSON: shorten it, or ` +
      'raise the CloudStack setting vm.userdata.max.length and cloudstack.user_data_max_length',
  );
}

/** What to do where CloudStack does not take as long user data as these. */
export function adviceOnLength(userData: string): string {
  const { path, bytes } = largestPart(decodeUserData(userData) ?? {});
  return (
    `the agent settings are ${userData.length} bytes of user data, of which the largest part is ` +
    `${path} with ${bytes} bytes of JSON: shorten it, or have the CloudStack setting ` +
    'vm.userdata.max.length raised, and set cloudstack.user_data_max_length to it'
  );
}

/** The settings inside user data; nothing if it is not ours. */
export function decodeUserData(userData: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(userData, 'base64').toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name that we gave to the VM with these user data, but for a number at its end: the agent's id
 * tells it or, where the settings are elsewhere, the name itself. Undefined if they are not ours.
 */
export function stemIn(userData: string | undefined): string | undefined {
  const settings = decodeUserData(userData ?? '');
  if (typeof settings?.agent_id === 'string') return `vm-${settings.agent_id}`;
  if (!isJsonObject(settings?.registry) || !isJsonObject(settings.vm)) return undefined;
  return typeof settings.vm.name === 'string' ? settings.vm.name : undefined;
}

/** Follows the largest value downwards as long as it makes up most of its parent. */
function largestPart(settings: JsonObject): { path: string; bytes: number } {
  const path: string[] = [];
  let bytes = sizeOf(settings);
  let current: JsonValue = settings;
  while (isJsonObject(current)) {
    const [largest] = Object.entries(current)
      .map(([key, value]) => ({ key, value, bytes: sizeOf(value) }))
      .sort((a, b) => b.bytes - a.bytes);
    if (largest === undefined || (path.length > 0 && largest.bytes * 2 < bytes)) break;
    path.push(largest.key);
    bytes = largest.bytes;
    current = largest.value;
  }
  return { path: path.join('.'), bytes };
}

function sizeOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}
